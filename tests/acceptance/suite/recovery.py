"""A point-in-time recovery for real: PostgreSQL with an archive of its log, a base backup, and a second server from both."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .postgres import DEADLINE, NOBODY, Programs, Refused, Server, server
from .processes import free_ports

HBA = ["local replication all trust"]


@dataclass
class Source:
    """A server that archives its log."""

    running: Server
    archive: Path
    base: Path

    def archived(self) -> int:
        return int(self.running.sql("SELECT archived_count FROM pg_stat_archiver"))

    def wait_for_archive(self, more_than: int, seconds: float) -> bool:
        """Whether another segment arrives within this time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.archived() > more_than:
                return True
            time.sleep(0.1)
        return False


@contextmanager
def archiving(programs: Programs) -> Iterator[Source]:
    """A server with an archive and one base backup."""
    home = programs.own(Path(tempfile.mkdtemp(prefix="recovery-", dir=programs.home)))
    archive, base = programs.own(home / "archive"), home / "base"
    settings = {
        "archive_mode": "on", "archive_command": f"test ! -f {archive}/%f && cp %p {archive}/%f", "wal_level": "replica",
        "max_wal_senders": "4",
    }
    try:
        with server(programs, "source", settings, HBA) as running:
            programs.run("pg_basebackup", "-h", running.sockets, "-p", running.port, "-U", "postgres", "-D", base, "-c", "fast", "-X", "none")
            yield Source(running, archive, base)
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def restored(programs: Programs, source: Source, target: dict[str, str]) -> Iterator[Server]:
    """A server from the base backup and the archive, as the operator makes one: `target` is the manifest's `recoveryTarget`."""
    data, port = Path(tempfile.mkdtemp(prefix="restored-", dir=programs.home)) / "data", free_ports(1)[0]
    data.parent.chmod(0o755)
    shutil.copytree(source.base, data, copy_function=shutil.copy2)
    settings = {
        "port": str(port), "unix_socket_directories": str(data), "archive_mode": "off",
        "restore_command": f"cp {source.archive}/%f %p", "recovery_target_timeline": "latest", "recovery_target_action": "promote",
    }
    if "targetTime" in target:
        settings |= {"recovery_target_time": target["targetTime"], "recovery_target_inclusive": "off" if target.get("exclusive") else "on"}
    with open(data / "postgresql.conf", "a", encoding="utf-8") as file:
        file.write("".join(f"{key} = '{value}'\n" for key, value in settings.items()))
    (data / "log").unlink(missing_ok=True)
    (data / "recovery.signal").touch()
    data.chmod(0o700)
    if os.geteuid() == 0:
        for path in [data.parent, data, *data.rglob("*")]:
            os.chown(path, NOBODY, NOBODY)
    try:
        try:
            programs.run("pg_ctl", "start", "-D", data, "-l", data / "log", "-w", "-t", int(DEADLINE))
            running = Server(programs, port, data, source.running.authority, source.running.signed)
            end = time.monotonic() + DEADLINE
            while running.sql("SELECT pg_is_in_recovery()") != "f":
                if time.monotonic() > end:
                    raise Refused("it does not end")
                time.sleep(0.1)
        except Refused as error:
            log = (data / "log").read_text(encoding="utf-8") if (data / "log").exists() else ""
            raise Refused(f"{error}\n{log[-1500:]}") from error
        yield running
    finally:
        programs.run("pg_ctl", "stop", "-D", data, "-m", "immediate", accept=(0, 1))
        shutil.rmtree(data.parent, ignore_errors=True)
