"""The connectivity that a specification declares, edge by edge, each with its name.

Nothing here looks at specc's output. An edge comes from `uses`, from a flow of
the platform that the README lists, or is a pod's edge to its own kind.
"""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

from .outside import Outside, outside_of, outsides
from .spec import Environment
from .world import (
    ANYBODY, API_SERVER, CNPG_OPERATOR, DNS, GATEWAY, INTERNET, KEDA, MONITORING, WAYPOINT, Edge, cluster_namespace,
    cluster_peer, external_peer, is_address,
)

POSTGRESQL = 5432
REDIS = 6379
CNPG_STATUS = 8000
CNPG_METRICS = 9187
POOLER_METRICS = 9127
HBONE = 15008
PRIVATE = ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16")


def namespace(environment: Environment, service: dict[str, Any]) -> str:
    return service["service"].get("namespace") or environment.project


def key(environment: Environment, service: dict[str, Any], name: str) -> str:
    return f"{namespace(environment, service)}/{service['service']['name']}-{name}"


def main_port(workload: dict[str, Any]) -> int | None:
    """Where a workload listens: http and grpc do so even if nothing is written."""
    defaults = {"http": 8000, "grpc": 50051}
    if workload.get("kind") in ("cron", "job"):
        return None
    return workload.get("port", defaults.get(workload.get("kind", "http")))


def ports(workload: dict[str, Any]) -> list[tuple[int, str]]:
    """The ports on which others may call a workload."""
    main = main_port(workload)
    found = [(main, "TCP")] if main and workload.get("kind", "http") in ("http", "grpc", "stateful") else []
    for port in (workload.get("ports") or {}).values():
        if port.get("service", True):
            found.append((port["port"], port.get("protocol", "TCP").upper()))
    return found


def scraped(workload: dict[str, Any]) -> list[int]:
    """The ports that the scraper reads: the main one, but not a store's, and those that say so."""
    main = main_port(workload)
    found = [main] if main and workload.get("kind") != "stateful" else []
    return found + [port["port"] for port in (workload.get("ports") or {}).values() if port.get("scrape")]


def opened(workload: dict[str, Any]) -> list[tuple[int, str]]:
    """The ports that everybody reaches through a load balancer or the nodes."""
    tables = [workload.get("service") or {}, *(workload.get("services") or {}).values()]
    for table in tables:
        ranged = table.get("external_traffic") == "local" and table.get("source_ranges")
        if table.get("type") in ("load-balancer", "node-port") and not ranged:
            return ports(workload)
    return []


def routed(workload: dict[str, Any]) -> list[tuple[int, str]]:
    """The ports that routes lead to: the one they name, else the first that others may call."""
    main = main_port(workload)
    names = {"http": main, "grpc": main, "main": main}
    names |= {name: port["port"] for name, port in (workload.get("ports") or {}).items()}
    tables = [workload["route"]] if "route" in workload else []
    tables += (workload.get("routes") or {}).values()
    found = [(names[table["port"]], "TCP") if "port" in table else ports(workload)[0] for table in tables]
    return sorted(set(found))


