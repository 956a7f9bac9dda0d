"""The command: which referees, on which goldens, and the table at the end."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import api_tables
from . import exceptions as explained
from . import golden, install
from .control_plane import ControlPlane, definitions
from .fault_table import fault_table
from .processes import end_all_on_signal
from .referees import REFEREES, Context, Referee
from .report import Verdict, table

REPOSITORY = install.SUITE.parent.parent
EXCEPTIONS = install.SUITE / "exceptions.toml"
FINDINGS_SHOWN = 40

STARTED = time.monotonic()
PRINTING = threading.Lock()


def say(text: str) -> None:
    with PRINTING:
        print(f"[{time.monotonic() - STARTED:6.1f} s] {text}", flush=True)


def arguments() -> argparse.Namespace:
    names = sorted(referee.name for referee in REFEREES)
    parser = argparse.ArgumentParser(prog="tests/acceptance/run", description=__doc__)
    parser.add_argument("--only", action="append", metavar="WORD", default=[],
                        help=f"only referees with WORD in their name, of: {', '.join(names)}")
    parser.add_argument("--golden", type=Path, default=REPOSITORY / "golden", help="the folder of goldens")
    parser.add_argument("--spec", type=Path, default=REPOSITORY / "environments", help="the example's specification")
    parser.add_argument("--crds", type=Path, help="the CustomResourceDefinitions; default: $SPECC_CRDS")
    parser.add_argument("--api-tables", action="store_true", help="write src/api/tables.txt from its sources and stop")
    parser.add_argument("--install-only", action="store_true", help="fill the cache and stop")
    parser.add_argument("--fault-table", action="store_true", help="try every fault on every referee and print who sees it")
    parser.add_argument("--all-findings", action="store_true", help=f"print more than {FINDINGS_SHOWN} findings a referee")
    return parser.parse_args()


def definitions_folder(given: Path | None) -> Path:
    """SPECC_CRDS, or the workspace's own copy. There must be one."""
    named = given or os.environ.get("SPECC_CRDS")
    folder = Path(named) if named else REPOSITORY.parent / "shared" / "crds"
    if not folder.is_dir():
        sys.exit(
            f"no folder {folder}: set SPECC_CRDS to the CustomResourceDefinitions that "
            "tests/acceptance/README.md lists; without them nothing can be judged"
        )
    return folder.resolve()


def judge(referee: Referee, context: Context, exceptions: list[explained.Exception_]) -> Verdict:
    start = time.monotonic()
    verdict = Verdict(referee.name, "", referee.unit)
    try:
        verdict.version = referee.version(context)
        referee.run(context, verdict)
    except Exception as error:  # A referee that breaks must not hide the others.
        verdict.broken = f"{type(error).__name__}: {error}"
        say("".join(traceback.format_exception(error, limit=-4)))
    explained.apply(exceptions, verdict)
    verdict.seconds = time.monotonic() - start
    say(f"{referee.name}: {'FAILED' if verdict.failed else 'ok'}")
    return verdict


def chosen(words: list[str]) -> list[Referee]:
    found = [referee for referee in REFEREES if not words or any(word in referee.name for word in words)]
    if not found:
        sys.exit(f"no referee has any of {words} in its name")
    return found


def run_all(referees: list[Referee], context: Context, exceptions: list[explained.Exception_]) -> list[Verdict]:
    """Those that share the API server run one after the other, beside the rest."""
    served = [referee for referee in referees if "kube-apiserver" in referee.needs]
    others = [referee for referee in referees if referee not in served]

    def with_server() -> list[Verdict]:
        if not served:
            return []
        try:
            with ControlPlane(
                context.cache, context.tools["etcd"], context.tools["kube-apiserver"], context.crds,
                context.work / "control-plane",
            ) as server:
                say(f"API server ready with {len(server.crds)} definitions")
                context.server = server
                return [judge(referee, context, exceptions) for referee in served]
        except Exception as error:
            return [
                Verdict(referee.name, "", referee.unit, broken=f"{type(error).__name__}: {error}") for referee in served
            ]

    with ThreadPoolExecutor(2) as pool:
        lane = pool.submit(with_server)
        rest = pool.submit(lambda: [judge(referee, context, exceptions) for referee in others])
        by_name = {verdict.referee: verdict for verdict in lane.result() + rest.result()}
    return [by_name[referee.name] for referee in referees]


def print_verdicts(verdicts: list[Verdict], show_all: bool) -> None:
    for verdict in verdicts:
        reasons = verdict.reasons()
        if reasons or verdict.notes:
            print(f"\n## {verdict.referee}")
        for note in verdict.notes:
            print(f"  note: {note}")
        shown = reasons if show_all else reasons[:FINDINGS_SHOWN]
        for reason in shown:
            print(f"  {reason}")
        if len(reasons) > len(shown):
            print(f"  ... and {len(reasons) - len(shown)} more (--all-findings)")
    print()
    print(table(verdicts))


def main(cache: install.Cache) -> int:
    options = arguments()
    referees = chosen(options.only)
    needed = {tool for referee in referees for tool in referee.needs} | {"module-definitions"}
    if options.api_tables:
        needed = {"kubernetes-schemas", "module-definitions"}
    crds = definitions_folder(options.crds)
    exceptions = explained.load(EXCEPTIONS)
    end_all_on_signal(lambda: None)
    try:
        tools = install.ensure(cache, needed, say)
    except install.InstallError as error:
        sys.exit(f"could not install: {error}")
    if options.install_only:
        return 0
    crds = (crds, tools["module-definitions"])
    if options.api_tables:
        text = api_tables.tables(tools["kubernetes-schemas"], definitions(crds))
        api_tables.FILE.write_text(text, encoding="utf-8")
        return 0
    with tempfile.TemporaryDirectory(prefix="specc-acceptance-") as folder:
        work = Path(folder)
        end_all_on_signal(lambda: shutil.rmtree(work, ignore_errors=True))
        goldens = golden.discover(options.golden.resolve(), work / "goldens")
        objects = sum(len(tree.items) for tree in goldens.trees)
        say(f"{len(goldens.trees)} trees with {objects} objects, {len(goldens.charts)} charts")
        context = Context(cache, goldens, options.spec.resolve(), crds, work, tools, options.fault_table)
        verdicts = run_all(referees, context, exceptions)
    if options.fault_table:
        # Not seeing a fault that is another's to see is no failure, so there is no verdict.
        print(fault_table(verdicts))
        return 0
    print_verdicts(verdicts, options.all_findings)
    stale = explained.stale(exceptions, [verdict.referee for verdict in verdicts if not verdict.broken])
    for line in stale:
        print(line)
    failed = sum(verdict.failed for verdict in verdicts)
    total = sum(verdict.judged for verdict in verdicts)
    print(f"\n{len(verdicts) - failed} of {len(verdicts)} referees content, {total} judgements, {time.monotonic() - STARTED:.0f} s")
    return 1 if failed or stale else 0
