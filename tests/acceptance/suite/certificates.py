"""An authority as CloudNativePG makes one for each Cluster, and what it signs: the servers' certificate and those of accounts.

Source: cloudnative-pg, pkg/certs: keys on the curve P-256; of a client's certificate the common name is the role's.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from . import processes
from .processes import Refused

NOBODY = 65534


@dataclass(frozen=True)
class Signed:
    """A certificate and its key."""

    certificate: Path
    key: Path


class Authority:
    """Signs certificates in a folder that the servers' account may read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        self.certificate, self.key = folder / "ca.crt", folder / "ca.key"
        openssl(
            "req", "-x509", *NEW_KEY, "-days", "2", "-subj", "/CN=authority", "-keyout", self.key, "-out", self.certificate,
        )

    def server(self, name: str, names: list[str]) -> Signed:
        """A server's certificate for these host names, whose key is the server's alone."""
        return self.sign(name, ["subjectAltName=" + ",".join(f"DNS:{other}" for other in names or ["localhost"]), "extendedKeyUsage=serverAuth"], 0o600)

    def client(self, role: str) -> Signed:
        """A role's certificate; its key is root's and the group may read it, as the kubelet shows it to a program."""
        return self.sign(role, ["extendedKeyUsage=clientAuth"], 0o440 if os.geteuid() == 0 else 0o600)

    def sign(self, name: str, extensions: list[str], mode: int) -> Signed:
        made = Signed(self.folder / f"{name}.crt", self.folder / f"{name}.key")
        asked, settings = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        settings.write_text("".join(f"{line.replace('=', ' = ', 1)}\n" for line in extensions), encoding="utf-8")
        # A common name has 64 characters at most, and host names stand in the extension.
        openssl("req", "-new", *NEW_KEY, "-subj", f"/CN={name[:64]}", "-keyout", made.key, "-out", asked)
        openssl(
            "x509", "-req", "-in", asked, "-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial", "-days", "2",
            "-extfile", settings, "-out", made.certificate,
        )
        made.key.chmod(mode)
        if os.geteuid() == 0:
            os.chown(made.key, NOBODY if mode == 0o600 else 0, NOBODY)
        made.certificate.chmod(0o644)
        return made


NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def openssl(*arguments: object) -> None:
    result = processes.execute(["openssl", *map(str, arguments)])
    if result.returncode:
        raise Refused(result.stderr[-600:])
