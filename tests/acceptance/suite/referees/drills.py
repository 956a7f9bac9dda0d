"""The program of each drill runs: against a real PostgreSQL, with a stand-in for kubectl.

The stand-in says what a cluster would say and keeps what it is told to do; the
server that it "restores" is real. A good backup must be told from an empty one,
from none, and from one that comes too late, and whatever happens the restored
cluster must be taken away again.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .. import processes
from ..golden import Item, Tree
from ..pods import at
from ..postgres import NOBODY, Programs, Server, copied, server
from ..report import Finding, Verdict
from .base import Context, Referee, run

ROWS = 5000
SHELLS = (["sh", "-n"], ["bash", "-n"])

# Keeps what it is told in $STAND_IN/calls, and answers as the files beside it say.
KUBECTL = r"""#!/bin/sh
echo "$*" >> "$STAND_IN/calls"
case $1 in
  delete) [ -e "$STAND_IN/stays" ] && exit 1; rm -f "$STAND_IN/cluster" ;;
  create) while [ $# -gt 1 ]; do [ "$1" = --filename ] && cp "$2" "$STAND_IN/cluster"; shift; done ;;
  wait)
    [ -e "$STAND_IN/cluster" ] || exit 1
    sleep "$(cat "$STAND_IN/slow" 2>/dev/null || echo 0)"
    [ ! -e "$STAND_IN/never" ] ;;
  get)
    case $* in
      *username*) printf app | base64 ;;
      *password*) printf app | base64 ;;
      *) printf 'Setting up primary: full recovery' ;;
    esac ;;
  *) exit 64 ;;
