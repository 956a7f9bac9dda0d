"""Redis takes the arguments of each cache, and keeps its budget when it is full.

Valkey takes the same settings under the same names, so one server judges both.
What a cache is for comes from the specification: a full cache drops entries and
stays below the limit of its pod, a full store of another role refuses writes
and loses nothing. With a file, entries outlive a restart, and a rewrite of the
file while everything changes stays below the limit as well.
"""

from __future__ import annotations

import json
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..golden import Item, Tree
from ..pods import at
from ..redis import Client, Refused, Server, server
from ..report import Finding, Verdict
from .base import Context, Referee

PROGRAMS = ("redis-server", "valkey-server")
# What the settings file of the Secret sets; made to trip over wrong quoting.
PASSWORD = 'p "a\\ss'
VALUE = 64 << 10
# The larger the cache, the longer it takes to fill; what is larger than this has the same settings as a smaller one.
LARGEST = 256 << 20
UNITS = {"Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30}


def caches(tree: Tree) -> Iterator[Item]:
    for item in tree.items:
        if item.kind == "Deployment" and (container(item).get("command") or [""])[0] in PROGRAMS:
            yield item


def container(item: Item) -> dict[str, Any]:
    return item.data["spec"]["template"]["spec"]["containers"][0]


def size(quantity: str) -> int:
    return int(quantity[:-2]) * UNITS[quantity[-2:]] if quantity[-2:] in UNITS else int(quantity)


class Redis(Referee):
    name = "redis"
    unit = "caches"
    needs = frozenset({"redis-server"})

    def version(self, context: Context) -> str:
        return "7.0"

    def wants(self, tree: Tree) -> bool:
        return any(caches(tree))

    def run(self, context: Context, verdict: Verdict) -> None:
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.known: dict[str, list[tuple[str, str]]] = {}
        super().run(context, verdict)

    def judge(self, context: Context, tree: Tree) -> tuple[int, list[Finding]]:
        judged, findings = 0, []
        for item in caches(tree):
            one = Cache(context, tree, item)
            # The same settings for the same purpose need no second server.
            key = repr((one.arguments, one.is_disposable, one.limit))
            if key not in self.known:
                self.known[key] = list(one.judge(context.tools["redis-server"]))
            findings += [Finding(tree.name, rule, item.identity, text) for rule, text in self.known[key]]
            judged += 1
        return judged, findings


class Cache:
    def __init__(self, context: Context, tree: Tree, item: Item) -> None:
        self.arguments: list[str] = list(container(item).get("args") or [])
        self.limit = size(at(container(item), ("resources", "limits", "memory")) or "0")
        entry = declared(context, tree, item)
        self.is_disposable = entry.get("role", "cache") == "cache"
        self.policy = entry.get("eviction", "allkeys-lru" if self.is_disposable else "noeviction")
        self.is_kept = "storage" in entry
        self.has_password = "password" in (entry.get("secrets") or [])

    def judge(self, program: Path) -> Iterator[tuple[str, str]]:
        with tempfile.TemporaryDirectory(prefix="redis-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            try:
                yield from self.running(program, folder)
            except Refused as error:
                yield "refused", str(error)

    def here(self, folder: Path) -> list[str]:
        """The arguments with the folders of this machine: `/data` and the file of the password."""
        words = list(self.arguments)
        for index, word in enumerate(words[:-1]):
            if word == "--dir":
                words[index + 1] = str(folder)
            elif word == "--include":
                file = folder / "password.conf"
                # `quote` of the template writes Go's %q, which is JSON's form for such text.
                file.write_text(f"requirepass {json.dumps(PASSWORD)}\n", encoding="utf-8")
                words[index + 1] = str(file)
        return words

    def running(self, program: Path, folder: Path) -> Iterator[tuple[str, str]]:
        arguments = self.here(folder)
        password = PASSWORD if self.has_password else None
        with server(program, arguments, folder, password) as running:
            client = running.client()
            yield from of_settings(client, arguments)
            yield from self.of_access(running)
            yield from of_clients(running, client)
            most = int(client.ask("CONFIG", "GET", "maxmemory")[1])
            if not 0 < most < self.limit:
                yield "memory", f"entries may take {most >> 20}Mi (0 is any amount), and the pod has {self.limit >> 20}Mi"
                return
            policy = client.ask("CONFIG", "GET", "maxmemory-policy")[1]
            if policy != self.policy:
                yield "eviction", f"{policy} instead of {self.policy}"
            if most > LARGEST:
                return
            filled = fill(client, most)
            yield from self.of_full(running, client, most, filled)
            if self.is_kept:
                yield from self.of_rewrite(running, client, filled)
            count = client.ask("DBSIZE")
        with server(program, arguments, folder, password) as again:
            kept = again.client().ask("DBSIZE")
        if self.is_kept and kept != count:
            yield "file", f"{kept} of {count} entries outlive a restart"
        if not self.is_kept and kept:
            yield "file", f"{kept} entries outlive a restart of what keeps nothing"

    def of_access(self, running: Server) -> Iterator[tuple[str, str]]:
        stranger = Client(running.port)
        try:
            stranger.ask("GET", "x")
            if self.has_password:
                yield "password", "whoever gives none gets in"
        except Refused as error:
            if not self.has_password:
                yield "password", str(error)
        finally:
            stranger.close()

    def of_full(self, running: Server, client: Client, most: int, filled: Filled) -> Iterator[tuple[str, str]]:
        entries, memory = client.ask("DBSIZE"), running.memory()
        if memory > self.limit:
            yield "memory", f"the process takes {memory >> 20}Mi when it is full, and its pod has {self.limit >> 20}Mi"
        if self.is_disposable:
            if filled.refused or entries == filled.written:
                yield "eviction", f"a full cache refuses a write or keeps all: {filled.refused}"
        elif not filled.refused.startswith("OOM") or entries != filled.written:
            yield "eviction", f"{entries} of {filled.written} entries are left, and writers were told {filled.refused!r}"

    def of_rewrite(self, running: Server, client: Client, filled: Filled) -> Iterator[tuple[str, str]]:
        """Every page changes while the file is rewritten: the worst case for copied pages."""
        spare = filled.written // 20
        client.ask("DEL", *(f"key:{index}" for index in range(spare)))
        # A disk that takes two seconds for all entries.
        client.ask("CONFIG", "SET", "rdb-key-save-delay", str(2_000_000 // filled.written))
        # The engine may have begun one by itself, since the file has grown.
        while client.info()["aof_rewrite_in_progress"] == "1":
            time.sleep(0.05)
        client.ask("BGREWRITEAOF")
        peak, copied = 0, False
        for index in range(spare, filled.written):
            client.ask("SETRANGE", f"key:{index}", "0", b"y" * VALUE)
            if index % 50 == 0:
                peak, copied = max(peak, running.memory()), copied or len(running.family()) > 1
        while client.info()["aof_rewrite_in_progress"] == "1":
            peak = max(peak, running.memory())
            time.sleep(0.05)
        if not copied:
            yield "file", "was not rewritten while entries changed"
        if peak > self.limit:
            yield "memory", f"a rewrite of the file takes {peak >> 20}Mi, and its pod has {self.limit >> 20}Mi"


class Filled:
    """What became of writing half as much again as there is room for."""

    def __init__(self) -> None:
        self.written, self.refused = 0, ""


def fill(client: Client, most: int) -> Filled:
    filled = Filled()
    for index in range(most * 3 // 2 // VALUE):
        try:
            client.ask("SET", f"key:{index}", b"x" * VALUE)
            filled.written += 1
        except Refused as error:
            filled.refused = str(error)
            break
    return filled


def of_settings(client: Client, arguments: list[str]) -> Iterator[tuple[str, str]]:
    """Each setting as the server has it."""
    index = 0
    while index < len(arguments):
        name, end = arguments[index].removeprefix("--"), index + 1
        while end < len(arguments) and not arguments[end].startswith("--"):
            end += 1
        words, index = arguments[index + 1:end], end
        if name == "include":
            continue
        has = (client.ask("CONFIG", "GET", name) or ["", None])[1]
        if name == "client-output-buffer-limit":
            has = " ".join(part for part in (has or "").replace("slave", "replica").split() if part)
            groups = [" ".join(words[at:at + 4]) for at in range(0, len(words), 4)]
            if not all(group in has for group in groups):
                yield "setting", f"{name}: {has}"
        elif has != " ".join(words):
            yield "setting", f"{name}: {has!r} instead of {' '.join(words)!r}"


def of_clients(running: Server, first: Client) -> Iterator[tuple[str, str]]:
    """As many clients as the limit get an answer, and one more does not."""
    limit = int(first.ask("CONFIG", "GET", "maxclients")[1])
    clients: list[Client] = []
    try:
        try:
            clients += (running.client() for _ in range(limit - 1))
            if clients[-1].ask("PING") != "PONG":
                yield "clients", f"the last of {limit} gets no answer"
        except (Refused, OSError) as error:
            yield "clients", f"of {limit} only {len(clients) + 1} get in: {error}"
            return
        try:
            one = running.client()
            clients.append(one)
            one.ask("PING")
            yield "clients", f"{limit + 1} get in, and the limit is {limit}"
        except (Refused, OSError):
            pass
    finally:
        for client in clients:
            client.close()


def declared(context: Context, tree: Tree, item: Item) -> dict[str, Any]:
    """The table of the cache."""
    for service in context.environment(tree).services.values():
        for name, entry in (service.get("caches") or {}).items():
            if item.name == f"{service['service']['name']}-cache-{name}":
                return entry
    raise KeyError(item.identity)
