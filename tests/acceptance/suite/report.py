"""What a referee says, and the table that the command prints."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Finding:
    """One complaint: `object` is `Kind/namespace/name`, or a file."""

    tree: str
    rule: str
    object: str
    message: str = field(compare=False)

    def line(self) -> str:
        message = " ".join(self.message.split())
        return f"{self.tree}: {self.rule}: {self.object}: {message[:600]}"


@dataclass
class Verdict:
    """What one referee did in one run."""

    referee: str
    version: str
    unit: str
    judged: int = 0
    findings: list[Finding] = field(default_factory=list)
    explained: int = 0
    seen: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    broken: str = ""
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)

    def fault(self, name: str, seen: bool) -> None:
        (self.seen if seen else self.missed).append(name)

    @property
    def failed(self) -> bool:
        return bool(self.findings or self.missed or self.broken or self.judged == 0)

    def reasons(self) -> list[str]:
        lines = [finding.line() for finding in sorted(self.findings)]
        lines += [f"seeded fault not seen: {name}" for name in self.missed]
        if self.broken:
            lines.append(f"could not judge: {self.broken}")
        elif self.judged == 0:
            lines.append("judged nothing, which is a failure")
        return lines


COLUMNS = ("referee", "version", "judged", "findings", "explained", "faults seen", "seconds", "")


def table(verdicts: list[Verdict]) -> str:
    rows = [COLUMNS]
    for verdict in verdicts:
        rows.append((
            verdict.referee,
            verdict.version,
            f"{verdict.judged} {verdict.unit}",
            str(len(verdict.findings)),
            str(verdict.explained),
            f"{len(verdict.seen)} of {len(verdict.seen) + len(verdict.missed)}",
            f"{verdict.seconds:.1f}",
            "FAILED" if verdict.failed else "ok",
        ))
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)
