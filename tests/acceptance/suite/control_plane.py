"""A real Kubernetes API server on loopback, with its own etcd and data folder.

The definitions of the add-ons are installed once; the data folder with them is
kept in the cache and copied for each run. There are no controllers: what is
applied stays as it is, and `purge` takes it away again directly in etcd.
"""

from __future__ import annotations

import base64
import json
import secrets
import shutil
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from . import golden, processes
from .processes import free_ports
from .cache import Cache, key_of

# Ends its child when its standard input closes, which the system does even if
# this program is killed: nothing is left running.
SUPERVISOR = """
"$@" & child=$!
cat >/dev/null
kill "$child"
for _ in 1 2 3 4 5 6 7 8 9 10; do sleep 0.5; kill -0 "$child" 2>/dev/null || exit 0; done
kill -9 "$child"
"""
START_SECONDS = 120


# A cluster-wide kind to be an ApplySet's parent: a namespaced parent takes
# objects of its own namespace only.
PARENT = {
    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
    "metadata": {"name": "sets.acceptance.test", "labels": {"applyset.kubernetes.io/is-parent-type": "true"}},
    "spec": {
        "group": "acceptance.test", "scope": "Cluster", "names": {"kind": "Set", "plural": "sets"},
        "versions": [{
            "name": "v1", "served": True, "storage": True,
            "schema": {"openAPIV3Schema": {"type": "object"}},
        }],
    },
}


class ControlPlaneError(Exception):
    """The server could not be started or answered in an unexpected way."""


@dataclass(frozen=True)
class Answer:
    """A response of the API server."""

    status: int
    body: dict[str, Any]
    warnings: tuple[str, ...]

    @property
    def message(self) -> str:
        return self.body.get("message", "")


class Process:
    """A supervised server with its log in a file."""

    def __init__(self, name: str, command: list[str], folder: Path) -> None:
        self.log = folder / f"{name}.log"
        with open(self.log, "wb") as log:
            self.process = processes.start(
                ["sh", "-c", SUPERVISOR, "supervisor", *command],
                stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=folder,
            )

    def stop(self) -> None:
        if self.process.stdin and not self.process.stdin.closed:
            self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            pass
        processes.end(self.process)

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-2000:]


@cache
def definitions(folders: tuple[Path, ...]) -> list[golden.Item]:
    """All CustomResourceDefinitions of the folders: the one that SPECC_CRDS names, and that with those of Go modules."""
    files = [file for folder in folders for file in sorted(folder.rglob("*.yaml"))]
    items = [
        golden.Item(str(path), document)
        for path in files
        for document in golden.parse(path.read_text(encoding="utf-8"))
        if document.get("kind") == "CustomResourceDefinition"
    ]
    if not items:
        raise ControlPlaneError(f"no CustomResourceDefinition in {folders}")
    return items


