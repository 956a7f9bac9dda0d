"""The table of seeded faults: who sees which."""

from __future__ import annotations

from .faults import FAULTS, TREE_FAULTS
from .report import Verdict


def fault_table(verdicts: list[Verdict]) -> str:
    """Markdown, for the README; a dot where a referee passed the fault silently, a gap where it was not asked."""
    names = [verdict.referee for verdict in verdicts]
    lines = ["| fault | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for fault in [*FAULTS, *TREE_FAULTS]:
        cells = []
        for verdict in verdicts:
            tried = fault.name in verdict.seen or fault.name in verdict.missed
            cells.append(("x" if fault.name in verdict.seen else ".") if tried else " ")
        lines.append(f"| {fault.name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
