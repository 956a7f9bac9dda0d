"""helm, of both lines: the chart lints, gives the very objects, and refuses bad values."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path
from typing import Any, Iterator

from ..compare import first_difference
from ..golden import Chart, Tree, identity, parse
from ..report import Finding, Verdict
from .base import Broken, Context, Referee, run

# Enough leaves to show that the schema is there and typed; more costs a second each.
LEAVES = 8


def leaves(values: Any, path: tuple = ()) -> Iterator[tuple]:
    if isinstance(values, dict):
        for key, value in values.items():
            yield from leaves(value, (*path, key))
    elif not isinstance(values, list):
        yield path


def set_leaf(values: dict, path: tuple, value: Any) -> dict:
    result = copy.deepcopy(values)
    place = result
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return result


def get_leaf(values: dict, path: tuple) -> Any:
    for key in path:
        values = values[key]
    return values


def spread(found: list, count: int) -> list:
    """At most `count` entries, evenly over the whole list."""
    step = max(1, -(-len(found) // count))
    return found[::step]


class Helm(Referee):
    unit = "objects"

    def __init__(self, name: str, tool: str) -> None:
        self.name = name
        self.tool = tool
        self.needs = frozenset({tool})

    def version(self, context: Context) -> str:
        return run([context.tools[self.tool], "version", "--short"]).stdout.strip().partition("+")[0].removeprefix("v")

    def helm(self, context: Context, *arguments: str | Path, accept: tuple[int, ...] = (0,)):
        home = context.work / "helm-home"
        places = {f"HELM_{kind}_HOME": str(home / kind.lower()) for kind in ("CACHE", "CONFIG", "DATA")}
        return run([context.tools[self.tool], *arguments], accept=accept, env=places)

    def template(self, context: Context, chart: Path, values: Path) -> tuple[list[dict], str]:
        """The objects, or why helm refused."""
        result = self.helm(context, "template", "release", chart, "-f", values, accept=(0, 1))
        if result.returncode:
            return [], result.stderr.strip() or "refused"
        return parse(result.stdout), ""

    def compare(self, context: Context, chart: Chart, root: Path, environment: str, values: Path, tree: Tree) -> tuple[int, list[Finding]]:
        name = f"chart/{chart.name}"
        where = f"values-{environment}.yaml"
        lint = self.helm(context, "lint", "--strict", root, "-f", values, accept=(0, 1))
        findings = []
        if lint.returncode or "[WARNING]" in lint.stdout or "[ERROR]" in lint.stdout:
            findings.append(Finding(name, "lint", where, lint.stdout + lint.stderr))
        documents, refusal = self.template(context, root, values)
        if refusal:
            return 0, [*findings, Finding(name, "refused", where, refusal)]
        prefix = f"services/{chart.name}/"
        written = {item.identity: item.data for item in tree.items if item.path.startswith(prefix)}
        made = {identity(document): document for document in documents}
        if len(made) != len(documents):
            findings.append(Finding(name, "differs", where, "the chart makes an object twice"))
        for key in sorted(made.keys() | written.keys()):
            if key not in made:
                findings.append(Finding(name, "absent", f"{environment}: {key}", "in the tree, not in the chart"))
            elif key not in written:
                findings.append(Finding(name, "extra", f"{environment}: {key}", "in the chart, not in the tree"))
            elif made[key] != written[key]:
                findings.append(Finding(name, "differs", f"{environment}: {key}", first_difference(made[key], written[key])))
        return len(made), findings

    def run(self, context: Context, verdict: Verdict) -> None:
        trees = {tree.environment: tree for tree in context.goldens.example}
        for chart in context.goldens.charts:
            name = f"chart/{chart.name}"
            for environment in sorted(trees.keys() | chart.values.keys()):
                if environment not in trees or environment not in chart.values:
                    verdict.findings.append(Finding(name, "environment", environment, "tree or values file is missing"))
                    continue
                judged, findings = self.compare(
                    context, chart, chart.root, environment, chart.values[environment], trees[environment],
                )
                verdict.judged += judged
                verdict.findings += findings
        for chart in context.goldens.charts:
            if chart.values:
                self.refusals(context, verdict, chart)
        if verdict.judged:
            self.seed_chart(context, verdict, trees)

    def refusals(self, context: Context, verdict: Verdict, chart: Chart) -> None:
        """Values of a wrong type, and a value that no one declared."""
        values = parse(chart.values[sorted(chart.values)[-1]].read_text(encoding="utf-8"))
        values = values[0] if values else {}
        wrong = {"undeclared value": values | {"notDeclared": True}}
        for path in spread(list(leaves(values)), LEAVES):
            wrong[f"wrong type at {'.'.join(map(str, path))}"] = set_leaf(values, path, {"not": "this"})
        for what, changed in wrong.items():
            verdict.judged += 1
            file = context.scratch(self.name, "values.yaml")
            file.write_text(json.dumps(changed), encoding="utf-8")
            if not self.template(context, chart.root, file)[1]:
                verdict.findings.append(Finding(f"chart/{chart.name}", "schema", what, "helm took it"))

    def seed_chart(self, context: Context, verdict: Verdict, trees: dict[str, Tree]) -> None:
        chart = max((chart for chart in context.goldens.charts if chart.values), key=lambda c: len(list(c.root.rglob("*"))))
        environment = sorted(chart.values)[-1]
        tree, values = trees[environment], chart.values[environment]
        sound = set(self.compare(context, chart, chart.root, environment, values, tree)[1])

        def faulty(name: str, edit) -> None:
            copy_ = context.scratch("faults", self.name, name)
            shutil.copytree(chart.root, copy_)
            edit(copy_)
            try:
                found = self.compare(context, chart, copy_, environment, copy_ / values.name, tree)[1]
            except Broken as error:
                found = [Finding("", "broken", name, str(error))]
            verdict.fault(name, bool(set(found) - sound))

        def other_value(root: Path) -> None:
            data = parse((root / values.name).read_text(encoding="utf-8"))[0]
            path = next(path for path in leaves(data) if isinstance(get_leaf(data, path), (int, str)))
            value = get_leaf(data, path)
            changed = (not value) if isinstance(value, bool) else value + 1 if isinstance(value, int) else value + "0"
            (root / values.name).write_text(json.dumps(set_leaf(data, path, changed)), encoding="utf-8")

        def lost_template(root: Path) -> None:
            # One that every environment has: others begin with a condition.
            paths = sorted((root / "templates").rglob("*.yaml"))
            next(path for path in paths if not path.read_text(encoding="utf-8").startswith("{{")).unlink()

        def no_version(root: Path) -> None:
            text = (root / "Chart.yaml").read_text(encoding="utf-8")
            kept = [line for line in text.splitlines() if not line.startswith("version:")]
            (root / "Chart.yaml").write_text("\n".join(kept) + "\n", encoding="utf-8")

        faulty("value of another environment in values", other_value)
        faulty("template missing from the chart", lost_template)
        faulty("chart without a version", no_version)

