"""The goldens: specc's committed output, parsed once for all referees."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml


class Loader(yaml.CSafeLoader):
    """PyYAML's YAML 1.1, with dates left as text: JSON has none."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def parse(text: str) -> list[Any]:
    return [document for document in yaml.load_all(text, Loader) if document is not None]


def identity(data: dict[str, Any]) -> str:
    """`Kind/namespace/name`, or `Kind/name` for an object without a namespace."""
    metadata = data.get("metadata") or {}
    parts = [data.get("kind", "?"), metadata.get("namespace"), metadata.get("name", "?")]
    return "/".join(str(part) for part in parts if part)


@dataclass
class Item:
    """One object and the file that holds it, relative to its tree."""

    path: str
    data: dict[str, Any]

    @property
    def kind(self) -> str:
        return self.data.get("kind", "")

    @property
    def group(self) -> str:
        version = self.data.get("apiVersion", "")
        return version.partition("/")[0] if "/" in version else ""

    @property
    def namespace(self) -> str | None:
        return self.data["metadata"].get("namespace")

    @property
    def name(self) -> str:
        return self.data["metadata"]["name"]

    @property
    def identity(self) -> str:
        return identity(self.data)


@dataclass
class Tree:
    """One output tree: the folder of an environment with its kustomization.yaml."""

    name: str
    root: Path
    environment: str
    case: str | None = None

    @cached_property
    def files(self) -> list[Path]:
        return sorted(path for path in self.root.rglob("*.yaml") if path.is_file())

    @cached_property
    def resources(self) -> list[str]:
        """The files that kustomization.yaml lists, in its order."""
        listed = parse((self.root / "kustomization.yaml").read_text(encoding="utf-8"))
        return list(listed[0].get("resources") or [])

    @cached_property
    def items(self) -> list[Item]:
        return [
            Item(resource, document)
            for resource in self.resources
            for document in parse((self.root / resource).read_text(encoding="utf-8"))
        ]

    @cached_property
    def by_path(self) -> dict[str, Item]:
        return {item.path: item for item in self.items}

    def named(self, file: str | Path) -> str:
        """What a referee's file name stands for: the object in it."""
        path = Path(file)
        for candidate in (path, self.root / path):
            try:
                relative = str(candidate.resolve().relative_to(self.root.resolve()))
            except ValueError:
                continue
            if relative in self.by_path:
                return self.by_path[relative].identity
        return str(file)

    def copy(self, to: Path) -> Tree:
        shutil.copytree(self.root, to)
        return Tree(self.name, to, self.environment, self.case)


@dataclass
class Chart:
    """One generated Helm chart and the environments it has values for."""

    name: str
    root: Path
    values: dict[str, Path] = field(default_factory=dict)


@dataclass
class Goldens:
    """All that there is to judge."""

    root: Path
    trees: list[Tree]
    charts: list[Chart]

    @property
    def example(self) -> list[Tree]:
        return [tree for tree in self.trees if tree.case is None]


def discover(root: Path) -> Goldens:
    trees = []
    for marker in sorted((root / "example").glob("*/kustomization.yaml")):
        folder = marker.parent
        trees.append(Tree(f"example/{folder.name}", folder, folder.name))
    for case in sorted((root / "cases").glob("*")):
        markers = sorted((case / "out").rglob("kustomization.yaml"))
        for marker in markers:
            folder = marker.parent
            name = "/".join(part for part in folder.relative_to(root).parts if part != "out")
            environment = folder.name if folder.name != "out" else "out"
            trees.append(Tree(name, folder, environment, case.name))
    charts = []
    for marker in sorted((root / "example" / "chart").glob("*/Chart.yaml")):
        folder = marker.parent
        values = {path.stem.removeprefix("values-"): path for path in sorted(folder.glob("values-*.yaml"))}
        charts.append(Chart(folder.name, folder, values))
    return Goldens(root, trees, charts)
