"""The connectivity that a specification declares, edge by edge, each with its name.

Nothing here looks at specc's output. An edge comes from `uses`, from a flow of
the platform that the README lists, or is a pod's edge to its own kind.
"""

from __future__ import annotations

from typing import Any, Iterator

from .spec import Environment
from .world import (
    API_SERVER, CNPG_OPERATOR, DNS, GATEWAY, INTERNET, KEDA, MONITORING, Edge,
)

POSTGRESQL = 5432
REDIS = 6379
CNPG_STATUS = 8000
CNPG_METRICS = 9187
POOLER_METRICS = 9127
HTTPS = 443


def namespace(environment: Environment, service: dict[str, Any]) -> str:
    return service["service"].get("namespace") or environment.project


def key(environment: Environment, service: dict[str, Any], name: str) -> str:
    return f"{namespace(environment, service)}/{service['service']['name']}-{name}"


def ports(workload: dict[str, Any]) -> list[tuple[int, str]]:
    """The ports on which others may call a workload."""
    found = [(workload["port"], "TCP")] if "port" in workload else []
    for port in (workload.get("ports") or {}).values():
        found.append((port["port"], port.get("protocol", "TCP").upper()))
    return found


def has_pooler(environment: Environment, database: dict[str, Any]) -> bool:
    return environment.tier != "dev" if "pooler" not in database else bool(database["pooler"])


class Graph:
    """Collects edges; the first name given to an edge stays."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.edges: dict[Edge, str] = {}
        for service in environment.services.values():
            self.service(service)

    def add(self, name: str, source: str, target: str, *ports: tuple[int, str]) -> None:
        for number, protocol in ports:
            self.edges.setdefault(Edge(source, target, number, protocol), name)

    def service(self, service: dict[str, Any]) -> None:
        for name, workload in (service.get("workloads") or {}).items():
            self.workload(service, key(self.environment, service, name), workload)
        for name, database in (service.get("databases") or {}).items():
            self.database(service, name, database)
        for name in service.get("caches") or {}:
            self.pod("cache", key(self.environment, service, f"cache-{name}"))

    def pod(self, what: str, own: str) -> None:
        """What every pod has."""
        self.add(f"dns: {what} looks names up", own, DNS, (53, "UDP"), (53, "TCP"))

    def workload(self, service: dict[str, Any], own: str, workload: dict[str, Any]) -> None:
        self.pod("workload", own)
        for used in workload.get("uses") or []:
            self.use(service, own, used)
        if "port" in workload:
            port = (workload["port"], "TCP")
            self.add("monitoring: the scraper reads metrics", MONITORING, own, port)
            if "route" in workload:
                self.add("gateway: the route leads here", GATEWAY, own, port)

    def use(self, service: dict[str, Any], own: str, used: str) -> None:
        kind, _, rest = used.partition(".")
        name = f"uses: {used}"
        if kind == "services":
            other_name, _, workload_name = rest.partition(".")
            other = self.environment.services[other_name]
            target = other["workloads"][workload_name]
            self.add(name, own, key(self.environment, other, workload_name), *ports(target))
        elif kind == "databases":
            for target in self.entries(service, rest):
                self.add(name, own, target, (POSTGRESQL, "TCP"))
        elif kind == "caches":
            self.add(name, own, key(self.environment, service, f"cache-{rest}"), (REDIS, "TCP"))
        elif kind in ("externals", "queues"):
            self.add(name, own, INTERNET, (HTTPS, "TCP"))

    def entries(self, service: dict[str, Any], name: str) -> Iterator[str]:
        """The pods through which a database is reached."""
        database = service["databases"][name]
        own = key(self.environment, service, f"db-{name}")
        if not has_pooler(self.environment, database):
            yield own
            return
        yield f"{own}-pooler-rw"
        if database.get("read_replicas"):
            yield f"{own}-pooler-ro"

    def database(self, service: dict[str, Any], name: str, database: dict[str, Any]) -> None:
        own = key(self.environment, service, f"db-{name}")
        entry = [target for target in self.entries(service, name) if target != own]
        for pods in [own, *entry]:
            self.pod("database", pods)
            self.add("api server: the instance manager watches its resources", pods, API_SERVER, self.api_port())
        self.add("self: replication and status between instances", own, own, (POSTGRESQL, "TCP"), (CNPG_STATUS, "TCP"))
        self.add("operator: CloudNativePG checks instances", CNPG_OPERATOR, own, (POSTGRESQL, "TCP"), (CNPG_STATUS, "TCP"))
        self.add("monitoring: the scraper reads metrics", MONITORING, own, (CNPG_METRICS, "TCP"))
        for pooler in entry:
            self.add("pooler: connects to its database", pooler, own, (POSTGRESQL, "TCP"))
            self.add("monitoring: the scraper reads metrics", MONITORING, pooler, (POOLER_METRICS, "TCP"))
        if "migrate" in database:
            migrate = f"{own}-migrate"
            self.pod("migration", migrate)
            self.add("migration: connects to the database itself", migrate, own, (POSTGRESQL, "TCP"))
        if database.get("backup") and self.environment.platform.get("object_store"):
            self.add("object store: backups and WAL", own, INTERNET, (HTTPS, "TCP"))
        for workload in (service.get("workloads") or {}).values():
            queue = (workload.get("scale") or {}).get("queue") or {}
            if queue.get("database") == name:
                for target in self.entries(service, name):
                    self.add("scaler: KEDA counts the queue", KEDA, target, (POSTGRESQL, "TCP"))

    def api_port(self) -> tuple[int, str]:
        return ((self.environment.platform.get("api_server") or {}).get("port", 443), "TCP")


def expected(environment: Environment) -> dict[Edge, str]:
    return Graph(environment).edges
