"""@monokle/validation's resource-links: every reference has its target.

Secrets, Services and pods that operators make, and the platform's pods, are
added as plain objects.
"""

from __future__ import annotations

import json

from .. import pins
from ..equivalents import Pods, deployment, made_by_operators
from ..golden import Tree, identity
from ..install import SUITE
from ..report import Finding
from ..world import platform_peers
from .base import Context, Referee, run


class Links(Referee):
    name = "monokle links"
    needs = frozenset({"node"})

    def version(self, context: Context) -> str:
        return pins.MONOKLE

    def judge(self, context: Context, tree: Tree) -> tuple[int, list[Finding]]:
        own = {item.identity: item.data for item in tree.items}
        others = made_by_operators([*tree.items, *tree.within]) + [
            deployment(Pods(peer.namespace, peer.key.rpartition("/")[2], peer.labels, {}, "platform"))
            for peer in platform_peers(context.environment(tree))
        ]
        added = {identity(data): data for data in others if identity(data) not in own}
        question = [{"id": name, "data": data} for name, data in (own | added).items()]
        result = run(
            ["node", SUITE / "npm" / "links.mjs", context.tools["node"]], input=json.dumps(question),
        )
        findings = []
        for found in json.loads(result.stdout)["findings"]:
            if found["id"] in own:
                lines = json.dumps(own[found["id"]], indent=1).splitlines()
                line = lines[found["region"]["startLine"] - 1].strip() if found.get("region") else ""
                findings.append(Finding(tree.name, found["rule"], found["id"], f"{found['message']} {line}"))
        return len(own), findings
