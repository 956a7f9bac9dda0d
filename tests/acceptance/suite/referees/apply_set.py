"""Pruning by ApplySet: the next version removes what specc removed, nothing else."""

from __future__ import annotations

import base64
import hashlib
import json

from ..compare import first_difference
from ..golden import Item, Tree
from ..report import Finding, Verdict
from .api_server import ApiServer, specified
from .base import Context, run
from .platform import create, kubectl

# One that a next version may well lack, and whose absence breaks no other.
REMOVABLE = ("PodDisruptionBudget", "HorizontalPodAutoscaler", "ScaledObject", "PodMonitor", "Service", "NetworkPolicy")
SET = "specc-acceptance"
DECOY = "not-made-by-specc"


class ApplySet(ApiServer):
    name = "applyset prune"

    def version(self, context: Context) -> str:
        return run([context.tools["kubectl"], "version", "--client"]).stdout.split()[2].removeprefix("v")

    def wants(self, tree: Tree) -> bool:
        return tree.case is None

    def parent(self, context: Context, tree: Tree) -> list[str]:
        """Options that name the set: a ConfigMap beside the objects if they share a namespace,
        else a cluster-wide object, since a namespaced parent takes only its own namespace."""
        namespaces = sorted({item.namespace for item in tree.items if item.namespace})
        if len(namespaces) == 1:
            return [f"--applyset=configmap/{SET}", "--namespace", namespaces[0]]
        unencoded = f"{SET}..Set.acceptance.test".encode()
        encoded = base64.urlsafe_b64encode(hashlib.sha256(unencoded).digest()).decode().rstrip("=")
        create(context.server, {
            "apiVersion": "acceptance.test/v1", "kind": "Set",
            "metadata": {
                "name": SET,
                "labels": {"applyset.kubernetes.io/id": f"applyset-{encoded}-v1"},
                "annotations": {
                    "applyset.kubernetes.io/tooling": "kubectl/v1.37.1",
                    "applyset.kubernetes.io/contains-group-kinds": "",
                },
            },
        })
        return [f"--applyset=sets.acceptance.test/{SET}"]

    def apply(self, context: Context, tree: Tree, options: list[str], without: list[Item]) -> str:
        """Applies the tree as a set, without some of its objects; what went wrong, if anything."""
        copy = tree.copy(context.scratch("applyset", tree.name))
        gone = {item.path for item in without}
        # Namespaces are applied first and never belong to the set.
        kinds = {path: tree.by_path[path].kind for path in tree.resources}
        for resources, more in (
            ([path for path in tree.resources if kinds[path] == "Namespace"], []),
            ([path for path in tree.resources if kinds[path] != "Namespace"], ["--prune", *options]),
        ):
            listed = [path for path in resources if path not in gone]
            if not listed:
                continue
            (copy.root / "kustomization.yaml").write_text(json.dumps({
                "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": listed,
            }), encoding="utf-8")
            result = run(
                kubectl(context, "apply", "--server-side", "--field-manager=specc", *more, "-k", copy.root),
                accept=(0, 1), env={"KUBECTL_APPLYSET": "true"},
            )
            if result.returncode:
                return result.stderr
        return ""

    def removable(self, tree: Tree) -> list[Item]:
        found = [item for kind in REMOVABLE for item in tree.items if item.kind == kind]
        return found[:2]

    def prune(self, context: Context, tree: Tree, left_out: list[Item], expected: list[Item]) -> list[Finding]:
        """Applies all, then all but some, and compares what is gone with what should be."""
        self.stage(context, tree)
        options = self.parent(context, tree)
        failure = self.apply(context, tree, options, [])
        if failure:
            return [Finding(tree.name, "applyset", "first version", failure)]
        decoys = [
            Item("", {
                "apiVersion": "v1", "kind": "ConfigMap",
                # The same labels as specc's own objects, and still not specc's.
                "metadata": {"name": DECOY, "namespace": name, "labels": {"app.kubernetes.io/managed-by": "specc"}},
            })
            for name in sorted({item.namespace for item in tree.items if item.namespace})
        ]
        for decoy in decoys:
            create(context.server, decoy.data)
        before = {item.identity: context.server.get(item.data) for item in tree.items + decoys}
        failure = self.apply(context, tree, options, left_out)
        if failure:
            return [Finding(tree.name, "applyset", "next version", failure)]
        gone = {item.identity for item in expected}
        findings = []
        for item in tree.items + decoys:
            there, was = context.server.get(item.data), before[item.identity]
            if item.identity in gone:
                if there:
                    findings.append(Finding(tree.name, "kept", item.identity, "removed by specc, but still there"))
            elif not there:
                findings.append(Finding(tree.name, "pruned", item.identity, "removed although specc still has it"))
            elif was and specified(there) != specified(was):
                findings.append(Finding(tree.name, "changed", item.identity, first_difference(specified(there), specified(was))))
        return findings

    def judge(self, context: Context, tree: Tree) -> tuple[int, list[Finding]]:
        left_out = self.removable(tree)
        if not left_out:
            return 0, [Finding(tree.name, "nothing-removable", tree.name, "no object whose removal could be tried")]
        return len(tree.items), self.prune(context, tree, left_out, left_out)

    def seed(self, context: Context, verdict: Verdict, raw: dict[str, set[Finding]]) -> None:
        # The smallest tree: kubectl lists every kind of the set at each run.
        tree = self.subjects(context)[-1]
        one, other = self.removable(tree)[:2]
        for name, left_out, expected in (
            ("next version removes one object too many", [one, other], [one]),
            ("next version keeps an object that specc removed", [one], [one, other]),
        ):
            found = set(self.prune(context, tree, left_out, expected)) - raw[tree.name]
            verdict.fault(name, bool(found))
