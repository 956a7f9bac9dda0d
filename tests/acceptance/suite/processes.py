"""Children of this program: all that still run are ended with it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Callable

RUNNING: set[subprocess.Popen] = set()


def start(command: list[str], **options) -> subprocess.Popen:
    """A child in a group of its own, which `end` ends as a whole."""
    child = subprocess.Popen(command, start_new_session=True, **options)
    RUNNING.add(child)
    return child


def end(child: subprocess.Popen) -> None:
    """Ends a child and its own children at once, if they still run."""
    RUNNING.discard(child)
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    child.wait()


def execute(command: list[str], **options) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end and keeps what it prints."""
    text = options.pop("input", None)
    feed = subprocess.DEVNULL if text is None else subprocess.PIPE
    child = start(command, stdin=feed, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    try:
        out, err = child.communicate(text)
    finally:
        RUNNING.discard(child)
    return subprocess.CompletedProcess(command, child.returncode, out, err)


def end_all_on_signal(tidy: Callable[[], None]) -> None:
    """An interrupted run ends its children and does not wait for its referees."""
    def stop(number: int, _frame: object) -> None:
        for child in list(RUNNING):
            end(child)
        tidy()
        os._exit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


class Refused(Exception):
    """A server that does not start, or an answer that is an error; the text is its own."""


def free_ports(count: int) -> list[int]:
    """Ports of the loopback address that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()
