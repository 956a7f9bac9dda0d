"""A real Redis, and as much of its protocol (RESP2) as asking questions needs."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import processes
from .processes import Refused, free_ports

DEADLINE = 60.0


class Client:
    """One connection."""

    def __init__(self, port: int, password: str | None = None) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), DEADLINE)
        self.stream = self.socket.makefile("rb")
        if password is not None:
            self.ask("AUTH", password)

    def send(self, *words: str | bytes) -> None:
        parts = [word if isinstance(word, bytes) else word.encode() for word in words]
        self.socket.sendall(b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts))

    def answer(self):
        line = self.stream.readline()
        if not line:
            raise Refused("the connection was closed")
        kind, rest = line[:1], line[1:-2].decode()
        if kind == b"-":
            raise Refused(rest)
        if kind == b":":
            return int(rest)
        if kind == b"$":
            length = int(rest)
            return None if length < 0 else self.stream.read(length + 2)[:-2].decode()
        if kind == b"*":
            return [self.answer() for _ in range(int(rest))]
        return rest

    def ask(self, *words: str | bytes):
        self.send(*words)
        return self.answer()

    def info(self) -> dict[str, str]:
        lines = self.ask("INFO", "everything").splitlines()
        return dict(line.split(":", 1) for line in lines if ":" in line)

    def close(self) -> None:
        self.stream.close()
        self.socket.close()


class Server:
    """A running server and its own memory."""

    def __init__(self, child: subprocess.Popen, port: int, password: str | None) -> None:
        self.child, self.port, self.password = child, port, password

    def client(self) -> Client:
        return Client(self.port, self.password)

    def family(self) -> list[int]:
        """The process, and the one that rewrites the file."""
        children = Path(f"/proc/{self.child.pid}/task/{self.child.pid}/children").read_text(encoding="ascii")
        return [self.child.pid, *map(int, children.split())]

    def memory(self) -> int:
        """What the kernel counts for the container: pages of all processes, shared ones once."""
        total = 0
        for pid in self.family():
            try:
                rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
            except (FileNotFoundError, ProcessLookupError):
                continue
            fields = dict(line.split(":", 1) for line in rollup.splitlines()[1:])
            total += int(fields["Pss_Anon"].split()[0]) * 1024
        return total


@contextmanager
def server(program: Path, arguments: list[str], folder: Path, password: str | None) -> Iterator[Server]:
    """A server with these arguments."""
    port = free_ports(1)[0]
    command = [str(program), *arguments, "--port", str(port), "--bind", "127.0.0.1", "--logfile", str(folder / "log")]
    child = processes.start(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        wait_for(child, port, folder, password)
        yield Server(child, port, password)
    finally:
        processes.end(child)
        child.stderr.close()


def wait_for(child: subprocess.Popen, port: int, folder: Path, password: str | None) -> None:
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        if child.poll() is not None:
            log = folder / "log"
            text = log.read_text(encoding="utf-8") if log.exists() else ""
            raise Refused(f"does not start: {(child.stderr.read() + text)[-600:]}")
        try:
            client = Client(port, password)
            client.ask("PING")
            client.close()
            return
        except (OSError, Refused):
            time.sleep(0.05)
    raise Refused("does not answer")
