"""The runbook's restore, step by step on a real PostgreSQL, as far as no operator is needed.

The log is archived, a base backup is made, a row is written before the moment and one after it. The statements are those
of the runbook's commands, and what the manifest says is what the second server is told. A server has no object store and
no operator: copying to a folder takes the place of the first, and the settings that the operator would write are written.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

from .. import runbook
from ..golden import Item, Tree
from ..faults import Fault, TreeFault
from ..pods import at
from ..postgres import Refused, copied
from ..recovery import Source, archiving, restored
from ..report import Finding, Verdict
from .base import Context, Referee

BEFORE, AFTER = "before", "after"
# The operator's own, and longer than any of ours.
IN_TIME = 20.0


def target(items: list[Item]) -> dict[str, str]:
    [cluster] = [item for item in items if item.kind == "Cluster"]
    return at(cluster.data, ("spec", "bootstrap", "recovery", "recoveryTarget")) or {}


def moment(source: Source) -> str:
    """The server's own clock, as a person would write it down: RFC 3339, with its offset in numbers as the runbook says."""
    seconds = float(source.running.sql("SELECT extract(epoch FROM clock_timestamp())"))
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="microseconds")


def rows(running) -> set[str]:
    return set(running.sql("SELECT word FROM ledger", database="app").split())


class Recovery(Referee):
    name = "recovery"
    unit = "restores"
    needs = frozenset({"postgres", "pgbouncer"})

    def version(self, context: Context) -> str:
        return "PostgreSQL 15"

    def wants(self, tree: Tree) -> bool:
        return bool(runbook.restores(tree))

    def run(self, context: Context, verdict: Verdict) -> None:
        with tempfile.TemporaryDirectory(prefix="recovery-", ignore_cleanup_errors=True) as folder:
            roots = [context.tools[name].parent / "root" for name in ("postgres", "pgbouncer")]
            self.programs = copied(Path(folder), *roots)
            self.known: dict[str, list[tuple[str, str]]] = {}
            super().run(context, verdict)

    def judge(self, context: Context, tree: Tree) -> tuple[int, list[Finding]]:
        findings = []
        restores = runbook.restores(tree)
        for restore in restores:
            # The same statements and the same target need no second restore.
            names = [restore.database, at(cluster(restore).data, ("spec", "bootstrap", "recovery", "database"))]
            said = {number: runbook.statements(step) for number, step in restore.steps.items()}
            key = re.sub("|".join(map(re.escape, names)), "NAME", repr((said, target(restore.at(runbook.PLACEHOLDER)))))
            if key not in self.known:
                self.known[key] = list(self.of_restore(restore, said))
            findings += [Finding(tree.name, rule, restore.database, text) for rule, text in self.known[key]]
        return len(restores), findings

    def of_restore(self, restore: runbook.Restore, said: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
        try:
            with archiving(self.programs) as source:
                source.running.sql("CREATE TABLE ledger (word text)", database="app")
                source.running.sql(f"INSERT INTO ledger VALUES ('{BEFORE}')", database="app")
                time.sleep(0.05)
                when = moment(source)
                time.sleep(0.05)
                source.running.sql(f"INSERT INTO ledger VALUES ('{AFTER}')", database="app")
                # step 2 closes the segment; what it is in would else be archived only after `archive_timeout`
                archived = source.archived()
                for statement in said["2"]:
                    source.running.sql(statement)
                if not source.wait_for_archive(archived, IN_TIME):
                    yield "archive", f"after {said['2']} nothing was archived"
                yield from self.of_moment(source, restore, said, when)
                yield from self.of_latest(source, restore)
                yield from self.of_future(source, restore)
        except Refused as error:
            yield "server", str(error)

    def of_moment(self, source: Source, restore: runbook.Restore, said: dict[str, list[str]], when: str) -> Iterator[tuple[str, str]]:
        """Up to the moment: what came before is there, what came after is not, and rows can be taken back."""
        try:
            with restored(self.programs, source, target(restore.at(when))) as running:
                if rows(running) != {BEFORE}:
                    yield "moment", f"restored to {when}: {sorted(rows(running))}"
                if running.sql(said["4"][0], database="app") != "f":
                    yield "moment", "it is still in recovery"
                source.running.sql("DELETE FROM ledger", database="app")
                out, make, back = (statement.replace("$TABLE", "public.ledger") for statement in said["5a"])
                copy = running.sql(out, database="app")
                source.running.sql(make, database="app")
                self.programs.run(
                    "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", source.running.sockets, "-p", source.running.port,
                    "-U", "postgres", "app", "-c", back, input=f"{copy}\n",
                )
                taken = source.running.sql("SELECT word FROM restored_rows", database="app")
                if taken != BEFORE:
                    yield "rows", f"taken back: {taken!r}"
        except Refused as error:
            yield "moment", f"{when}: {error}"

    def of_latest(self, source: Source, restore: runbook.Restore) -> Iterator[tuple[str, str]]:
        """All of the log: both rows are there."""
        try:
            with restored(self.programs, source, target(restore.latest())) as running:
                if rows(running) != {BEFORE, AFTER}:
                    yield "latest", str(sorted(rows(running)))
        except Refused as error:
            yield "latest", str(error)

    def of_future(self, source: Source, restore: runbook.Restore) -> Iterator[tuple[str, str]]:
        """A moment behind the archive ends with the words that the runbook tells to stop at."""
        ahead = (datetime.now(timezone.utc) + timedelta(days=1)).isoformat(timespec="seconds")
        words = "recovery ended before configured recovery target was reached"
        if words not in restore.steps["3"]:
            yield "future", "the runbook does not say when to stop"
        try:
            with restored(self.programs, source, target(restore.at(ahead))):
                yield "future", f"a restore to {ahead} succeeds"
        except Refused as error:
            if words not in str(error):
                yield "future", str(error)

    def probe(self, context: Context, tree: Tree, fault: Fault | TreeFault) -> list[Finding] | None:
        return super().probe(context, tree, fault) if isinstance(fault, TreeFault) else None


def cluster(restore: runbook.Restore) -> Item:
    [found] = [item for item in restore.at(runbook.PLACEHOLDER) if item.kind == "Cluster"]
    return found
