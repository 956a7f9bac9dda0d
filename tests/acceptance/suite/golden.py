"""The goldens: specc's committed output, parsed once for all referees."""

from __future__ import annotations

import json
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
    lacks_marker: bool = False

    @property
    def marker(self) -> Path:
        return self.root / "kustomization.yaml"

    @cached_property
    def files(self) -> list[Path]:
        return sorted(path for path in self.root.rglob("*.yaml") if path.is_file())

    @cached_property
    def resources(self) -> list[str]:
        """The files that kustomization.yaml lists, in its order."""
        listed = parse(self.marker.read_text(encoding="utf-8"))
        return list(listed[0].get("resources") or [])

    @cached_property
    def items(self) -> list[Item]:
        return [
            Item(resource, document)
            for resource in self.resources
            for document in parse((self.root / resource).read_text(encoding="utf-8"))
        ]

    @cached_property
    def within(self) -> list[Item]:
        """Objects that a ConfigMap holds as a file, for a program to make."""
        files = ((item, text) for item in self.items if item.kind == "ConfigMap" for name, text in (item.data.get("data") or {}).items() if name == "cluster.json")
        return [Item(item.path, json.loads(text)) for item, text in files]

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
        return Tree(self.name, to, self.environment, self.case, self.lacks_marker)


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


def roots(folder: Path) -> list[Path]:
    """The output trees at or below a folder: each has namespaces or services in it."""
    if any((folder / part).is_dir() for part in ("namespaces", "services")) or (folder / "kustomization.yaml").is_file():
        return [folder]
    return [root for child in sorted(folder.iterdir()) if child.is_dir() for root in roots(child)]


def usable(tree: Tree, scratch: Path) -> Tree:
    """The tree itself, or a copy with a kustomization.yaml if it lacks one."""
    if tree.marker.is_file():
        return tree
    copy = tree.copy(scratch / tree.name.replace("/", "_"))
    copy.lacks_marker = True
    listed = [str(path.relative_to(copy.root)) for path in copy.files]
    copy.marker.write_text(json.dumps({
        "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": listed,
    }), encoding="utf-8")
    del copy.files
    return copy


def discover(root: Path, scratch: Path) -> Goldens:
    """All trees and charts below the folder of goldens."""
    trees = [
        Tree(f"example/{folder.name}", folder, folder.name)
        for folder in sorted((root / "example").glob("*"))
        if folder.is_dir() and folder.name not in ("chart", "values", "build", "ci") and roots(folder)
    ]
    for case in sorted(path for path in (root / "cases").glob("*") if (path / "out").is_dir()):
        for folder in roots(case / "out"):
            name = "/".join(("cases", case.name, *folder.relative_to(case / "out").parts))
            trees.append(Tree(name, folder, folder.name, case.name))
    charts = []
    for marker in sorted((root / "example" / "chart").glob("*/Chart.yaml")):
        folder = marker.parent
        values = {path.stem.removeprefix("values-"): path for path in sorted(folder.glob("values-*.yaml"))}
        charts.append(Chart(folder.name, folder, values))
    return Goldens(root, [usable(tree, scratch) for tree in trees], charts)
