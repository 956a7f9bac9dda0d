"""The pods of a tree, those of its platform, and some strangers.

Both network referees are asked about the same world, so their answers can be
compared with one expectation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .equivalents import Pods, all_pods
from .golden import Item, Tree
from .outside import outsides
from .spec import Environment

# Objects whose pods carry the name of the object, not of a workload.
NAMED_BY_OBJECT = ("CloudNativePG", "Gateway", "OpenTelemetry")

DNS = "platform/dns"
GATEWAY = "platform/gateway"
MONITORING = "platform/monitoring"
CNPG_OPERATOR = "platform/cnpg"
KEDA = "platform/keda"
WAYPOINT = "platform/waypoint"
STRANGER = "platform/stranger"

# Used unless environment.toml says otherwise (`platform.peers`).
PEERS = {
    "dns": {"namespace": "kube-system", "labels": {"k8s-app": "kube-dns"}},
    "monitoring": {"namespace": "monitoring", "labels": {"app.kubernetes.io/name": "prometheus"}},
    "gateway": {"namespace": "ingress", "labels": {}},
    "cnpg": {"namespace": "cnpg-system", "labels": {"app.kubernetes.io/name": "cloudnative-pg"}},
    "keda": {"namespace": "keda", "labels": {"app.kubernetes.io/name": "keda-operator"}},
}

INTERNET = "outside/internet"
PRIVATE = "outside/private"
METADATA = "outside/metadata"
API_SERVER = "outside/api-server"
KUBELET = "outside/ambient-kubelet"

# One address for each part of the address space that a policy may treat apart;
# none of the documentation ranges, which specifications use for externals.
ADDRESSES = {
    INTERNET: "20.20.20.20",
    PRIVATE: "10.99.99.99",
    METADATA: "169.254.169.254",
    KUBELET: "169.254.7.127",
}

# Who is not ours, and so is held by no policy of ours on its own side.
ANYBODY = (DNS, GATEWAY, MONITORING, CNPG_OPERATOR, KEDA, WAYPOINT, STRANGER, INTERNET, PRIVATE, METADATA, API_SERVER, KUBELET)

# Nobody declares these: a rule without ports, or with all, lets them through.
ODD_PORTS = (1, 31337)


@dataclass(frozen=True, order=True)
class Edge:
    """One allowed connection between kinds of pods or addresses."""

    source: str
    target: str
    port: int
    protocol: str

    def line(self) -> str:
        return f"{self.source} -> {self.target}:{self.port}/{self.protocol}"


@dataclass
class Peer:
    """A kind of pod, or an address outside the cluster when it has no namespace.

    Several peers may have one key: pods of one kind with different labels.
    """

    key: str
    namespace: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    ports: dict[str, tuple[int, str]] = field(default_factory=dict)
    address: str = ""
    ours: bool = False
    account: str = ""
    host_network: bool = False


@dataclass
class World:
    peers: list[Peer]
    namespaces: dict[str, dict[str, str]]
    policies: list[Item]
    ports: list[tuple[int, str]]

    def variants(self, key: str) -> list[int]:
        return [index for index, peer in enumerate(self.peers) if peer.key == key]


def key_of(pods: Pods) -> str:
    """Workloads go by their label: a migration Job's own name ends in a hash."""
    if pods.maker.startswith(NAMED_BY_OBJECT):
        return pods.key
    return f"{pods.namespace}/{pods.labels.get('app.kubernetes.io/name', pods.name)}"


def platform_peers(environment: Environment) -> list[Peer]:
    """Those pods of the platform that a tree may have to do with."""
    given = environment.platform.get("peers") or {}
    peers = {name: default | (given.get(name) or {}) for name, default in PEERS.items()}
    gateway = environment.platform.get("gateway")
    if gateway and "gateway" not in given:
        # Implementations label a Gateway's pods with its name.
        namespace, _, name = gateway.partition("/")
        peers["gateway"] = {"namespace": namespace, "labels": {"gateway.networking.k8s.io/gateway-name": name}}
    if "ingress_class" in environment.platform and "gateway" not in given:
        peers["gateway"] = {"namespace": "ingress-nginx", "labels": {"app.kubernetes.io/name": "ingress-nginx"}}
    waypoint = environment.platform.get("egress_waypoint")
    if waypoint:
        namespace, _, name = waypoint.partition("/")
        peers["waypoint"] = {"namespace": namespace, "labels": {"gateway.networking.k8s.io/gateway-name": name}}
    return [Peer(f"platform/{name}", peer["namespace"], dict(peer["labels"])) for name, peer in peers.items()]


