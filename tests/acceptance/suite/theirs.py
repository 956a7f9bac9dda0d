"""The half of a comparison that `cargo test` cannot see: the manifests of others, read from a clone of their repository."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .golden import parse

ROOT = Path(__file__).resolve().parents[3]


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else f'"{key}"'


def _item(path: str, value: Any, index: int) -> str:
    """What tells an item of a list from the others, as `specc explain` writes it; a port without a name has its number."""
    if isinstance(value, dict):
        if path.endswith("volumeMounts"):
            return str(value["mountPath"])
        if path.endswith("metrics") and "resource" in value:
            return value["resource"]["name"]
        if "metadata" in value:
            return value["metadata"]["name"]
        for key in ("name", "containerPort", "port", "key"):
            if key in value:
                return str(value[key])
    return str(index)


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each leaf with its path; an empty table or list is a leaf."""
    if isinstance(value, dict) and value:
        for key, child in value.items():
            yield from leaves(child, f"{path}.{_key(key)}" if path else _key(key))
    elif isinstance(value, list) and value:
        for index, child in enumerate(value):
            yield from leaves(child, f"{path}[{_item(path, child, index)}]")
    else:
        yield path, value


def _stated(row: dict[str, Any]) -> Any:
    return row["theirs"] if "theirs" in row else row["same"]


def _rows(table: dict[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
    """The rows of an object with the value of theirs that each states."""
    kind, name = entry["theirs"].split("/", 1)
    shared = {} if entry.get("alone") else table.get("every", {}).get(kind, {})
    container = entry.get("container", "")
    container = container if isinstance(container, str) else container["theirs"]
    pod = ("spec.jobTemplate.spec." if kind == "CronJob" else "spec.") + "template.spec."
    filled = {}
    for field, row in {**shared, **entry.get("rows", {})}.items():
        path = field.replace("{container}", f"{pod}containers[{container}]").replace("{pod}", pod)
        stated = _stated(row)
        filled[path] = stated.replace("{theirs}", name) if isinstance(stated, str) else stated
    return filled


def _equal(stated: Any, there: Any) -> bool:
    """Long text is stated by its beginning, which ends in `…`."""
    if isinstance(stated, str) and stated.endswith("…"):
        return isinstance(there, str) and there.startswith(stated[:-1])
    return type(stated) is type(there) and stated == there


def differences(table: dict[str, Any], clone: Path) -> Iterator[str]:
    def show(file: str) -> str:
        shown = ["git", "-C", str(clone), "show", f"{table['commit']}:{file}"]
        return subprocess.run(shown, check=True, capture_output=True, text=True).stdout

    files = {entry["file"] for entry in table["object"]}
    there = {}
    for file in sorted(files):
        for data in parse(show(file)):
            there[file, f"{data['kind']}/{data['metadata']['name']}"] = dict(leaves(data))
    for entry in table["object"]:
        found = there.pop((entry["file"], entry["theirs"]), None)
        if found is None:
            yield f"{entry['file']} has no {entry['theirs']}"
            continue
        rows = _rows(table, entry)
        for path in found.keys() - rows.keys():
            yield f"{entry['theirs']} {path}: {found[path]!r} has no row"
        for path in rows.keys() - found.keys():
            yield f"{entry['theirs']} {path}: they have no such field"
        for path in rows.keys() & found.keys():
            if not _equal(rows[path], found[path]):
                yield f"{entry['theirs']} {path}: {found[path]!r}, not {rows[path]!r}"
    for file, identity in there:
        yield f"{file}: {identity} is not compared"


def main(case: str, clone: str) -> int:
    table = tomllib.loads((ROOT / "golden" / "cases" / case / "compared.toml").read_text(encoding="utf-8"))
    found = sorted(differences(table, Path(clone)))
    for line in found:
        print(line)
    fields = sum(len(_rows(table, entry)) for entry in table["object"])
    print(f"{case}: {len(table['object'])} objects, {fields} fields, {len(found)} differences")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