class ControlPlane:
    def __init__(self, store: Cache, etcd: Path, server: Path, crds: tuple[Path, ...], folder: Path) -> None:
        self.store = store
        self.binaries = {"etcd": etcd, "kube-apiserver": server}
        self.crds = definitions(crds)
        self.installed = [*self.crds, golden.Item("the suite's own", PARENT)]
        self.folder = folder
        self.token = secrets.token_hex(16)
        self.processes: list[Process] = []
        self.baseline: set[str] = set()
        self.resources: dict[tuple[str, str], tuple[str, bool]] = {}
        self.port = self.etcd_port = 0

    def __enter__(self) -> ControlPlane:
        self.folder.mkdir(parents=True)
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        while self.processes:
            self.processes.pop().stop()

    # Starting

    def _start(self) -> None:
        key = key_of(
            *(json.dumps(item.data, sort_keys=True) for item in self.installed),
            str(self.binaries["etcd"]), str(self.binaries["kube-apiserver"]),
        )
        prepared = self.store.once("etcd-data", key, self._prepare)
        data = self.folder / "data"
        shutil.copytree(prepared / "data", data)
        self._run(data)
        self.baseline = self._keys()

    def _prepare(self, scratch: Path) -> None:
        self._run(self.folder / "first-data")
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda item: self.apply(item.data), self.installed))
        for item, answer in zip(self.installed, answers):
            if answer.status not in (200, 201):
                raise ControlPlaneError(f"{item.path}: {answer.message}")
        self._await_established()
        self.stop()
        shutil.copytree(self.folder / "first-data", scratch / "data")

    def _await_established(self) -> None:
        path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
        deadline = time.monotonic() + START_SECONDS
        while True:
            pending = [
                item["metadata"]["name"]
                for item in self.request("GET", path).body["items"]
                if ("Established", "True") not in {
                    (condition["type"], condition["status"])
                    for condition in (item.get("status") or {}).get("conditions") or []
                }
            ]
            if not pending:
                return
            if time.monotonic() > deadline:
                raise ControlPlaneError(f"not established: {pending}")
            time.sleep(0.2)

    def _run(self, data: Path) -> None:
        self.etcd_port, peer_port, self.port = free_ports(3)
        client, peer = (f"http://127.0.0.1:{port}" for port in (self.etcd_port, peer_port))
        self._launch("etcd", [
            "--data-dir", str(data), "--listen-client-urls", client, "--advertise-client-urls", client,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
            "--initial-cluster", f"default={peer}", "--unsafe-no-fsync", "--force-new-cluster",
        ])
        self._await("etcd", lambda: self._plain(f"{client}/health"))
        self._credentials()
        self._launch("kube-apiserver", [
            f"--etcd-servers={client}", "--bind-address=127.0.0.1", "--advertise-address=127.0.0.1",
            f"--secure-port={self.port}", f"--cert-dir={self.folder / 'serving'}",
            "--service-cluster-ip-range=10.0.0.0/16", "--service-account-issuer=https://127.0.0.1/",
            f"--service-account-key-file={self.folder / 'account.pub'}",
            f"--service-account-signing-key-file={self.folder / 'account.key'}",
            f"--token-auth-file={self.folder / 'tokens.csv'}", "--authorization-mode=RBAC",
            "--allow-privileged=true",
            # The server's own Service needs no endpoint here, and a loopback one is refused.
            "--endpoint-reconciler-type=none",
            # Its controllers do not run here.
            "--disable-admission-plugins=ServiceAccount",
        ])
        self._await("kube-apiserver", lambda: self.request("GET", "/readyz", plain=True).status == 200)
        self._discover()

    def _launch(self, name: str, arguments: list[str]) -> None:
        self.processes.append(Process(name, [str(self.binaries[name]), *arguments], self.folder))

    def _await(self, name: str, ready) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                if ready():
                    return
            except (OSError, ssl.SSLError):
                pass
            time.sleep(0.1)
        raise ControlPlaneError(f"{name} did not become ready: {self.processes[-1].tail()}")

    @staticmethod
    def _plain(url: str) -> bool:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.status == 200

    def _credentials(self) -> None:
        key, public = self.folder / "account.key", self.folder / "account.pub"
        subprocess.run(["openssl", "genrsa", "-out", str(key), "2048"], check=True, capture_output=True)
        subprocess.run(["openssl", "rsa", "-in", str(key), "-pubout", "-out", str(public)], check=True, capture_output=True)
        tokens = self.folder / "tokens.csv"
        tokens.write_text(f'{self.token},suite,suite,"system:masters"\n', encoding="utf-8")
        tokens.chmod(0o600)

    def kubeconfig(self) -> Path:
        path = self.folder / "kubeconfig"
        certificate = (self.folder / "serving" / "apiserver.crt").read_bytes()
        path.write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "suite",
            "clusters": [{"name": "suite", "cluster": {
                "server": f"https://127.0.0.1:{self.port}",
                "certificate-authority-data": base64.b64encode(certificate).decode(),
            }}],
            "users": [{"name": "suite", "user": {"token": self.token}}],
            "contexts": [{"name": "suite", "context": {"cluster": "suite", "user": "suite"}}],
        }), encoding="utf-8")
        path.chmod(0o600)
        return path

    # Talking

    def request(
        self, method: str, path: str, body: Any = None, content: str = "application/json", *, plain: bool = False,
    ) -> Answer:
        request = urllib.request.Request(
            f"https://127.0.0.1:{self.port}{path}", method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": content, "Accept": "application/json"},
        )
        trust = ssl.create_default_context(cafile=str(self.folder / "serving" / "apiserver.crt"))
        try:
            with urllib.request.urlopen(request, timeout=60, context=trust) as response:
                status, headers, text = response.status, response.headers, response.read()
        except urllib.error.HTTPError as error:
            status, headers, text = error.code, error.headers, error.read()
        # A warning header is: code, agent, quoted text.
        warnings = tuple(
            value.split(" ", 2)[-1].strip('"') for value in headers.get_all("Warning") or []
        )
        if plain:
            return Answer(status, {}, warnings)
        return Answer(status, json.loads(text or b"{}"), warnings)

    def _discover(self) -> None:
        self.resources = {}
        groups = self.request("GET", "/apis").body["groups"]
        versions = ["/api/v1"] + [
            f"/apis/{version['groupVersion']}" for group in groups for version in group["versions"]
        ]
        with ThreadPoolExecutor(4) as pool:
            listings = list(pool.map(lambda path: self.request("GET", path).body, versions))
        for listing in listings:
            for resource in listing.get("resources") or []:
                if "/" not in resource["name"]:
                    key = (listing["groupVersion"], resource["kind"])
                    self.resources[key] = (resource["name"], resource["namespaced"])

    def path(self, data: dict[str, Any]) -> str | None:
        """The object's address, or None if the server knows no such kind."""
        version, kind = data.get("apiVersion", ""), data.get("kind", "")
        if (version, kind) not in self.resources:
            return None
        plural, namespaced = self.resources[version, kind]
        metadata = data["metadata"]
        prefix = "/api/" if "/" not in version else "/apis/"
        namespace = f"/namespaces/{metadata.get('namespace', 'default')}" if namespaced else ""
        return f"{prefix}{version}{namespace}/{plural}/{metadata['name']}"

    def get(self, data: dict[str, Any]) -> dict[str, Any] | None:
        path = self.path(data)
        answer = self.request("GET", path) if path else None
        return answer.body if answer and answer.status == 200 else None

    def apply(self, data: dict[str, Any], manager: str = "suite", *, dry_run: bool = False) -> Answer:
        """Server-side apply of one object with strict field validation."""
        path = self.path(data)
        if path is None:
            return Answer(404, {"message": f"no matches for kind {data.get('kind')} in {data.get('apiVersion')}"}, ())
        query = {"fieldManager": manager, "fieldValidation": "Strict", "force": "true"}
        if dry_run:
            query["dryRun"] = "All"
        return self.request("PATCH", f"{path}?{urlencode(query)}", data, "application/apply-patch+yaml")

    # Cleaning

    def _etcd(self, call: str, body: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.etcd_port}/v3/kv/{call}", data=json.dumps(body).encode(), method="POST",
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)

    def _keys(self) -> set[str]:
        start, end = (base64.b64encode(key).decode() for key in (b"/registry/", b"/registry0"))
        found = self._etcd("range", {"key": start, "range_end": end, "keys_only": True})
        return {entry["key"] for entry in found.get("kvs", [])}

    def purge(self) -> None:
        """Removes every object that was not there after the start."""
        added = self._keys() - self.baseline
        for key in added:
            # Only the server knows which ports of the nodes a Service held.
            match base64.b64decode(key).decode().split("/"):
                case ["", "registry", "services", "specs", namespace, name]:
                    self.request("DELETE", f"/api/v1/namespaces/{namespace}/services/{name}")
            self._etcd("deleterange", {"key": key})
        # Admission reads policies and namespaces from caches that follow etcd.
        if added:
            time.sleep(1)
