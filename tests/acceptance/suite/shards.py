"""Databases in shards as the databases that they are.

The rest of the suite knows databases alone: a table with `shards` becomes one
for each, and who uses the whole uses every one of them.
"""

from __future__ import annotations

import copy
from typing import Any


def named(name: str, database: dict[str, Any]) -> list[str]:
    """The databases that a table leads to: itself, or its shards."""
    return [f"{name}-{index}" for index in range(database["shards"])] if "shards" in database else [name]


def one(name: str, database: dict[str, Any]) -> dict[str, Any]:
    """A shard as a database of its own, which has a past of its own."""
    found = copy.deepcopy(database)
    del found["shards"]
    restored = found.pop("restored_shards", {}).get(name)
    return found | ({"restored": restored} if restored else {})


def expanded(service: dict[str, Any]) -> dict[str, Any]:
    tables = service.get("databases") or {}
    if not any("shards" in database for database in tables.values()):
        return service
    service = copy.deepcopy(service)
    shards = {f"databases.{name}": named(name, database) for name, database in tables.items() if "shards" in database}
    users = [*(service.get("workloads") or {}).values(), *(table["migrate"] for table in service["databases"].values() if "migrate" in table)]
    for user in users:
        if "uses" in user:
            user["uses"] = [to for used in user["uses"] for to in ([f"databases.{name}" for name in shards[used]] if used in shards else [used])]
    service["databases"] = {
        shard: one(shard, database) if "shards" in database else database
        for name, database in service["databases"].items()
        for shard in named(name, database)
    }
    return service
