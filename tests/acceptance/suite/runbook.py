"""A tree's RUNBOOK.md: its blocks, the commands in them, and the manifests that it prints."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

from .golden import Item, Tree, parse

FILE = "RUNBOOK.md"
# What stands where the moment of a restore belongs.
PLACEHOLDER = "@RECOVERY-TIME@"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{2,3} (.+)$", re.MULTILINE)
STEP = re.compile(r"^\*\*(\d[ab]?)\. ", re.MULTILINE)


def text(tree: Tree) -> str:
    path = tree.root / FILE
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def blocks(of: str, language: str) -> list[str]:
    return [body for info, body in FENCE.findall(of) if info == language]


def sections(of: str) -> dict[str, str]:
    """What stands below each heading, up to the next."""
    parts = HEADING.split(of)
    return dict(zip(parts[1::2], parts[2::2]))


def steps(section: str) -> dict[str, str]:
    """The numbered steps of a section: `1`, `5a`."""
    parts = STEP.split(section)
    return dict(zip(parts[1::2], parts[2::2]))


def statements(step: str) -> list[str]:
    """What the step asks PostgreSQL: the word behind psql's `-c` of each command."""
    found = []
    for body in blocks(step, "bash"):
        for line in body.replace("\\\n", " ").splitlines():
            words = shlex.split(line)
            if "psql" in words:
                given = words[words.index("psql") + 1:]
                option = next(index for index, word in enumerate(given) if re.fullmatch(r"-[A-Za-z]*c", word))
                found.append(given[option + 1])
    return found


@dataclass
class Restore:
    """The restore of one database."""

    database: str
    steps: dict[str, str]
    manifest: str

    def at(self, moment: str) -> list[Item]:
        """The manifests with a moment in their place, as the runbook says."""
        return [Item(FILE, data) for data in parse(self.manifest.replace(PLACEHOLDER, moment))]

    def latest(self) -> list[Item]:
        """The manifests without the two lines that name a moment."""
        kept = [line for line in self.manifest.splitlines() if not re.match(r"\s*(recoveryTarget|targetTime):", line)]
        return [Item(FILE, data) for data in parse("\n".join(kept))]


def plain(tree: Tree) -> dict[str, list[Item]]:
    """The other manifests, as they stand, by their section: passwords that are put back, and what restores a copy."""
    found = {}
    for heading, section in sections(text(tree)).items():
        for body in blocks(section, "yaml"):
            if not heading.endswith(": manifest"):
                found.setdefault(heading, []).extend(Item(FILE, data) for data in parse(body))
    return found


def restores(tree: Tree) -> list[Restore]:
    of = sections(text(tree))
    found = []
    for heading, section in of.items():
        database, _, kind = heading.rpartition(": ")
        if kind == "manifest":
            [manifest] = blocks(section, "yaml")
            found.append(Restore(database, steps(of[f"{database}: restore"]), manifest))
    return found
