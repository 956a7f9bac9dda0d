"""A real API server: takes all, warns of nothing, and nothing changes afterwards."""

from __future__ import annotations

from .. import pins
from ..compare import first_difference
from ..faults import Fault, TreeFault
from ..golden import Item, Tree
from ..report import Finding, Verdict
from .base import Broken, Context, Referee, run
from .platform import create, kubectl, prepare, unmanaged_namespaces

MANAGER = "specc"
APPLY = ("apply", "--server-side", f"--field-manager={MANAGER}", "--validate=strict", "-k")
DIFF = ("diff", "--server-side", f"--field-manager={MANAGER}", "-k")
INTRUDER = "object changed behind specc's back"


def accepted(status: int) -> bool:
    return status in (200, 201)


def specified(data: dict) -> dict:
    """An object without its status, which definitions of some kinds default late."""
    kept = {key: value for key, value in data.items() if key != "status"}
    fields = [
        {key: value for key, value in entry.items() if key != "time"}
        for entry in data["metadata"].get("managedFields") or []
    ]
    return kept | {"metadata": data["metadata"] | {"managedFields": fields, "resourceVersion": ""}}


class ApiServer(Referee):
    name = "kube-apiserver"
    needs = frozenset({"kube-apiserver", "etcd", "kubectl"})

    def version(self, context: Context) -> str:
        return f"{pins.KUBERNETES}, {len(context.server.crds)} CRDs"

    def stage(self, context: Context, tree: Tree) -> None:
        server = prepare(context, tree.items)
        for name in sorted(unmanaged_namespaces(tree.items)):
            create(server, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})

    def state(self, context: Context, tree: Tree) -> dict[str, dict]:
        """The objects as the server has them, without what it writes by itself."""
        found = {item.identity: context.server.get(item.data) for item in tree.items}
        return {name: specified(data) for name, data in found.items() if data}

    def judge(self, context: Context, tree: Tree) -> tuple[int, list[Finding]]:
        self.stage(context, tree)
        first = run(kubectl(context, *APPLY, tree.root), accept=(0, 1))
        findings = self.refusals(context, tree, first.returncode, first.stderr)
        before = self.state(context, tree)
        for item in tree.items:
            if item.identity not in before and not any(found.object == item.identity for found in findings):
                findings.append(Finding(tree.name, "absent", item.identity, f"not there after apply: {first.stderr}"))
        for item in tree.within:
            answer = context.server.apply(item.data, MANAGER, dry_run=True)
            if not accepted(answer.status) or answer.warnings:
                findings.append(Finding(tree.name, "refused", item.identity, answer.message or str(answer.warnings)))
        if not findings:
            findings += self.again(context, tree, before)
            findings += self.difference(context, tree)
        return len(before), findings

    def refusals(self, context: Context, tree: Tree, code: int, stderr: str) -> list[Finding]:
        """Errors and warnings of the apply, by object; kubectl names the object only sometimes."""
        if code == 0 and not stderr.strip():
            return []
        findings = []
        for item in tree.items:
            answer = context.server.apply(item.data, MANAGER, dry_run=True)
            if not accepted(answer.status):
                findings.append(Finding(tree.name, "refused", item.identity, answer.message))
            findings += [Finding(tree.name, "warning", item.identity, warning) for warning in answer.warnings]
        return findings or [Finding(tree.name, "refused" if code else "warning", "kubectl apply", stderr)]

    def again(self, context: Context, tree: Tree, before: dict[str, dict]) -> list[Finding]:
        second = run(kubectl(context, *APPLY, tree.root), accept=(0, 1))
        if second.returncode:
            return [Finding(tree.name, "second-apply", "kubectl apply", second.stderr)]
        after = self.state(context, tree)
        return [
            Finding(tree.name, "second-apply", name, first_difference(after.get(name), before[name]))
            for name in sorted(before) if before[name] != after.get(name)
        ]

    def difference(self, context: Context, tree: Tree) -> list[Finding]:
        result = run(kubectl(context, *DIFF, tree.root), accept=(0, 1, 2))
        if result.returncode == 0 and not result.stdout.strip():
            return []
        return [Finding(tree.name, "diff", "kubectl diff", result.stdout or result.stderr)]

    # Faults

    def probe(self, context: Context, tree: Tree, fault: Fault | TreeFault) -> list[Finding] | None:
        if isinstance(fault, TreeFault):
            return []
        broken = fault.seed(tree.items)
        if broken is None:
            return None
        server = prepare(context, [broken], fresh=False)
        for name in sorted(unmanaged_namespaces([broken])):
            create(server, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        return self.single(context, tree.name, broken)

    def single(self, context: Context, tree_name: str, item: Item) -> list[Finding]:
        answer = context.server.apply(item.data, MANAGER, dry_run=True)
        findings = [Finding(tree_name, f"seeded: {warning}", item.identity, warning) for warning in answer.warnings]
        if not accepted(answer.status):
            findings.append(Finding(tree_name, "seeded: refused", item.identity, answer.message))
        return findings

    def seed(self, context: Context, verdict: Verdict, raw: dict[str, set[Finding]]) -> None:
        context.server.purge()
        super().seed(context, verdict, raw)
        tree = self.subjects(context)[0]
        self.stage(context, tree)
        run(kubectl(context, *APPLY, tree.root), accept=(0, 1))
        victim = next((item for item in tree.items if item.kind == "Service" and item.data["spec"].get("selector")), None)
        if victim is None:
            raise Broken("no Service to change behind specc's back")
        selector = {name: "another" for name in victim.data["spec"]["selector"]}
        create(context.server, victim.data | {"spec": victim.data["spec"] | {"selector": selector}})
        result = run(kubectl(context, *DIFF, tree.root), accept=(0, 1, 2))
        verdict.fault(INTRUDER, bool(result.returncode or result.stdout.strip()))
