"""kubectl kustomize: the tree as it is, and nothing beside it."""

from __future__ import annotations

from ..golden import Tree, identity, parse
from ..report import Finding
from .base import Broken, Context, Referee, run


class Kustomize(Referee):
    name = "kubectl kustomize"
    needs = frozenset({"kubectl"})

    def version(self, context: Context) -> str:
        text = run([context.tools["kubectl"], "version", "--client"]).stdout
        return next(line.split()[-1] for line in text.splitlines() if line.startswith("Kustomize"))

    def judge(self, context: Context, tree: Tree) -> tuple[int, list[Finding]]:
        findings = []
        if tree.lacks_marker:
            findings.append(Finding(tree.name, "absent", "kustomization.yaml", "the tree has none"))
        listed = set(tree.resources)
        for path in tree.files:
            relative = str(path.relative_to(tree.root))
            if relative != "kustomization.yaml" and relative not in listed:
                findings.append(Finding(tree.name, "not-listed", relative, "kustomization.yaml does not list this file"))
        for resource in sorted(resource for resource in listed if tree.resources.count(resource) > 1):
            findings.append(Finding(tree.name, "listed-twice", resource, "kustomization.yaml lists this file twice"))
        try:
            result = run([context.tools["kubectl"], "kustomize", tree.root])
        except Broken as error:
            return len(listed), [*findings, Finding(tree.name, "refused", "kustomization.yaml", str(error))]
        if result.stderr.strip():
            findings.append(Finding(tree.name, "warning", "kustomization.yaml", result.stderr))
        made = {identity(document): document for document in parse(result.stdout)}
        written = {item.identity: item.data for item in tree.items}
        for name in sorted(made.keys() | written.keys()):
            if made.get(name) != written.get(name):
                findings.append(Finding(tree.name, "differs", name, "kustomize gives another object than the file has"))
        return len(made), findings
