"""Programs from Debian's packages, unpacked into the cache.

Nothing is installed: a package is downloaded, verified by apt, and its files
are laid out below one folder. A program starts through a wrapper that finds
the libraries beside it, so root is not needed and the machine stays as it is.
"""

from __future__ import annotations

import platform
from pathlib import Path

from .cache import Cache, InstallError, call, key_of

# Program: (where it lies in its packages, the packages: its own and the libraries that a bare system lacks).
PROGRAMS = {
    "redis-server": ("usr/bin/redis-server", ("redis-tools", "redis-server", "liblzf1", "libjemalloc2")),
    "redis-cli": ("usr/bin/redis-cli", ("redis-tools", "redis-server", "liblzf1", "libjemalloc2")),
    "promtool": ("usr/bin/promtool", ("prometheus",)),
    "pgbouncer": ("usr/sbin/pgbouncer", ("pgbouncer", "libc-ares2", "libevent-2.1-7")),
    "postgres": ("usr/lib/postgresql/15/bin/postgres", ("postgresql-15", "postgresql-client-15", "libpq5", "libllvm14", "libz3-4", "libxslt1.1")),
}


def unpacked(cache: Cache, packages: tuple[str, ...]) -> Path:
    """The files of some packages below one folder."""
    release = platform.freedesktop_os_release()
    if release.get("ID") != "debian" or release.get("VERSION_ID") != "12":
        raise InstallError(f"{packages[0]} is taken from Debian 12, and this is {release.get('PRETTY_NAME')}")

    def make(folder: Path) -> None:
        downloads = folder / "packages"
        downloads.mkdir()
        downloads.chmod(0o777)  # apt downloads as a user of its own
        call(["apt-get", "download", "-q", *packages], cwd=downloads)
        for archive in sorted(downloads.glob("*.deb")):
            call(["dpkg-deb", "-x", str(archive), str(folder / "root")])
            archive.unlink()

    return cache.once(packages[0], key_of(*packages, release["VERSION_ID"]), make) / "root"


def program(cache: Cache, name: str) -> Path:
    """A program of Debian, as something to start."""
    path, packages = PROGRAMS[name]
    root = unpacked(cache, packages)
    wrapper = root.parent / name
    if not wrapper.exists():
        libraries = ":".join(str(root / folder) for folder in ("usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"))
        draft = wrapper.with_suffix(".part")
        draft.write_text(
            f'#!/bin/sh\nexport LD_LIBRARY_PATH="{libraries}"\nexec "{root / path}" "$@"\n', encoding="utf-8",
        )
        draft.chmod(0o755)
        draft.rename(wrapper)
    return wrapper
