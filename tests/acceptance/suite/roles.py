"""A DatabaseRole on a real PostgreSQL: it may do what it is for and nothing else, and has its connections and not one more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .certificates import Signed
from .postgres import Client, Refused, Server, shows

READS = ("SELECT count(*) FROM kept", "CREATE TEMP TABLE own (a int)")
WRITES = (
    "INSERT INTO kept (what) VALUES ('a') RETURNING id", "UPDATE kept SET what = 'b'", "SELECT nextval('kept_id_seq')",
    "SELECT id FROM kept FOR UPDATE", "DELETE FROM kept",
)
NEVER = (
    "CREATE TABLE public.other (a int)", "DROP TABLE kept", "ALTER TABLE kept ADD COLUMN c int", "TRUNCATE kept",
    "CREATE SCHEMA other", "CREATE ROLE other", "CREATE DATABASE other", "SET ROLE app", "ALTER SYSTEM SET work_mem = '1MB'",
    "COPY kept TO PROGRAM 'cat'", "SELECT pg_read_file('postgresql.conf')", "UPDATE pg_authid SET rolsuper = true",
)
DENIED = ("permission denied", "must be")


def made(role: dict[str, Any]) -> str:
    """The statement by which the operator makes a role (cloudnative-pg, internal/management/controller/roles)."""
    switches = {
        "login": "LOGIN", "inherit": "INHERIT", "superuser": "SUPERUSER", "createdb": "CREATEDB", "createrole": "CREATEROLE",
        "replication": "REPLICATION", "bypassrls": "BYPASSRLS",
    }
    # What is not written has the operator's default.
    words = [word if role.get(key, key == "inherit") else f"NO{word}" for key, word in switches.items()]
    password = "NULL" if role.get("disablePassword") else f"'{role['name']}'"
    member = f"IN ROLE {', '.join(role['inRoles'])}" if role.get("inRoles") else ""
    return f"CREATE ROLE {role['name']} {' '.join(words)} CONNECTION LIMIT {role.get('connectionLimit', -1)} PASSWORD {password} {member}"


def of_roles(running: Server, roles: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """The owner's table is there before the roles are: what they may do must hold for tables of others, and later ones."""
    if roles:
        running.ask("app", "CREATE TABLE kept (id serial PRIMARY KEY, what text)")
    for role in roles:
        running.sql(made(role))
        if (role.get("clientCertificate") or {}).get("enabled"):
            yield from of_certificate(running, role["name"])
        yield from of_rights(running, role)
        yield from of_limit(running, role)


def of_certificate(running: Server, name: str) -> Iterator[tuple[str, str]]:
    """Its certificate lets it in. Nothing else does: no certificate, a password, the certificate of another."""
    running.authority.client("stranger")
    other = shows(Signed(running.authority.folder / "stranger.crt", running.authority.folder / "stranger.key"))
    running.sql(f"ALTER ROLE {name} PASSWORD '{name}'")
    for what, shown, says in (("no certificate", "", "certificate"), ("the certificate of another", other, "certificate authentication failed")):
        try:
            running.tell(name, "SELECT true", f"host=127.0.0.1 sslmode=require{shown}")
            yield "certificate", f"{name} gets in with its password and {what}"
        except Refused as error:
            if says not in str(error):
                yield "certificate", f"{name} with {what}: {error}"
    running.sql(f"ALTER ROLE {name} PASSWORD NULL")
    running.certify(name)
    try:
        running.ask(name, "SELECT true")
    except Refused as error:
        yield "certificate", f"{name} does not get in with its certificate: {error}"


def of_rights(running: Server, role: dict[str, Any]) -> Iterator[tuple[str, str]]:
    name, writes = role["name"], "pg_write_all_data" in (role.get("inRoles") or [])
    for statement in READS + (WRITES if writes else ()):
        try:
            running.ask(name, statement)
        except Refused as error:
            yield "role", f"{name} may not: {statement}: {error}"
    for statement in NEVER + (() if writes else WRITES):
        try:
            running.ask(name, statement)
            yield "role", f"{name} may: {statement}"
        except Refused as error:
            if not any(word in str(error) for word in DENIED):
                yield "role", f"{name}: {statement}: {error}"


def of_limit(running: Server, role: dict[str, Any]) -> Iterator[tuple[str, str]]:
    name, limit = role["name"], role.get("connectionLimit", -1)
    clients: list[Client] = []
    try:
        try:
            clients += (running.client(name) for _ in range(limit))
        except Refused as error:
            yield "role", f"{name}: of {limit} connections {len(clients)} are given: {error}"
            return
        try:
            clients.append(running.client(name))
            yield "role", f"{name}: {limit + 1} connections are given, and the limit is {limit}"
        except Refused as error:
            if "too many connections for role" not in str(error):
                yield "role", f"{name}: {error}"
    finally:
        for client in clients:
            client.close()


def of_time(running: Server, parameters: dict[str, str]) -> Iterator[tuple[str, str]]:
    """A statement that runs longer than it may is ended; only a limit of a few seconds is waited for."""
    seconds = parameters.get("statement_timeout", "").removesuffix("s")
    if seconds.isdigit() and 0 < int(seconds) <= 5:
        try:
            running.ask("app", f"SELECT pg_sleep({int(seconds) + 2})")
            yield "time-out", f"a statement outlives statement_timeout = {seconds}s"
        except Refused as error:
            if "statement timeout" not in str(error):
                yield "time-out", str(error)
