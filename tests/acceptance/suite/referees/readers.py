"""Seven YAML readers must read the same: on all goldens and the hostile corpus.

They are of two specifications: PyYAML and npm's yaml as 1.1 read YAML 1.1, npm's
yaml as 1.2 and js-yaml read 1.2, Go's three are mixtures, one of them
Kubernetes' own. The corpus is `golden/hostile/<n>.yaml`, with what each file
means in `golden/hostile/expected.json`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

from ..compare import first_difference
from ..golden import Tree
from ..install import SUITE
from ..report import Finding, Verdict
from .base import Broken, Context, Referee, run

PYYAML = "PyYAML"
KUBERNETES = "go sigs.k8s.io/yaml"
COUNT = 7


def plain(value: Any) -> Any:
    """A value as JSON has it; what JSON does not have is marked, not converted."""
    if isinstance(value, dict):
        return {key if isinstance(key, str) else f"not text: {key!r}": plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [plain(entry) for entry in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    return {"not JSON": repr(value)}


def canonical(value: Any) -> str:
    """Text that tells true from 1, which Python's == does not."""
    return json.dumps(value, sort_keys=True)


def with_pyyaml(file: Path) -> dict[str, Any]:
    try:
        documents = list(yaml.load_all(file.read_bytes(), yaml.CSafeLoader))
    except (yaml.YAMLError, ValueError) as error:
        return {"error": str(error)}
    return {"documents": [document for document in documents if document is not None]}


def read_all(context: Context, files: list[Path]) -> dict[Path, dict[str, dict[str, Any]]]:
    """For each file the answer of each reader."""
    answers: dict[Path, dict[str, dict[str, Any]]] = {file: {PYYAML: with_pyyaml(file)} for file in files}
    listing = "".join(f"{file}\n" for file in files)
    for command in (
        [context.tools["readers"]],
        ["node", SUITE / "npm" / "readers.mjs", context.tools["node"]],
    ):
        for line in run(command, input=listing).stdout.rstrip("\n").split("\n"):
            answer = json.loads(line)
            answers[Path(answer["file"])][answer["reader"]] = answer
    for file, readers in answers.items():
        if len(readers) != COUNT:
            raise Broken(f"{file} was read by {sorted(readers)} only")
    return answers


def differences(readers: dict[str, dict[str, Any]], expected: list[Any] | None) -> list[tuple[str, str]]:
    """Which reader reads something else: than expected, or than Kubernetes does."""
    problems = [(reader, answer["error"]) for reader, answer in readers.items() if answer.get("error")]
    if problems:
        return problems
    values = {reader: plain(answer.get("documents") or []) for reader, answer in readers.items()}
    truth = values[KUBERNETES] if expected is None else plain(expected)
    return [
        (reader, first_difference(value, truth)) for reader, value in values.items() if canonical(value) != canonical(truth)
    ]


class Readers(Referee):
    name = "yaml readers"
    unit = "readings"
    needs = frozenset({"readers", "node"})

    def version(self, context: Context) -> str:
        return f"{COUNT} readers"

    def compare(
        self, context: Context, name: str, root: Path, files: list[Path], expected: dict[str, Any] | None = None,
    ) -> tuple[int, list[Finding]]:
        findings = []
        for file, readers in read_all(context, files).items():
            relative = str(file.relative_to(root))
            meaning = None if expected is None else [expected[relative]]
            findings += [
                Finding(name, f"read by {reader}", relative, message) for reader, message in differences(readers, meaning)
            ]
        return len(files) * COUNT, findings

    def judge(self, context: Context, tree: Tree) -> tuple[int, list[Finding]]:
        return self.compare(context, tree.name, tree.root, tree.files)

    def run(self, context: Context, verdict: Verdict) -> None:
        super().run(context, verdict)
        for chart in context.goldens.charts:
            files = [chart.root / "Chart.yaml", *chart.root.glob("values*.yaml")]
            judged, findings = self.compare(context, f"chart/{chart.name}", chart.root, sorted(files))
            verdict.judged += judged
            verdict.findings += findings
        self.hostile(context, verdict)

    def hostile(self, context: Context, verdict: Verdict) -> None:
        """The corpus, and as a seeded fault the corpus with one wrong expectation."""
        root = context.goldens.root / "hostile"
        listing = root / "expected.json"
        if not listing.is_file():
            verdict.broken = (f"the hostile corpus is missing: no {listing.relative_to(context.goldens.root)}")
            return
        expected = json.loads(listing.read_text(encoding="utf-8"))
        files = sorted(root.glob("*.yaml"))
        if {file.name for file in files} != set(expected):
            verdict.broken = ("hostile/expected.json does not name exactly the files beside it")
            return
        judged, findings = self.compare(context, "hostile", root, files, expected)
        verdict.judged += judged
        verdict.findings += findings
        first = files[0].name
        wrong = expected | {first: {"not": "what it says"}}
        found = self.compare(context, "hostile", root, files, wrong)[1]
        verdict.fault("hostile file with another meaning", len(found) > len(findings))
