"""PostgreSQL takes the settings of each Cluster, and PgBouncer those of each Pooler, under load.

A setting that a server does not know or takes otherwise is found by itself;
access without TLS must fail and with TLS succeed, under each host name that a
program is given, with the certificate that the operator makes for its names; as many clients as the pods
of the tree can be must all get an answer, and one above the limit a refusal.
Each DatabaseRole may do what its grants say and nothing else.
The session of each migration must end a blocked `ALTER TABLE`, and a statement
that takes too long, by itself.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from ..golden import Item, Tree
from ..pods import at, templates
from ..postgres import DEADLINE, Client, Programs, Refused, Server, copied, pooler, server
from ..report import Finding, Verdict
from ..roles import of_roles, of_time
from .base import Context, Referee

PROCESSES = "--workers"
# The language's default of `pool.per_process`.
EACH = 5


def items(tree: Tree, kind: str) -> Iterator[Item]:
    return (item for item in tree.items if item.kind == kind and item.group == "postgresql.cnpg.io")


def most(tree: Tree, item: Item) -> int:
    """The most pods of a workload that run at a time: the autoscaler's maximum and what a rollout adds."""
    if item.kind == "CronJob":
        return 1
    replicas = at(item.data, ("spec", "replicas")) or 1
    for scaler in tree.items:
        target = at(scaler.data, ("spec", "scaleTargetRef")) or {}
        if target.get("name") == item.name and scaler.namespace == item.namespace:
            replicas = scaler.data["spec"].get("maxReplicas") or scaler.data["spec"].get("maxReplicaCount")
    surge = at(item.data, ("spec", "strategy", "rollingUpdate", "maxSurge")) or 0
    extra = -(-replicas * int(surge[:-1]) // 100) if isinstance(surge, str) else surge
    return replicas + extra


def processes(item: Item) -> int:
    template = at(item.data, ("spec", "template")) or at(item.data, ("spec", "jobTemplate", "spec", "template"))
    command = template["spec"]["containers"][0].get("command") or []
    return int(command[command.index(PROCESSES) + 1]) if PROCESSES in command else 1


def asked(context: Context, tree: Tree, item: Item) -> int:
    """The connections that the tree's pods may ask a pooler for: who its policy lets in, and how many they can be."""
    policy = next(
        other for other in tree.items
        if other.kind == "NetworkPolicy" and at(other.data, ("spec", "podSelector", "matchLabels", "cnpg.io/poolerName")) == item.name
    )
    names = {
        name
        for rule in policy.data["spec"].get("ingress") or []
        for peer in rule["from"] if "namespaceSelector" not in peer
        for found in at(peer, ("podSelector", "matchExpressions")) or []
        for name in found["values"]
    }
    sum_of = 0
    for other in tree.items:
        if other.kind in ("Deployment", "StatefulSet", "CronJob") and other.name in names and other.namespace == item.namespace:
            sum_of += most(tree, other) * processes(other)
    return sum_of * per_process(context, tree, item)


def migrations(tree: Tree, item: Item) -> Iterator[tuple[Item, str]]:
    """Jobs that reach this server and set the limits of their sessions."""
    for other in tree.items:
        if other.kind != "Job" or other.namespace != item.namespace:
            continue
        variables = {
            variable["name"]: variable.get("value", "") for variable in at(other.data, ("spec", "template"))["spec"]["containers"][0].get("env") or []
        }
        if "PGOPTIONS" in variables and any(value.startswith(f"{item.name}-rw.") for value in variables.values()):
            yield other, variables["PGOPTIONS"]


def per_process(context: Context, tree: Tree, item: Item) -> int:
    cluster = item.data["spec"]["cluster"]["name"]
    for service in context.environment(tree).services.values():
        for name, database in (service.get("databases") or {}).items():
            if cluster == f"{service['service']['name']}-db-{name}":
                return (database.get("pool") or {}).get("per_process", EACH)
    return EACH


def hosts(tree: Tree, item: Item) -> list[str]:
    """The hosts of this Cluster and its poolers that programs are given."""
    found = set()
    for _, pod in templates(tree.items):
        for container in (pod["spec"].get("initContainers") or []) + pod["spec"]["containers"]:
            for variable in container.get("env") or []:
                value = str(variable.get("value") or "")
                if variable["name"].endswith("_HOST") and value.startswith(f"{item.name}-") and f".{item.namespace}.svc" in value:
                    found.add(value)
    return sorted(found)


def names(item: Item, given: list[str]) -> list[str]:
    """The names in the certificate that the operator makes (cloudnative-pg, api/v1, GetClusterAltDNSNames)."""
    domains = {host.split(".svc.", 1)[1] for host in given if ".svc." in host} or {"cluster.local"}
    found = []
    for kind in ("rw", "r", "ro"):
        service = f"{item.name}-{kind}"
        found += [service, f"{service}.{item.namespace}", f"{service}.{item.namespace}.svc"]
        found += [f"{service}.{item.namespace}.svc.{domain}" for domain in sorted(domains)]
    return found + (at(item.data, ("spec", "certificates", "serverAltDNSNames")) or [])


def of_names(running: Server, given: list[str], port: int = 0) -> Iterator[tuple[str, str]]:
    """A program that checks the certificate gets in under each name that it is given, and under no other."""
    for host in given:
        try:
            running.verified("app", host, port=port)
        except Refused as error:
            yield "host name", f"{host}: {error}"
    try:
        running.verified("app", "elsewhere.example", port=port)
        yield "host name", "a certificate of another host is believed"
    except Refused as error:
        if "does not match host name" not in str(error):
            yield "host name", str(error)


class PostgreSql(Referee):
    name = "postgresql"
    needs = frozenset({"postgres", "pgbouncer"})

    def version(self, context: Context) -> str:
        return "15, PgBouncer 1.18"

    def wants(self, tree: Tree) -> bool:
        return any(items(tree, "Cluster"))

    def run(self, context: Context, verdict: Verdict) -> None:
        with tempfile.TemporaryDirectory(prefix="postgresql-", ignore_cleanup_errors=True) as folder:
            roots = [context.tools[name].parent / "root" for name in ("postgres", "pgbouncer")]
            self.programs = copied(Path(folder), *roots)
            self.known: dict[str, list[tuple[str, str]]] = {}
            super().run(context, verdict)

    def judge(self, context: Context, tree: Tree) -> tuple[int, list[Finding]]:
        judged, findings = 0, []
        for item in items(tree, "Cluster"):
            poolers = [other for other in items(tree, "Pooler") if other.data["spec"]["cluster"]["name"] == item.name and other.namespace == item.namespace]
            # The same settings need no second server.
            demands = [(other, asked(context, tree, other)) for other in poolers]
            changes = list(migrations(tree, item))
            settings = (item.data["spec"].get("postgresql"), [options for _, options in changes])
            roles = [
                other.data["spec"] for other in items(tree, "DatabaseRole")
                if other.data["spec"]["cluster"]["name"] == item.name and other.namespace == item.namespace
            ]
            given = hosts(tree, item)
            key = repr((settings, roles, at(item.data, ("spec", "certificates")), given, [(other.data["spec"]["pgbouncer"], count) for other, count in demands]))
            if key not in self.known:
                self.known[key] = list(self.of_cluster(item, demands, changes, roles, given))
            findings += [Finding(tree.name, rule, item.identity, text) for rule, text in self.known[key]]
            judged += 1 + len(poolers) + len(changes) + len(roles)
        return judged, findings

    def of_cluster(
        self, item: Item, demands: list[tuple[Item, int]], changes: list[tuple[Item, str]], roles: list[dict[str, Any]], given: list[str]
    ) -> Iterator[tuple[str, str]]:
        settings = item.data["spec"].get("postgresql") or {}
        parameters = settings.get("parameters") or {}
        with ExitStack() as stack:
            try:
                hba = settings.get("pg_hba") or []
                running = stack.enter_context(server(self.programs, item.name, parameters, hba, names(item, given)))
            except Refused as error:
                yield "does not start", str(error)
                return
            yield from of_names(running, [host for host in given if not any(host.startswith(f"{other.name}.") for other, _ in demands)])
            yield from of_parameters(running, parameters)
            yield from of_access(running)
            yield from of_time(running, parameters)
            yield from of_roles(running, roles)
            for other, options in changes:
                yield from of_migration(running, other, options)
            for other, count in demands:
                yield from of_pooler(self.programs, running, (other, count), [host for host in given if host.startswith(f"{other.name}.")])


def of_parameters(running: Server, parameters: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Each setting as the server reads it: applied, without an error, and still in force."""
    rows = running.sql("SELECT name, applied, coalesce(error, '') FROM pg_file_settings WHERE sourcefile LIKE '%given.conf'")
    read = {name: (applied, error) for name, applied, error in (line.split("|") for line in rows.splitlines())}
    for name in parameters:
        if read.get(name) != ("t", ""):
            yield "setting", f"{name}: {read.get(name)}"
    wrong = running.sql("SELECT name FROM pg_settings WHERE pending_restart")
    if wrong:
        yield "setting", f"not in force: {wrong}"


def of_access(running: Server) -> Iterator[tuple[str, str]]:
    try:
        if running.over_network("require") != "t":
            yield "access", "a connection with TLS is not encrypted"
    except Refused as error:
        yield "access", f"with TLS: {error}"
    try:
        running.over_network("disable")
        yield "access", "a connection without TLS is let in"
    except Refused:
        pass


def of_migration(running: Server, job: Item, options: str) -> Iterator[tuple[str, str]]:
    """A migration that another transaction blocks ends by itself, and says why; so does one that takes too long."""
    limits = dict(word.split("=") for word in options.split() if "=" in word)
    for name, given in limits.items():
        if (read := running.as_app(f"SELECT setting FROM pg_settings WHERE name = '{name}'", options)) != milliseconds(given):
            yield "migration", f"{job.name}: {name} = {given} is read as {read} ms"
    if set(limits) != {"lock_timeout", "statement_timeout"}:
        yield "migration", f"{job.name}: PGOPTIONS is {options}"
        return
    running.as_app("DROP TABLE IF EXISTS orders; CREATE TABLE orders (id int); INSERT INTO orders VALUES (1)", "")
    with running.holding("BEGIN; SELECT * FROM orders"):
        began = time.monotonic()
        try:
            running.as_app("ALTER TABLE orders ADD COLUMN note text", options)
            yield "migration", f"{job.name}: changes a table that a transaction holds"
        except Refused as error:
            took = time.monotonic() - began
            if "lock timeout" not in str(error):
                yield "migration", f"{job.name}: {error}"
            if not float(milliseconds(limits["lock_timeout"])) / 1000 <= took < DEADLINE:
                yield "migration", f"{job.name}: gave up after {took:.1f} s"
        # The readers behind a waiting ALTER are let through once it has given up.
        running.as_app("SELECT * FROM orders", "-c statement_timeout=1000")
    running.as_app("ALTER TABLE orders ADD COLUMN note text", options)
    short = options.replace(limits["statement_timeout"], "200ms")
    try:
        running.as_app("SELECT pg_sleep(5)", short)
        yield "migration", f"{job.name}: a statement is not ended"
    except Refused as error:
        if "statement timeout" not in str(error):
            yield "migration", f"{job.name}: {error}"


def milliseconds(time_of: str) -> str:
    """As PostgreSQL says both settings."""
    return time_of[:-2] if time_of.endswith("ms") else f"{time_of.removesuffix('s')}000"


def of_pooler(programs: Programs, running: Server, asked_of: tuple[Item, int], given: list[str]) -> Iterator[tuple[str, str]]:
    """All clients that there can be get an answer at the same time; one more than the limit is refused, and so is plain text."""
    item, count = asked_of
    settings: dict[str, Any] = item.data["spec"]["pgbouncer"]
    parameters = settings.get("parameters") or {}
    limit = int(parameters.get("max_client_conn", 100))
    if settings["poolMode"] == "session":
        # Each client keeps its server connection: while one pod is replaced, the others share all clients.
        count = -(-count // max(1, item.data["spec"]["instances"] - 1))
    clients: list[Client] = []
    try:
        with pooler(programs, running, item.name, settings["poolMode"], parameters) as port:
            yield from of_names(running, given, port)
            try:
                running.tell("app", "SELECT true", "host=127.0.0.1 sslmode=disable", port)
                yield "access", f"{item.name} lets a client in without TLS"
            except Refused:
                pass
            try:
                clients += (Client(port) for _ in range(count))
                for client in clients:
                    client.ask("SELECT pg_sleep(0.2)")
                for client in clients:
                    client.until_ready()
            except Refused as error:
                yield "load", f"of {count} clients {len(clients)} got in: {error}"
                return
            try:
                clients += (Client(port) for _ in range(limit + 1 - len(clients)))
                yield "load", f"{limit + 1} clients get in, and the limit is {limit}"
            except Refused:
                pass
    except Refused as error:
        yield "pooler", str(error)
    finally:
        for client in clients:
            client.close()
