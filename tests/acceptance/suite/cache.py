"""The folder that installed tools are kept in, and how a recipe fills an entry of it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Iterator

from . import processes


class InstallError(Exception):
    """A tool could not be had."""


class Cache:
    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Two runs at once share the cache: one installs, the other waits."""
        with open(self.root / "lock", "w", encoding="utf-8") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def once(self, name: str, key: str, make: Callable[[Path], None]) -> Path:
        """The folder `name-key`, made by `make` in a scratch folder if it is not there."""
        place = self.root / f"{name}-{key}"
        if place.exists():
            return place
        scratch = self.root / f"{name}-{key}.{os.getpid()}.part"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        try:
            make(scratch)
            scratch.rename(place)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        return place


def key_of(*parts: str | bytes | Path) -> str:
    digest = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else part
        digest.update(content.encode() if isinstance(content, str) else content)
        digest.update(b"\0")
    return digest.hexdigest()[:16]


def call(command: list[str], **options) -> str:
    result = processes.execute(command, **options)
    if result.returncode:
        raise InstallError(f"{' '.join(command[:6])}: exit {result.returncode}: {result.stderr[-2000:]}")
    return result.stdout
