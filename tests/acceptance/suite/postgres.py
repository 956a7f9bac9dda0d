"""A real PostgreSQL and a real PgBouncer with the settings of the goldens.

PostgreSQL refuses to run as root: where this program does, its files are copied
to a folder that nobody may read and run in, and its processes run as nobody.
"""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import struct
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from . import processes
from .certificates import Authority, Signed
from .processes import Refused, free_ports

NOBODY = 65534
# Came with PgBouncer 1.21; Debian 12 has 1.18, the operator a newer one.
NEWER = frozenset({"max_prepared_statements"})
DEADLINE = 60.0


@dataclass
class Programs:
    """The programs below one folder that the account may use."""

    home: Path
    postgres: Path
    pgbouncer: Path

    @property
    def account(self) -> dict[str, int]:
        return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}

    def own(self, path: Path) -> Path:
        """A folder of the account's own."""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(path, NOBODY, NOBODY)
        return path

    def environment(self, root: Path) -> dict[str, str]:
        libraries = ":".join(str(root / folder) for folder in ("usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"))
        return {"LD_LIBRARY_PATH": libraries, "PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": str(self.home)}

    def run(self, name: str, *arguments: object, accept: tuple[int, ...] = (0,), **options) -> subprocess.CompletedProcess[str]:
        """A program of PostgreSQL, to its end."""
        program = self.postgres / "usr/lib/postgresql/15/bin" / name
        environment = self.environment(self.postgres) | options.pop("env", {})
        result = processes.execute([str(program), *map(str, arguments)], env=environment, cwd=self.home, **self.account, **options)
        if result.returncode not in accept:
            raise Refused((result.stderr or result.stdout).strip()[-600:])
        return result


def copied(home: Path, postgres: Path, pgbouncer: Path) -> Programs:
    """The unpacked packages where the account may use them."""
    home.chmod(0o755)
    for name, source in (("postgres", postgres), ("pgbouncer", pgbouncer)):
        shutil.copytree(source, home / name, symlinks=True)
    programs = Programs(home, home / "postgres", home / "pgbouncer")
    programs.run("initdb", "-D", programs.own(home / "fresh"), "-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-sync")
    return programs


@dataclass
class Server:
    """A running PostgreSQL."""

    programs: Programs
    port: int
    sockets: Path
    authority: Authority
    signed: Signed
    certificates: dict[str, Signed] = field(default_factory=dict)

    def certify(self, role: str) -> None:
        """Gives a role a certificate, with which it logs in from now on."""
        self.certificates[role] = self.authority.client(role)

    def sql(self, statement: str, **options) -> str:
        """What a statement answers, over the local socket as superuser."""
        return self.programs.run(
            "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.sockets, "-p", self.port, "-U", "postgres",
            options.pop("database", "postgres"), "-c", statement,
        ).stdout.strip()

    def as_app(self, statement: str, options: str) -> str:
        """A statement of the application's role over TLS, in a session with these options."""
        target = f"host=127.0.0.1 port={self.port} user=app dbname=app sslmode=require"
        return self.programs.run(
            "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", target, "-c", statement,
            env={"PGPASSWORD": "app", "PGOPTIONS": options},
        ).stdout.strip()

    @contextmanager
    def holding(self, statement: str) -> Iterator[None]:
        """While a session of the superuser keeps what the statement locked."""
        program = self.programs.postgres / "usr/lib/postgresql/15/bin/psql"
        session = subprocess.Popen(
            [str(program), "-X", "-q", "-A", "-t", "-h", str(self.sockets), "-p", str(self.port), "-U", "postgres", "app"],
            env=self.programs.environment(self.programs.postgres), cwd=self.programs.home, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **self.programs.account,
        )
        try:
            session.stdin.write(f"{statement};\n\\echo held\n")
            session.stdin.flush()
            while (line := session.stdout.readline()) and line.strip() != "held":
                pass
            if not line:
                raise Refused(f"{statement}: the session ended")
            yield
        finally:
            session.stdin.close()
            session.wait(DEADLINE)

    def over_network(self, mode: str) -> str:
        """What the application sees over TCP: `f` without TLS, `t` with it."""
        return self.ask("app", "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", mode)

    def ask(self, user: str, statement: str, mode: str = "require") -> str:
        """What a statement answers to a role that logs in over TCP, with its certificate, or with its own name as password."""
        shown = self.certificates.get(user)
        return self.tell(user, statement, f"host=127.0.0.1 sslmode={mode}" + (shows(shown) if shown else ""))

    def verified(self, user: str, host: str, statement: str = "SELECT true", port: int = 0) -> str:
        """The same under a host's name, of which the certificate must be."""
        shown = self.certificates.get(user)
        target = f"host={host} hostaddr=127.0.0.1 sslmode=verify-full sslrootcert={self.authority.certificate}"
        return self.tell(user, statement, target + (shows(shown) if shown else ""), port)

    def tell(self, user: str, statement: str, target: str, port: int = 0) -> str:
        target = f"{target} port={port or self.port} user={user} dbname=app"
        return self.programs.run(
            "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", target, "-c", statement, env={"PGPASSWORD": user},
        ).stdout.strip()

    def client(self, user: str) -> Client:
        """A connection that stays, over the local socket."""
        local = socket.socket(socket.AF_UNIX)
        local.settimeout(DEADLINE)
        local.connect(str(self.sockets / f".s.PGSQL.{self.port}"))
        return Client(local, user)


