"""What a specification declares to be somebody else's: services, caches and brokers, by address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

PORTS = {"https": 443, "http": 80, "redis": 6379, "rediss": 6379}


@dataclass(frozen=True)
class Outside:
    # As `uses` names it: `externals.mail`.
    used: str
    service: str
    # Host and port of each server.
    servers: tuple[tuple[str, int], ...]
    cidrs: tuple[str, ...]

    @property
    def peer(self) -> str:
        """The name of its addresses in the world of the network referees."""
        return f"outside/{self.service}-{self.used.replace('.', '-')}"

    def namespaces(self) -> Iterator[tuple[str, str, int]]:
        """Namespace, name and port of those servers that are in the cluster."""
        for host, port in self.servers:
            words = host.split(".")
            if len(words) > 2 and words[2] == "svc":
                yield words[1], words[0], port

    @property
    def is_inside(self) -> bool:
        return any(True for _ in self.namespaces())


def of_url(service: str, used: str, entry: dict[str, Any]) -> Outside:
    url = urlsplit(entry["url"])
    server = (url.hostname or "", url.port or PORTS[url.scheme])
    return Outside(used, service, (server,), tuple(entry.get("cidrs") or ()))


def outsides(service: dict[str, Any]) -> list[Outside]:
    """Everything of a service that is somebody else's."""
    own, found = service["service"]["name"], []
    for noun in ("externals", "caches"):
        for name, entry in (service.get(noun) or {}).items():
            if "url" in entry:
                found.append(of_url(own, f"{noun}.{name}", entry))
    return found


def outside(service: dict[str, Any], used: str) -> Outside | None:
    """What `used` names, if that is somebody else's."""
    return next((one for one in outsides(service) if one.used == used), None)
