"""The example's specification, read independently of specc.

Only what the network referees need: which services, workloads and data stores
an environment has, and what each uses. The merge rules are those of the
language: tables merge, everything else replaces, `remove` acts first.
"""

from __future__ import annotations

import copy
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .shards import expanded


class SpecError(Exception):
    """The specification is not as this reader expects it."""


@dataclass
class Environment:
    name: str
    project: str
    settings: dict[str, Any]
    services: dict[str, dict[str, Any]]
    owner: str | None = None

    @property
    def tier(self) -> str:
        return self.settings["tier"]

    @property
    def platform(self) -> dict[str, Any]:
        return self.settings.get("platform") or {}

    def add_on(self, name: str) -> bool:
        return name in (self.platform.get("add_ons") or [])


def load(path: Path) -> dict[str, Any]:
    with open(path, "rb") as file:
        return tomllib.load(file)


def merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    result = copy.deepcopy(base)
    for path in over.get("remove") or []:
        drop(result, path.split("."))
    for key, value in over.items():
        if key in ("remove", "final"):
            continue
        if isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] = merge(result[key], value)
        else:
            result[key] = copy.deepcopy(value)
    return result


def drop(tree: dict[str, Any], path: list[str]) -> None:
    for key in path[:-1]:
        tree = tree.get(key) or {}
    tree.pop(path[-1], None)


def fill(service: dict[str, Any], defaults: dict[str, Any]) -> None:
    """`[defaults.<noun>]` sits below everything that a service writes."""
    for singular, plural in (("workload", "workloads"), ("database", "databases"), ("cache", "caches")):
        for name, entry in (service.get(plural) or {}).items():
            service[plural][name] = merge(defaults.get(singular) or {}, entry)


def environment(root: Path, name: str) -> Environment:
    """The environment `name` with its services merged and defaults filled in."""
    project = load(root / "specc.toml")
    folders = {Path(folder).name: root / folder for folder in project["project"]["environments"]}
    if name not in folders:
        raise SpecError(f"specc.toml lists no environment {name}")
    chain = [folders[name]]
    while parent := load(chain[0] / "environment.toml").get("extends"):
        sibling = chain[0].parent / parent
        chain.insert(0, sibling if sibling.is_dir() else root / parent)
    settings: dict[str, Any] = {}
    for folder in chain:
        settings = merge(settings, load(folder / "environment.toml"))
    services = {}
    for file in sorted((root / project["project"].get("services", "services")).glob("*.toml")):
        service = load(file)
        for folder in chain:
            overlay = folder / file.name
            if overlay.is_file():
                service = merge(service, load(overlay))
        for source in (settings, project):
            fill(service, source.get("defaults") or {})
        services[service["service"]["name"]] = expanded(service)
    if "services" in settings:
        services = {key: services[key] for key in settings["services"]}
    return Environment(name, project["project"]["name"], settings, services, project["project"].get("owner"))
