"""Checkov's Kubernetes policies, all of them."""

from __future__ import annotations

import json
from pathlib import Path

from .. import pins
from ..faults import Fault, TreeFault
from ..golden import Tree
from ..report import Finding, Verdict
from .base import Broken, Context, Referee, only, run, seedable


def scan(context: Context, folder: Path) -> tuple[int, list[dict]]:
    result = run([
        context.tools["checkov"], "-d", folder, "--framework", "kubernetes", "--compact", "--quiet",
        "--skip-download", "-o", "json",
    ], accept=(0, 1), env={"BC_SKIP_MAPPING": "true"})
    try:
        report = json.loads(result.stdout)
    except ValueError as error:
        raise Broken(f"checkov: {result.stdout[:300]} {result.stderr[:300]}") from error
    # With nothing to judge there is only a summary.
    if "results" not in report:
        return 0, []
    if report["summary"]["parsing_errors"]:
        raise Broken(f"checkov could not parse {report['results'].get('parsing_errors')}")
    return report["summary"]["resource_count"], report["results"]["failed_checks"]


class Checkov(Referee):
    name = "checkov"
    needs = frozenset({"checkov"})

    def version(self, context: Context) -> str:
        return pins.CHECKOV

    def judge(self, context: Context, tree: Tree) -> tuple[int, list[Finding]]:
        judged, failed = scan(context, tree.root)
        return judged, [
            Finding(tree.name, check["check_id"], tree.named(tree.root / check["file_path"].lstrip("/")), check["check_name"])
            for check in failed
        ]

    def seed(self, context: Context, verdict: Verdict, raw: dict[str, set[Finding]]) -> None:
        """Checkov takes seconds to start: all faults lie in one folder, their originals in another."""
        seeded: dict[str, Path] = {}
        folders = {name: context.scratch("faults", self.name, name) for name in ("sound", "broken")}
        faults: list[Fault | TreeFault] = [fault for fault in self.faults(context) if isinstance(fault, Fault)]
        for index, fault in enumerate(faults):
            for tree in self.subjects(context):
                broken = fault.seed(tree.items)
                if broken is not None:
                    place = Path(str(index)) / broken.path
                    for name, text in (
                        ("sound", (tree.root / broken.path).read_text(encoding="utf-8")),
                        ("broken", fault.text(broken)),
                    ):
                        broken.path = str(place)
                        only(broken, folders[name]).write_text(text, encoding="utf-8")
                    seeded[fault.name] = place
                    break
            else:
                if seedable(context.goldens, fault):
                    verdict.missed.append(fault.name)
        if not seeded:
            return
        found = {
            name: {(check["file_path"].lstrip("/"), check["check_id"]) for check in scan(context, folder)[1]}
            for name, folder in folders.items()
        }
        new = found["broken"] - found["sound"]
        for name, place in seeded.items():
            verdict.fault(name, any(path == str(place) for path, _ in new))
