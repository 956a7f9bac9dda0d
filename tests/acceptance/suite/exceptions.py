"""The list of findings that stay, each with its reason (`exceptions.toml`)."""

from __future__ import annotations

import fnmatch
import tomllib
from dataclasses import dataclass
from pathlib import Path

from .report import Finding, Verdict

FIELDS = {"referee", "tree", "rule", "object", "reason"}


@dataclass
class Exception_:
    referee: str
    tree: str
    rule: str
    object: str
    reason: str
    used: int = 0

    def covers(self, referee: str, finding: Finding) -> bool:
        return (
            fnmatch.fnmatchcase(referee, self.referee)
            and fnmatch.fnmatchcase(finding.tree, self.tree)
            and fnmatch.fnmatchcase(finding.rule, self.rule)
            and fnmatch.fnmatchcase(finding.object, self.object)
        )

    def line(self) -> str:
        return f"{self.referee}: {self.tree}: {self.rule}: {self.object}"


def load(path: Path) -> list[Exception_]:
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("exception", [])
    for entry in entries:
        if set(entry) != FIELDS or not all(entry.values()):
            raise SystemExit(f"{path}: each exception needs exactly {sorted(FIELDS)}, none empty: {entry}")
    return [Exception_(**entry) for entry in entries]


def apply(exceptions: list[Exception_], verdict: Verdict) -> None:
    """Moves explained findings out of the verdict and counts which entry explained them."""
    remaining = []
    for finding in verdict.findings:
        covering = [entry for entry in exceptions if entry.covers(verdict.referee, finding)]
        for entry in covering:
            entry.used += 1
        if covering:
            verdict.explained += 1
        else:
            remaining.append(finding)
    verdict.findings = remaining


def stale(exceptions: list[Exception_], ran: list[str]) -> list[str]:
    """Entries that explained nothing although their referee ran."""
    return [
        f"exception no longer needed, delete it: {entry.line()}"
        for entry in exceptions
        if not entry.used and any(fnmatch.fnmatchcase(name, entry.referee) for name in ran)
    ]