esac
"""


@dataclass
class Drill:
    """What a tree says of a drill: its files, and the variables of its container."""

    job: Item
    files: dict[str, str]
    variables: dict[str, str]


def drills(tree: Tree) -> Iterator[Drill]:
    for item in tree.items:
        if item.kind != "CronJob":
            continue
        pod = at(item.data, ("spec", "jobTemplate", "spec", "template", "spec"))
        maps = {(other.namespace, other.name): other.data.get("data") or {} for other in tree.items if other.kind == "ConfigMap"}
        for volume in pod.get("volumes") or []:
            files = maps.get((item.namespace, (volume.get("configMap") or {}).get("name")), {})
            if "drill.sh" in files:
                variables = {entry["name"]: entry["value"] for entry in pod["containers"][0]["env"]}
                yield Drill(item, files, variables)


class Drills(Referee):
    name = "drills"
    unit = "runs"
    needs = frozenset({"postgres", "pgbouncer", "shellcheck"})

    def version(self, context: Context) -> str:
        return "PostgreSQL 15"

    def wants(self, tree: Tree) -> bool:
        return any(drills(tree))

    def run(self, context: Context, verdict: Verdict) -> None:
        with tempfile.TemporaryDirectory(prefix="drills-", ignore_cleanup_errors=True) as folder:
            roots = [context.tools[name].parent / "root" for name in ("postgres", "pgbouncer")]
            self.programs = copied(Path(folder), *roots)
            self.known: dict[str, tuple[int, list[tuple[str, str]]]] = {}
            super().run(context, verdict)

    def judge(self, context: Context, tree: Tree) -> tuple[int, list[Finding]]:
        judged, findings = 0, []
        for drill in drills(tree):
            # The same files need to run once.
            key = repr((drill.files["drill.sh"], drill.files["check.sql"]))
            if key not in self.known:
                self.known[key] = self.of_drill(context, drill)
            count, found = self.known[key]
            judged += count
            findings += [Finding(tree.name, rule, drill.job.identity, text) for rule, text in found]
            findings += [Finding(tree.name, "manifest", drill.job.identity, text) for text in of_manifest(tree, drill)]
        return judged, findings

    def of_drill(self, context: Context, drill: Drill) -> tuple[int, list[tuple[str, str]]]:
        place = self.programs.own(Path(tempfile.mkdtemp(prefix="drill-", dir=self.programs.home)) / "files")
        place.parent.chmod(0o755)
        for name, text in drill.files.items():
            (place / name).write_text(text, encoding="utf-8")
        found = []
        for command in [*SHELLS, [str(context.tools["shellcheck"]), "--severity=style"]]:
            result = run([*command, place / "drill.sh"], accept=(0, 1, 2))
            if result.returncode:
                found.append(("shell", f"{command[0]}: {result.stdout or result.stderr}"))
        runs = 0
        with server(self.programs, "drill", {}, ["host all all all scram-sha-256"]) as running:
            for name, expected, wrong in scenarios(self.programs, running, drill, place):
                runs += 1
                if wrong:
                    found.append(("run", f"{name}: expected {expected}: {wrong}"))
        return runs + len(SHELLS) + 1, found


def of_manifest(tree: Tree, drill: Drill) -> Iterator[str]:
    """The restored cluster never writes, and is where the drill looks for it."""
    cluster = json.loads(drill.files["cluster.json"])
    spec, variables = cluster["spec"], drill.variables
    name = (cluster["metadata"]["namespace"], cluster["metadata"]["name"])
    if name != (variables["DRILL_NAMESPACE"], variables["DRILL_CLUSTER"]) or name[0] != drill.job.namespace:
        yield f"makes {name} and waits for {variables['DRILL_CLUSTER']}"
    if spec.get("plugins") or spec.get("backup"):
        yield "the restored cluster archives"
    if any(item.name == name[1] and item.kind == "Cluster" for item in tree.items):
        yield "the restored cluster is one of the tree's"
    source = spec["externalClusters"][0]["plugin"]["parameters"]
    store = next((item for item in tree.items if item.kind == "ObjectStore" and (item.namespace, item.name) == (name[0], source["barmanObjectName"])), None)
    if store is None or "retentionPolicy" in store.data["spec"]:
        yield "its source is missing, or deletes old backups"
    origin = next((item for item in tree.items if item.kind == "Cluster" and item.name == source["serverName"]), None)
    if origin is None:
        yield f"no cluster writes as {source['serverName']}"
    elif spec["postgresql"]["parameters"].get("max_connections") != origin.data["spec"]["postgresql"]["parameters"].get("max_connections"):
        yield "a standby with fewer connections than its primary does not start"


def tables(question: str) -> list[str]:
    return sorted(set(re.findall(r"\bFROM\s+([a-z_]+)", question, re.IGNORECASE)))


def scenarios(programs: Programs, running: Server, drill: Drill, place: Path) -> Iterator[tuple[str, object, str]]:
    """Name, expected end, and what was wrong."""
    names = tables(drill.files["check.sql"])

    def content(rows: int) -> None:
        for table in names:
            running.sql(
                f"DROP TABLE IF EXISTS {table}; CREATE TABLE {table} AS SELECT n AS id, now() AS created_at FROM generate_series(1, {rows}) n; "
                f"ALTER TABLE {table} OWNER TO app", database="app",
            )

    def asked(question: str) -> dict[str, str]:
        return {"check.sql": drill.files["check.sql"].replace(inner(drill.files["check.sql"]), question)}

    def once(name: str, expected: int, said: str, rows: int = ROWS, state: dict[str, str] | None = None,
             files: dict[str, str] | None = None, limit: str = "3600", stop: float | None = None) -> tuple[str, object, str]:
        content(rows)
        code, out, calls, left = start(programs, running, drill, place, state or {}, files or {}, limit, stop)
        wrong = []
        if code != expected:
            wrong.append(f"ends with {code}")
        if said not in out:
            wrong.append(f"does not say `{said}`")
        if not calls or not calls[-1].startswith("delete "):
            wrong.append("the last thing that it does is not to delete")
        if left and "stays" not in (state or {}):
            wrong.append("the cluster is still there")
        return name, expected, "; ".join(wrong) and f"{'; '.join(wrong)}: {out[-600:]} {calls}"

    yield once("a good backup", 0, "answered yes")
    yield once("what an earlier run left", 0, "answered yes", state={"cluster": "{}"})
    yield once("an empty restore", 1, "the answer is no", rows=0)
    yield once("a restore without the tables", 1, "could not be asked", files=asked("SELECT count(*) > 0 FROM no_such_table"))
    yield once("a question without an answer", 1, "the answer is no", files=asked("SELECT NULL::boolean"))
    yield once("a question that is no boolean", 1, "could not be asked", files=asked("SELECT 1"))
    yield once("a question of two columns", 1, "could not be asked", files=asked("SELECT true, true"))
    yield once("a question of two rows", 1, "could not be asked", files=asked("SELECT true FROM generate_series(1, 2)"))
    yield once("a question that writes", 1, "could not be asked", files=asked("SELECT nextval('drilled') > 0"))
    yield once("a restore that never ends", 1, "its phase is Setting up", state={"never": ""})
    yield once("a restore that is later than promised", 3, "the promise leaves 1 s", state={"slow": "3"}, limit="1")
    yield once("a drill that is told to stop", 143, "takes", state={"slow": "30"}, stop=2.0)
    yield once("a cluster that stays", 1, "is still there", state={"stays": ""})


def inner(question: str) -> str:
    """The question as written, between the lines that make it one boolean."""
    return question.partition("(\n")[2].rpartition("\n)")[0]


def start(programs: Programs, running: Server, drill: Drill, place: Path, state: dict[str, str], files: dict[str, str],
          limit: str, stop: float | None) -> tuple[int, str, list[str], bool]:
    """Exit code, output, what kubectl was told, and whether the cluster is still there."""
    running.sql("CREATE SEQUENCE IF NOT EXISTS drilled; GRANT ALL ON SEQUENCE drilled TO app", database="app")
    home = programs.own(Path(tempfile.mkdtemp(prefix="run-", dir=programs.home)) / "run")
    home.parent.chmod(0o755)
    for name, text in {"kubectl": KUBECTL, "psql": wrapper(programs), "sh": ""}.items():
        if text:
            (home / name).write_text(text, encoding="utf-8")
            (home / name).chmod(0o755)
    for name in ("drill.sh", "check.sql", "cluster.json"):
        (home / name).write_text(files.get(name, drill.files[name]), encoding="utf-8")
    for name, text in state.items():
        (home / name).write_text(text, encoding="utf-8")
    if os.geteuid() == 0:
        for path in home.iterdir():
            os.chown(path, NOBODY, NOBODY)
    environment = drill.variables | {
        "PATH": f"{home}:/usr/bin:/bin", "STAND_IN": str(home), "HOME": str(home), "LC_ALL": "C", "PGHOST": "127.0.0.1",
        "PGPORT": str(running.port), "PGDATABASE": "app", "DRILL_TIMEOUT": "60", "DRILL_LIMIT": limit,
    }
    output = home / "output"
    with open(output, "w", encoding="utf-8") as file:
        child = processes.start(["/bin/sh", str(home / "drill.sh")], env=environment, cwd=home, stdout=file, stderr=file, **programs.account)
        if stop is not None:
            time.sleep(stop)
            os.kill(child.pid, signal.SIGTERM)
        code = child.wait(120)
        processes.end(child)
    calls = (home / "calls").read_text(encoding="utf-8").splitlines() if (home / "calls").exists() else []
    left = (home / "cluster").exists()
    text = output.read_text(encoding="utf-8")
    shutil.rmtree(home.parent, ignore_errors=True)
    return code, text, calls, left


def wrapper(programs: Programs) -> str:
    libraries = programs.environment(programs.postgres)["LD_LIBRARY_PATH"]
    return f'#!/bin/sh\nLD_LIBRARY_PATH={libraries} exec {programs.postgres}/usr/lib/postgresql/15/bin/psql "$@"\n'