def shows(signed: Signed) -> str:
    """How libpq is told to show a certificate."""
    return f" sslcert={signed.certificate} sslkey={signed.key}"


@contextmanager
def server(programs: Programs, name: str, parameters: dict[str, str], hba: list[str], names: list[str] | None = None) -> Iterator[Server]:
    """A server with these settings and host names, and the application's role and database."""
    data, port = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=programs.home)) / "data", free_ports(1)[0]
    data.parent.chmod(0o755)
    shutil.copytree(programs.home / "fresh", data, copy_function=shutil.copy2)
    given = "".join(f"{key} = '{value}'\n" for key, value in sorted(parameters.items()))
    authority = Authority(data.parent / "tls")
    signed = authority.server("server", names or [])
    ours = (
        f"listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = '{data}'\nfsync = off\n"
        f"ssl = on\nssl_cert_file = '{signed.certificate}'\nssl_key_file = '{signed.key}'\nssl_ca_file = '{authority.certificate}'\n"
    )
    (data / "given.conf").write_text(given, encoding="utf-8")
    with open(data / "postgresql.conf", "a", encoding="utf-8") as file:
        file.write(f"include 'given.conf'\n{ours}")
    (data / "pg_hba.conf").write_text("local all all trust\n" + "".join(f"{line}\n" for line in hba), encoding="utf-8")
    if os.geteuid() == 0:
        for path in [data, *data.rglob("*")]:
            os.chown(path, NOBODY, NOBODY)
    try:
        programs.run("pg_ctl", "start", "-D", data, "-l", data / "log", "-w", "-t", int(DEADLINE))
    except Refused as error:
        log = (data / "log").read_text(encoding="utf-8") if (data / "log").exists() else ""
        raise Refused(f"{error}\n{log[-600:]}") from error
    try:
        running = Server(programs, port, data, authority, signed)
        running.sql("CREATE ROLE app LOGIN PASSWORD 'app'")
        running.sql("CREATE DATABASE app OWNER app")
        yield running
    finally:
        programs.run("pg_ctl", "stop", "-D", data, "-m", "immediate", accept=(0, 1))
        shutil.rmtree(data.parent, ignore_errors=True)


@contextmanager
def pooler(programs: Programs, behind: Server, name: str, mode: str, parameters: dict[str, str]) -> Iterator[int]:
    """PgBouncer with these settings before a server; its port."""
    folder, port = programs.own(behind.sockets.parent / name), free_ports(1)[0]
    (folder / "users.txt").write_text('"app" "app"\n', encoding="utf-8")
    given = "".join(f"{key} = {value}\n" for key, value in sorted(parameters.items()) if key not in NEWER)
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\napp = host=127.0.0.1 port={behind.port} dbname=app\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = trust\n"
        f"auth_file = {folder}/users.txt\nserver_tls_sslmode = require\npool_mode = {mode}\n"
        f"client_tls_cert_file = {behind.signed.certificate}\nclient_tls_key_file = {behind.signed.key}\n{given}",
        encoding="utf-8",
    )
    for file in folder.iterdir():
        file.chmod(0o644)
    child = processes.start(
        [str(programs.pgbouncer / "usr/sbin/pgbouncer"), str(folder / "pgbouncer.ini")],
        env=programs.environment(programs.pgbouncer), cwd=programs.home, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **programs.account,
    )
    try:
        wait_for(child, port)
        yield port
    finally:
        processes.end(child)
        child.stderr.close()


def wait_for(child: subprocess.Popen, port: int) -> None:
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        if child.poll() is not None:
            raise Refused(f"pgbouncer ended: {child.stderr.read()[-600:]}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise Refused("pgbouncer does not answer")


def encrypted(port: int) -> socket.socket:
    """A connection over TLS, which is asked for in the protocol itself (version 3.0, SSLRequest); who answers is not checked."""
    plain = socket.create_connection(("127.0.0.1", port), DEADLINE)
    plain.sendall(struct.pack("!II", 8, 80877103))
    if plain.recv(1) != b"S":
        plain.close()
        raise Refused("no TLS")
    settings = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    settings.check_hostname, settings.verify_mode = False, ssl.CERT_NONE
    return settings.wrap_socket(plain)


class Client:
    """A connection in PostgreSQL's own protocol (version 3.0), as far as asking one question goes."""

    def __init__(self, to: int | socket.socket, user: str = "app") -> None:
        self.socket = encrypted(to) if isinstance(to, int) else to
        self.stream = self.socket.makefile("rb")
        body = struct.pack("!I", 196608) + b"user\0" + user.encode() + b"\0database\0app\0\0"
        self.socket.sendall(struct.pack("!I", len(body) + 4) + body)
        try:
            self.until_ready()
        except Refused:
            self.close()
            raise

    def until_ready(self) -> None:
        """Reads messages up to ReadyForQuery; an error is the server's refusal."""
        while True:
            head = self.stream.read(5)
            if len(head) < 5:
                raise Refused("the connection was closed")
            kind, length = struct.unpack("!cI", head)
            body = self.stream.read(length - 4)
            if kind == b"E":
                fields = dict((part[:1], part[1:].decode()) for part in body.split(b"\0") if part)
                raise Refused(fields.get(b"M", "error"))
            if kind == b"Z":
                return

    def ask(self, statement: str) -> None:
        text = statement.encode() + b"\0"
        self.socket.sendall(b"Q" + struct.pack("!I", len(text) + 4) + text)

    def close(self) -> None:
        self.stream.close()
        self.socket.close()
