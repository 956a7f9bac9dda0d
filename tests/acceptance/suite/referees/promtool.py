"""promtool reads the rules as Prometheus does, and tries every alert: it fires when it must, and is silent else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..alerts import CASES, Case
from ..golden import Item, Tree
from ..report import Finding, Verdict
from .base import Context, Referee, run

LABEL = re.compile(r"\{\{ \$labels\.([a-z_]+) \}\}")


def rules(tree: Tree) -> list[Item]:
    return [item for item in tree.items if item.kind == "PrometheusRule"]


def alerts(item: Item) -> Iterator[dict[str, Any]]:
    for group in item.data["spec"]["groups"]:
        yield from group["rules"]


class Promtool(Referee):
    name = "promtool"
    unit = "alerts"
    needs = frozenset({"promtool"})

    def version(self, context: Context) -> str:
        return run([context.tools["promtool"], "--version"]).stdout.split()[2]

    def wants(self, tree: Tree) -> bool:
        return bool(rules(tree))

    def run(self, context: Context, verdict: Verdict) -> None:
        self.known: dict[str, list[tuple[str, str]]] = {}
        super().run(context, verdict)

    def judge(self, context: Context, tree: Tree) -> tuple[int, list[Finding]]:
        judged, findings = 0, []
        for item in rules(tree):
            owner = owner_of(context, tree, item)
            # The same rules of the same object in another environment say the same.
            key = repr((item.identity, item.data["spec"], owner))
            if key not in self.known:
                folder = context.scratch("promtool", tree.name, item.name)
                folder.mkdir()
                (folder / "rules.yaml").write_text(json.dumps(item.data["spec"]), encoding="utf-8")
                self.known[key] = list(self.of_rules(context, folder, item, owner))
            findings += [Finding(tree.name, rule, item.identity, text) for rule, text in self.known[key]]
            judged += sum(1 for _ in alerts(item))
        return judged, findings

    def of_rules(self, context: Context, folder: Path, item: Item, owner: str | None) -> Iterator[tuple[str, str]]:
        tool = context.tools["promtool"]
        checked = run([tool, "check", "rules", "rules.yaml"], accept=(0, 1, 3), cwd=folder)
        if checked.returncode:
            yield "check", (checked.stderr or checked.stdout).strip()[-600:]
            return
        tests = []
        for rule in alerts(item):
            for key in ("summary", "description", "runbook"):
                if not (rule.get("annotations") or {}).get(key):
                    yield "annotation", f"{rule['alert']} has no {key}"
            if rule["labels"].get("owner") != owner:
                yield "owner", f"{rule['alert']} names {rule['labels'].get('owner')}, and {owner} answers for it"
            if rule["alert"] not in CASES:
                yield "untested", f"nobody says when {rule['alert']} must fire"
                continue
            tests += [test(rule, case) for case in CASES[rule["alert"]](item.namespace, item.name)]
        # Rules are evaluated as often as there are samples, or forty days would take a while.
        for interval in sorted({test["interval"] for test in tests}):
            chosen = [test for test in tests if test["interval"] == interval]
            content = {"rule_files": ["rules.yaml"], "evaluation_interval": interval, "tests": chosen}
            (folder / "tests.yaml").write_text(json.dumps(content), encoding="utf-8")
            tried = run([tool, "test", "rules", "tests.yaml"], accept=(0, 1), cwd=folder)
            if tried.returncode:
                yield "test", (tried.stderr or tried.stdout).strip()[-900:]


def owner_of(context: Context, tree: Tree, item: Item) -> str | None:
    """Who answers for the service that an object belongs to, by the specification."""
    environment = context.environment(tree)
    service = environment.services[item.path.split("/")[1]]
    return service["service"].get("owner") or environment.owner


def test(rule: dict[str, Any], case: Case) -> dict[str, Any]:
    """A unit test in promtool's own form."""
    def filled(text: str) -> str:
        return LABEL.sub(lambda match: case.labels.get(match[1], ""), text)

    expected = {
        "exp_labels": {key: value for key, value in ({**case.labels, **rule["labels"]}).items()},
        "exp_annotations": {key: filled(text) for key, text in rule["annotations"].items()},
    }
    return {
        "name": f"{rule['alert']}: {case.what}",
        "interval": case.interval,
        "input_series": [{"series": series, "values": values} for series, values in case.series.items()],
        "alert_rule_test": [{
            "eval_time": case.at,
            "alertname": rule["alert"],
            "exp_alerts": [expected] if case.fires else [],
        }],
    }