def workloads(service: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Without any, a service is one http workload named api; each migration is a job of its own."""
    migrations = {
        f"migrate-{name}": {"kind": "job", "uses": [f"databases.{name}", *(database["migrate"].get("uses") or [])]}
        for name, database in (service.get("databases") or {}).items() if "migrate" in database
    }
    return (service.get("workloads") or {"api": {}}) | migrations


def reached(environment: Environment, one: Outside) -> list[tuple[str, tuple[int, str]]]:
    """Where a cache or a broker of others is, and on which ports."""
    found = [(cluster_peer(namespace), (port, "TCP")) for namespace, _, port in one.namespaces()]
    # A policy cannot name a host: without ranges it is the whole internet, all else that is outside included.
    targets = [one.peer] if one.cidrs else [INTERNET, *ranged(environment)]
    return found + [(target, (port, "TCP")) for target in targets for _, port in one.beyond()]


def outside(environment: Environment, service: dict[str, Any], name: str) -> tuple[list[str], tuple[int, str]]:
    """Where an external thing is, and on which port."""
    external = service["externals"][name]
    url = urlsplit(external["url"])
    port = (url.port or {"https": 443, "http": 80}[url.scheme], "TCP")
    own = namespace(environment, service)
    if inside := cluster_namespace(url.hostname or "", own):
        return [cluster_peer(inside)], port
    if is_address(url.hostname or ""):
        return [external_peer(service["service"]["name"], name)], port
    # Names are for others to judge (referees/hosts.py): pods reach the waypoint alone, or nothing that a NetworkPolicy says.
    egress = environment.platform.get("egress", "none")
    if egress == "istio":
        return [WAYPOINT], (HBONE, "TCP")
    if egress == "cilium":
        return [], port
    if external.get("cidrs"):
        return [external_peer(service["service"]["name"], name)], port
    # A policy cannot name a host: without ranges it is the whole internet, other externals included.
    return [INTERNET, *ranged(environment)], port


def named_outside(service: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Things outside by the names of their peers: externals, and databases that others run."""
    databases = {f"db-{name}": found for name, found in (service.get("databases") or {}).items() if "host" in found}
    return (service.get("externals") or {}) | databases


def ranged(environment: Environment) -> list[str]:
    """Everything outside whose addresses are declared."""
    everything = (one for service in environment.services.values() for one in outsides(service))
    return [one.peer for one in everything if any(map(public, one.cidrs))] + [
        external_peer(other["service"]["name"], key)
        for other in environment.services.values()
        for key, found in named_outside(other).items()
        if any(map(public, found.get("cidrs") or [])) or is_address(urlsplit(found.get("url", "")).hostname or "")
    ]


def public(cidr: str) -> bool:
    """Whether the way out to anywhere includes these addresses: it leaves out those of private networks."""
    return not any(ip_network(cidr).subnet_of(ip_network(private)) for private in PRIVATE)


def cluster(environment: Environment, service: dict[str, Any], name: str) -> str:
    """The Cluster of a database: the one that it was restored to or made once more as, else the usual one."""
    tables = (service["databases"][name].get(table) or {} for table in ("restored", "replica_of", "standby"))
    named = next((table["name"] for table in tables if "name" in table), None)
    return f"{namespace(environment, service)}/{named}" if named else key(environment, service, f"db-{name}")


def pooled(environment: Environment, service: dict[str, Any], name: str) -> bool:
    """Whether a pooler stands before a database: so it is but in dev, unless the spec says otherwise."""
    usual = "none" if environment.tier == "dev" else "transaction"
    return (service["databases"][name].get("pool") or {}).get("mode", usual) != "none"


def direct(service: dict[str, Any], name: str, own: str, workload: dict[str, Any]) -> bool:
    """Whether a workload goes past the pooler: a job, unless its role says otherwise."""
    return role(service, name, own).get("direct", workload.get("kind") == "job")


def reads_replicas(service: dict[str, Any], name: str, own: str) -> bool:
    """Whether a workload may read from the standbys: where that is on, unless its role refuses."""
    return service["databases"][name].get("read_replicas", False) and role(service, name, own).get("stale_ok", True)


def role(service: dict[str, Any], name: str, own: str) -> dict[str, Any]:
    user = own.rpartition("/")[2].removeprefix(f"{service['service']['name']}-")
    return (service["databases"][name].get("roles") or {}).get(user) or {}


def backed_up(environment: Environment, service: dict[str, Any], name: str) -> bool:
    """Whether a database has backups: where there is a store, but in dev on request alone."""
    asked = "backup" in service["databases"][name]
    return "object_store" in environment.platform and (asked or environment.tier != "dev")


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
        for name, workload in workloads(service).items():
            self.workload(service, key(self.environment, service, name), workload)
        for name, database in (service.get("databases") or {}).items():
            if "host" not in database:
                self.database(service, name)
        in_use = [used for workload in workloads(service).values() for used in workload.get("uses") or []]
        for name, cache in (service.get("caches") or {}).items():
            if "url" not in cache and f"caches.{name}" not in in_use:
                own = key(self.environment, service, f"cache-{name}")
                self.add("self: a cache that nobody uses has nobody else to let in", own, own, (REDIS, "TCP"))

    def pod(self, what: str, own: str) -> None:
        """What every pod has."""
        self.add(f"dns: {what} looks names up", own, DNS, (53, "UDP"), (53, "TCP"))

    def workload(self, service: dict[str, Any], own: str, workload: dict[str, Any]) -> None:
        self.pod("workload", own)
        for used in workload.get("uses") or []:
            self.use(service, own, workload, used)
        for port in scraped(workload):
            self.add("monitoring: the scraper reads metrics", MONITORING, own, (port, "TCP"))
        self.add("gateway: a route leads here", GATEWAY, own, *routed(workload))
        for source in self.anybody():
            self.add("outside: a load balancer or the nodes lead here", source, own, *opened(workload))
        queue = (workload.get("scale") or {}).get("queue")
        if queue and "database" in queue:
            self.add("scaler: KEDA counts what waits", KEDA, cluster(self.environment, service, queue["database"]), (POSTGRESQL, "TCP"))
        elif queue and "cache" in queue and "url" not in service["caches"][queue["cache"]]:
            self.add("scaler: KEDA counts what waits", KEDA, key(self.environment, service, f"cache-{queue['cache']}"), (REDIS, "TCP"))

    def use(self, service: dict[str, Any], own: str, workload: dict[str, Any], used: str) -> None:
        kind, _, rest = used.partition(".")
        name = f"uses: {used}"
        if kind in ("services", "workloads"):
            other_name, _, workload_name = rest.rpartition(".")
            other = self.environment.services[other_name] if other_name else service
            target = workloads(other)[workload_name]
            self.add(name, own, key(self.environment, other, workload_name), *ports(target))
        elif kind == "databases" and "host" in service["databases"][rest]:
            database = service["databases"][rest]
            declared = [external_peer(service["service"]["name"], f"db-{rest}")] if database.get("cidrs") else []
            for target in declared or [INTERNET, *ranged(self.environment)]:
                self.add(name, own, target, (database.get("port", POSTGRESQL), "TCP"))
        elif kind == "databases":
            target = cluster(self.environment, service, rest)
            through = pooled(self.environment, service, rest) and not direct(service, rest, own, workload)
            self.add(name, own, f"{target}-pooler-rw" if through else target, (POSTGRESQL, "TCP"))
            if through and reads_replicas(service, rest, own):
                self.add(f"{name}, read from standbys", own, f"{target}-pooler-ro", (POSTGRESQL, "TCP"))
        elif (elsewhere := outside_of(service, used)) is not None:
            for target, port in reached(self.environment, elsewhere):
                self.add(name, own, target, port)
        elif kind == "caches":
            self.add(name, own, key(self.environment, service, f"cache-{rest}"), (REDIS, "TCP"))
        elif kind == "externals":
            targets, port = outside(self.environment, service, rest)
            for target in targets:
                self.add(name, own, target, port)

    def database(self, service: dict[str, Any], name: str) -> None:
        own = cluster(self.environment, service, name)
        if pooled(self.environment, service, name):
            self.pooler(own, "rw")
            if service["databases"][name].get("read_replicas"):
                self.pooler(own, "ro")
        if backed_up(self.environment, service, name):
            self.store(own)
            for table in ("standby", "replica_of"):
                if table in service["databases"][name]:
                    self.store(own, service["databases"][name][table])
            if "drill" in (service["databases"][name].get("backup") or {}):
                self.drill(service, name)
        self.pod("database", own)
        # pkg/management/postgres/webserver/probes/pinger.go: a primary asks the others whether it is cut off.
        self.add("self: replication and the isolation check", own, own, (POSTGRESQL, "TCP"), (CNPG_STATUS, "TCP"))
        self.add("operator: CloudNativePG checks instances", CNPG_OPERATOR, own, (POSTGRESQL, "TCP"), (CNPG_STATUS, "TCP"))
        self.add("api server: the instance manager watches its Cluster", own, API_SERVER, self.api_port())
        self.add("monitoring: the scraper reads metrics", MONITORING, own, (CNPG_METRICS, "TCP"))

    def pooler(self, own: str, kind: str) -> None:
        pooler = f"{own}-pooler-{kind}"
        self.pod("pooler", pooler)
        self.add("pooler: it lends connections of the server", pooler, own, (POSTGRESQL, "TCP"))
        self.add("api server: the instance manager watches its Pooler", pooler, API_SERVER, self.api_port())
        self.add("monitoring: the scraper reads metrics", MONITORING, pooler, (POOLER_METRICS, "TCP"))

    def drill(self, service: dict[str, Any], name: str) -> None:
        """In a namespace of its own: what restores asks the API server and the restored database, which reads the store."""
        prefix = f"{namespace(self.environment, service)}-drill/{cluster(self.environment, service, name).rpartition('/')[2]}"
        runner, restored = f"{prefix}-drill", f"{prefix}-restore"
        self.pod("drill", runner)
        self.add("api server: a drill makes a Cluster and deletes it", runner, API_SERVER, self.api_port())
        self.add("drill: it asks the restored database", runner, restored, (POSTGRESQL, "TCP"))
        self.pod("restored database", restored)
        self.add("operator: CloudNativePG checks instances", CNPG_OPERATOR, restored, (POSTGRESQL, "TCP"), (CNPG_STATUS, "TCP"))
        self.add("api server: the instance manager watches its Cluster", restored, API_SERVER, self.api_port())
        self.store(restored)

    def store(self, own: str, site: dict[str, Any] | None = None) -> None:
        """A policy cannot name the object store, be it ours or the other site's: it is the whole internet, declared externals included."""
        table = self.environment.platform["object_store"] if site is None else site
        url = urlsplit(table.get("endpoint", "https://s3.amazonaws.com"))
        port = (url.port or {"https": 443, "http": 80}[url.scheme], "TCP")
        for target in [INTERNET, *ranged(self.environment)]:
            self.add("backups: instances write to the object store", own, target, port)

    def anybody(self) -> list[str]:
        """Everybody who has an address in this world; the API server's is the platform's to declare."""
        declared = (self.environment.platform.get("api_server") or {}).get("cidrs")
        absent = {API_SERVER: not declared, WAYPOINT: "egress_waypoint" not in self.environment.platform}
        return [peer for peer in ANYBODY if not absent.get(peer)]

    def api_port(self) -> tuple[int, str]:
        return ((self.environment.platform.get("api_server") or {}).get("port", 6443), "TCP")


def expected(environment: Environment) -> dict[Edge, str]:
    return Graph(environment).edges