def external_peer(service: str, name: str) -> str:
    return f"outside/{service}-{name}"


def cluster_peer(namespace: str) -> str:
    return f"cluster/{namespace}"


def is_address(host: str) -> bool:
    return host.replace(".", "").isdigit()


def cluster_namespace(host: str, own: str) -> str | None:
    """The namespace of a host inside of the cluster: `name.namespace.svc`, or a bare name, which is looked up at home."""
    parts = host.split(".")
    if len(parts) > 2 and parts[2] == "svc":
        return parts[1]
    return own if len(parts) == 1 else None


def external_peers(environment: Environment) -> list[Peer]:
    """What lies outside and is used: one address of each range, or pods of another namespace."""
    found: dict[str, Peer] = {}
    for service in environment.services.values():
        for name, database in (service.get("databases") or {}).items():
            for cidr in database.get("cidrs") or []:
                key = external_peer(service["service"]["name"], f"db-{name}")
                found[f"{key} {cidr}"] = Peer(key, address=cidr.partition("/")[0])
        for one in outsides(service):
            for cidr in one.cidrs:
                found[f"{one.peer} {cidr}"] = Peer(one.peer, address=cidr.partition("/")[0])
            for namespace, name, _ in one.namespaces():
                found[namespace] = Peer(cluster_peer(namespace), namespace, {"app": name})
        for name, external in (service.get("externals") or {}).items():
            for cidr in external.get("cidrs") or []:
                key = external_peer(service["service"]["name"], name)
                found[f"{key} {cidr}"] = Peer(key, address=cidr.partition("/")[0])
            host = urlsplit(external["url"]).hostname or ""
            if is_address(host):
                key = external_peer(service["service"]["name"], name)
                found[f"{key} {host}"] = Peer(key, address=host)
            inside = cluster_namespace(host, service["service"].get("namespace") or environment.project)
            if inside:
                found[inside] = Peer(cluster_peer(inside), inside, {"app": host.partition(".")[0]})
    return list(found.values())


def build(tree: Tree, environment: Environment) -> World:
    ours = [
        Peer(key_of(pods), pods.namespace, pods.labels, pods.ports, ours=True, account=pods.account, host_network=pods.host_network)
        for pods in all_pods([*tree.items, *tree.within])
    ]
    peers = [*ours, *platform_peers(environment), Peer(STRANGER, "strangers", {"app": "stranger"})]
    for namespace in sorted({peer.namespace for peer in ours}):
        # In our own namespace, with a label of ours, and still a stranger.
        labels = {"app": "stranger", "app.kubernetes.io/managed-by": "specc"}
        # Where the namespaces are somebody else's, so is the policy that denies everything to pods of nobody.
        managed = environment.platform.get("manage_namespaces", True)
        peers.append(Peer(f"{STRANGER}-in-{namespace}", namespace, labels, ours=managed))
    for key, address in ADDRESSES.items():
        peers.append(Peer(key, address=address))
    peers += external_peers(environment)
    for cidr in (environment.platform.get("api_server") or {}).get("cidrs") or []:
        peers.append(Peer(API_SERVER, address=cidr.partition("/")[0]))
    namespaces = {peer.namespace: {} for peer in peers if peer.namespace}
    for item in tree.items:
        if item.kind == "Namespace":
            namespaces.setdefault(item.name, {}).update(item.data["metadata"].get("labels") or {})
    for name, labels in namespaces.items():
        labels["kubernetes.io/metadata.name"] = name
    policies = [item for item in tree.items if item.kind == "NetworkPolicy" and item.group == "networking.k8s.io"]
    return World(peers, namespaces, policies, ports_of(policies, peers))


def ports_of(policies: list[Item], peers: list[Peer]) -> list[tuple[int, str]]:
    """Every port that a policy or a container names, and some that none does."""
    numbers = {number for peer in peers for number, _ in peer.ports.values()} | set(ODD_PORTS)
    for item in policies:
        for direction in ("ingress", "egress"):
            for rule in item.data["spec"].get(direction) or []:
                for port in rule.get("ports") or []:
                    for bound in ("port", "endPort"):
                        if isinstance(port.get(bound), int):
                            numbers.add(port[bound])
    return [(number, protocol) for number in sorted(numbers) for protocol in ("TCP", "UDP")]
