"""Pod Security admission at level restricted.

Templates are judged by the warnings that a namespace labelled `warn` gives;
then each template, custom resources' included, becomes a bare Pod in a
namespace labelled `enforce`, where admission refuses what it does not like.
"""

from __future__ import annotations

from .. import pins
from ..faults import Fault, TreeFault
from ..golden import Item, Tree
from ..pods import bare_pod, template
from ..report import Finding
from .base import Broken, Context, Referee, run
from .platform import kubectl, prepare

LABEL = "pod-security.kubernetes.io/"
ENFORCED = "specc-acceptance-pods"


def namespace(name: str, mode: str) -> dict:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {LABEL + mode: "restricted"}}}


class PodSecurity(Referee):
    name = "pod security"
    unit = "templates"
    needs = frozenset({"kube-apiserver", "etcd", "kubectl"})

    def version(self, context: Context) -> str:
        return f"restricted {pins.KUBERNETES}"

    def wants(self, tree: Tree) -> bool:
        return any(bare_pod(item, ENFORCED) for item in tree.items)

    def stage(self, context: Context, items: list[Item], *, fresh: bool = True) -> None:
        server = prepare(context, items, fresh=fresh)
        names = {item.namespace for item in items if item.namespace}
        for data in [namespace(name, "warn") for name in sorted(names)] + [namespace(ENFORCED, "enforce")]:
            answer = server.apply(data)
            if answer.status not in (200, 201):
                raise Broken(answer.message)

    def warnings(self, context: Context, tree_name: str, items: list[Item]) -> list[Finding]:
        findings = []
        for item in items:
            for warning in context.server.apply(item.data, "specc", dry_run=True).warnings:
                if "PodSecurity" in warning:
                    findings.append(Finding(tree_name, "warn", item.identity, warning))
        return findings

    def pods(self, context: Context, tree_name: str, items: list[Item]) -> tuple[int, list[Finding]]:
        judged, findings = 0, []
        for item in items:
            pod = bare_pod(item, ENFORCED)
            if pod is not None:
                judged += 1
                answer = context.server.apply(pod, dry_run=True)
                if answer.status not in (200, 201):
                    findings.append(Finding(tree_name, "enforce", item.identity, answer.message))
        return judged, findings

    def judge(self, context: Context, tree: Tree) -> tuple[int, list[Finding]]:
        self.stage(context, tree.items)
        result = run(kubectl(
            context, "apply", "--server-side", "--field-manager=specc", "--dry-run=server", "--validate=strict",
            "--warnings-as-errors", "-k", tree.root,
        ), accept=(0, 1))
        with_template = [item for item in tree.items if template(item) is not None]
        findings = self.warnings(context, tree.name, with_template)
        if result.returncode and not findings:
            findings.append(Finding(tree.name, "warning", "kubectl apply --warnings-as-errors", result.stderr))
        judged, refused = self.pods(context, tree.name, tree.items)
        return judged + len(with_template), findings + refused

    def probe(self, context: Context, tree: Tree, fault: Fault | TreeFault) -> list[Finding] | None:
        broken = fault.seed(tree.items) if isinstance(fault, Fault) else None
        if broken is None:
            return [] if isinstance(fault, TreeFault) else None
        self.stage(context, [broken], fresh=False)
        return self.warnings(context, tree.name, [broken]) + self.pods(context, tree.name, [broken])[1]
