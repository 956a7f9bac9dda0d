"""The tables of the API, made again from their sources: they must be those that the program has."""

from __future__ import annotations

import difflib

from .. import api_tables, control_plane, pins
from ..golden import Tree
from ..report import Finding, Verdict
from .base import Context, Referee


class ApiTables(Referee):
    name = "API tables"
    unit = "lines"
    needs = frozenset({"kubernetes-schemas"})

    def version(self, context: Context) -> str:
        return f"Kubernetes {pins.SUPPORTED_KUBERNETES[0]} to {pins.SUPPORTED_KUBERNETES[1]}"

    def run(self, context: Context, verdict: Verdict) -> None:
        made = api_tables.tables(context.tools["kubernetes-schemas"], control_plane.definitions(context.crds))
        kept = api_tables.FILE.read_text(encoding="utf-8")
        verdict.judged = len(made.splitlines())
        verdict.findings += differences(made, kept)
        # A table that lacks a field, or has one too many, must be told apart.
        verdict.fault("a field that the table lacks", bool(differences(made, kept.replace(" hostUsers=b", "", 1))))

    def judge(self, context: Context, tree: Tree) -> tuple[int, list[Finding]]:
        raise NotImplementedError("it judges no tree")


def differences(made: str, kept: str) -> list[Finding]:
    lines = difflib.unified_diff(kept.splitlines(), made.splitlines(), "kept", "made", n=0, lineterm="")
    return [Finding("src/api/tables.txt", "differs", "run tests/acceptance/run --api-tables", line[:200]) for line in lines]
