"""Enters the suite's own Python environment, then runs the suite."""

import os
import sys
from pathlib import Path

from .cache import Cache, InstallError
from .install import python_environment

OLDEST_PYTHON = (3, 11)


def cache_root() -> Path:
    named = os.environ.get("SPECC_ACCEPTANCE_CACHE")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(named).resolve() if named else Path(base).resolve() / "specc-acceptance"


if __name__ == "__main__":
    if sys.version_info < OLDEST_PYTHON:
        sys.exit("the acceptance suite needs Python 3.11 or newer")
    cache = Cache(cache_root())
    try:
        with cache.lock():
            wanted = python_environment(cache, "driver")
    except InstallError as error:
        sys.exit(f"the acceptance suite could not install PyYAML: {error}")
    if Path(sys.prefix) != wanted.parent:
        os.execv(wanted / "python", [str(wanted / "python"), "-m", "suite", *sys.argv[1:]])

    from .main import main

    sys.exit(main(cache))
