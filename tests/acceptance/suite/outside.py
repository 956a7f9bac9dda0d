"""What a specification declares to be run by somebody else beside services: caches and brokers, by address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

PORTS = {"redis": 6379, "rediss": 6379}


@dataclass(frozen=True)
class Outside:
    # As `uses` names it: `queues.events`.
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
            for place in (2, 3):
                if len(words) > place and words[place] == "svc":
                    yield words[place - 1], words[place - 2], port

    def beyond(self) -> list[tuple[str, int]]:
        """Those servers that are not in the cluster."""
        return [(host, port) for host, port in self.servers if "svc" not in host.split(".")[2:4]]


def of_url(service: str, used: str, entry: dict[str, Any]) -> Outside:
    url = urlsplit(entry["url"])
    server = (url.hostname or "", url.port or PORTS[url.scheme])
    return Outside(used, service, (server,), tuple(entry.get("cidrs") or ()))


def outsides(service: dict[str, Any]) -> list[Outside]:
    """The caches and brokers of a service that are somebody else's."""
    own, found = service["service"]["name"], []
    for name, entry in (service.get("caches") or {}).items():
        if "url" in entry:
            found.append(of_url(own, f"caches.{name}", entry))
    for name, entry in (service.get("queues") or {}).items():
        servers = tuple((host, int(port)) for host, _, port in (text.rpartition(":") for text in entry["hosts"]))
        found.append(Outside(f"queues.{name}", own, servers, tuple(entry.get("cidrs") or ())))
    return found


def outside_of(service: dict[str, Any], used: str) -> Outside | None:
    """What `used` names, if that is somebody else's."""
    return next((one for one in outsides(service) if one.used == used), None)
