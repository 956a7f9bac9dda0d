"""CloudNativePG's admission webhook, compiled from the operator's module as a program that reads files.

The API server alone knows the definitions; the rules across fields (sizes,
parameters that the operator sets itself, replicas that cannot be satisfied,
recovery sources) are the webhook's.
"""

from __future__ import annotations

import json
from pathlib import Path

from .. import pins
from ..golden import Tree
from ..report import Finding
from .base import Broken, Context, Referee, run

KINDS = {"Cluster", "Pooler", "Database", "ScheduledBackup"}


class CloudNativePg(Referee):
    name = "cloudnative-pg webhook"
    needs = frozenset({"cnpg-webhook"})

    def version(self, context: Context) -> str:
        return pins.CLOUDNATIVE_PG

    def wants(self, tree: Tree) -> bool:
        return any(self.judges(item) for item in tree.items)

    @staticmethod
    def judges(item) -> bool:
        return item.kind in KINDS and item.data["apiVersion"].startswith("postgresql.cnpg.io/")

    def judge(self, context: Context, tree: Tree) -> tuple[int, list[Finding]]:
        items = [item for item in [*tree.items, *tree.within] if self.judges(item)]
        files = [tree.root / item.path for item in tree.items if self.judges(item)]
        for number, item in enumerate(filter(self.judges, tree.within)):
            file = context.scratch("within", tree.name, f"{number}.json")
            file.write_text(json.dumps(item.data), encoding="utf-8")
            files.append(file)
        result = run([context.tools["cnpg-webhook"], *files])
        verdicts = [json.loads(line) for line in result.stdout.splitlines()]
        if len(verdicts) != len(items):
            raise Broken(f"{len(items)} objects were given, {len(verdicts)} judged: {result.stderr[-500:]}")
        findings = [
            Finding(tree.name, level, tree.named(Path(verdict["file"])), text)
            for verdict in verdicts for level in ("errors", "warnings") for text in verdict[level]
        ]
        return len(verdicts), findings
