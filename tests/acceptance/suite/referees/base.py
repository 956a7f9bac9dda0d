"""What every referee is: it judges trees, and must see the faults seeded for it."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from ..control_plane import ControlPlane
from ..faults import FAULTS, TREE_FAULTS, Fault, TreeFault
from ..golden import Goldens, Item, Tree
from ..cache import Cache
from ..processes import execute
from ..report import Finding, Verdict
from ..spec import Environment, environment


@dataclass
class Context:
    """All that a referee may use."""

    cache: Cache
    goldens: Goldens
    spec: Path
    crds: tuple[Path, ...]
    work: Path
    tools: dict[str, Path]
    all_faults: bool = False
    server: ControlPlane | None = None

    def environment(self, tree: Tree) -> Environment:
        """The specification that a tree was made from."""
        root = self.spec if tree.case is None else self.goldens.root / "cases" / tree.case / "in"
        return environment(root, tree.environment)

    def scratch(self, *names: str) -> Path:
        """A fresh path for a folder below this run's own."""
        place = self.work.joinpath(*(name.replace("/", "_").replace(" ", "_") for name in names))
        shutil.rmtree(place, ignore_errors=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        return place


class Broken(Exception):
    """The tool did not do what it is there for."""


def run(command: list[str | Path], *, accept: tuple[int, ...] = (0,), **options) -> subprocess.CompletedProcess[str]:
    """Runs a tool without the user's own configuration; other exit codes than accepted mean that it broke."""
    environment = os.environ | {"HELM_NO_PLUGINS": "1", "NO_COLOR": "1"} | options.pop("env", {})
    result = execute([str(part) for part in command], env=environment, **options)
    if result.returncode not in accept:
        raise Broken(
            f"{Path(command[0]).name} ended with {result.returncode}: {(result.stderr or result.stdout)[-1500:]}"
        )
    return result


class Referee:
    """Subclasses say how one tree is judged; the rest is the same for all."""

    name = ""
    unit = "objects"
    needs: frozenset[str] = frozenset()

    def version(self, context: Context) -> str:
        raise NotImplementedError

    def judge(self, context: Context, tree: Tree) -> tuple[int, list[Finding]]:
        """The number of things judged and what was found."""
        raise NotImplementedError

    def wants(self, tree: Tree) -> bool:
        return True

    def run(self, context: Context, verdict: Verdict) -> None:
        raw: dict[str, set[Finding]] = {}
        for tree in filter(self.wants, context.goldens.trees):
            judged, findings = self.judge(context, tree)
            if judged == 0 and tree.items:
                verdict.broken = f"nothing of {tree.name} was judged"
            raw[tree.name] = set(findings)
            verdict.judged += judged
            verdict.findings += sorted(set(findings))
        self.seed(context, verdict, raw)

    # Faults

    def subjects(self, context: Context) -> list[Tree]:
        """Trees to seed faults into: the last environment has most in it."""
        trees = [tree for tree in context.goldens.trees if self.wants(tree)]
        return sorted(trees, key=lambda tree: (tree.case is not None, -len(tree.items)))

    def faults(self, context: Context) -> list[Fault | TreeFault]:
        return [
            fault for fault in [*FAULTS, *TREE_FAULTS]
            if self.name in fault.seen_by or (context.all_faults and isinstance(fault, Fault))
        ]

    def seed(self, context: Context, verdict: Verdict, raw: dict[str, set[Finding]]) -> None:
        for fault in self.faults(context):
            seen = False
            if not seedable(context.goldens, fault):
                verdict.notes.append(f"{fault.name}: no golden has such an object")
                continue
            for tree in self.subjects(context):
                found = self.probe(context, tree, fault)
                if found is not None:
                    seen = bool(set(found) - raw[tree.name])
                    break
            verdict.fault(fault.name, seen)

    def probe(self, context: Context, tree: Tree, fault: Fault | TreeFault) -> list[Finding] | None:
        """What is found in a copy with the fault; None if it does not fit this tree."""
        broken = fault.seed(tree.items) if isinstance(fault, Fault) else None
        if isinstance(fault, Fault) and broken is None:
            return None
        copy = tree.copy(context.scratch("faults", self.name, fault.name))
        if broken is not None:
            fault.write(copy, broken)
        else:
            fault.edit(copy)
        try:
            # A new Tree: the copy has parsed its files already.
            return self.judge(context, replace(copy))[1]
        except Broken as error:
            # A tool that refuses the input has seen the fault.
            return [Finding(tree.name, "refused", fault.name, str(error))]
        finally:
            shutil.rmtree(copy.root)


def seedable(goldens: Goldens, fault: Fault | TreeFault) -> bool:
    """Whether any golden has an object of the fault's kinds."""
    kinds = {item.kind for tree in goldens.trees for item in tree.items}
    return isinstance(fault, TreeFault) or bool(kinds & set(fault.kinds))


def only(item: Item, folder: Path) -> Path:
    """Where an item's file lies in a folder of its own."""
    path = folder / item.path
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
