"""kube-score at its default rules.

It is also given what operators make of custom resources, so that policies and
Services find their pods; what it says of those is left out.
"""

from __future__ import annotations

import json

from .. import pins
from ..equivalents import made_by_operators
from ..golden import Tree
from ..report import Finding
from .base import Broken, Context, Referee, run

# kube-score's grades: 10 is all right, 7 almost, 5 a warning, 1 critical.
ALL_RIGHT = 10


class KubeScore(Referee):
    name = "kube-score"
    needs = frozenset({"kube-score"})

    def version(self, context: Context) -> str:
        return pins.KUBE_SCORE

    def judge(self, context: Context, tree: Tree) -> tuple[int, list[Finding]]:
        equivalents = context.scratch(self.name, "equivalents.yaml")
        equivalents.write_text(
            "".join(f"---\n{json.dumps(data)}\n" for data in made_by_operators([*tree.items, *tree.within])), encoding="utf-8",
        )
        result = run([
            context.tools["kube-score"], "score", "--output-format", "json", "--output-version", "v2",
            *(tree.root / resource for resource in tree.resources), equivalents,
        ], accept=(0, 1))
        try:
            objects = json.loads(result.stdout) or []
        except ValueError as error:
            raise Broken(f"kube-score: {result.stdout[:300]} {result.stderr[:300]}") from error
        own = {item.identity for item in tree.items}
        count, findings = 0, []
        for judged in objects:
            metadata = judged["object_meta"]
            name = "/".join(filter(None, (judged["type_meta"]["kind"], metadata.get("namespace"), metadata["name"])))
            if name not in own:
                continue
            count += 1
            for check in judged["checks"]:
                if not check["skipped"] and check["grade"] < ALL_RIGHT:
                    comments = "; ".join(
                        f"{comment['path']} {comment['summary']}" for comment in check.get("comments") or []
                    )
                    findings.append(Finding(tree.name, check["check"]["id"], name, comments))
        return count, findings
