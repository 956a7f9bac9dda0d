"""Who is part of the mesh: by the specification, and by what the tree says.

Istio's ambient mode wraps what one pod of the mesh sends another over TCP, and
delivers it to port 15008; a NetworkPolicy sees that port alone. Sources: Istio
docs, "Ambient and Kubernetes NetworkPolicy", "Use Layer 4 security policy",
"PeerAuthentication"; cni/pkg/util/enablement_selector.go for who is taken in.
"""

from __future__ import annotations

from typing import Any, Iterator

from . import graph
from .golden import Item, Tree
from .pods import templates
from .spec import Environment
from .world import KUBELET, Edge, cluster_peer

HBONE = 15008
LABEL = "istio.io/dataplane-mode"


# By the specification


def on(environment: Environment) -> bool:
    return environment.platform.get("mesh", "none") != "none"


def accounts(environment: Environment) -> dict[str, str]:
    """Account by peer, of whoever the specification makes part of the mesh; databases and poolers stay outside."""
    if not on(environment):
        return {}
    found = {
        f"platform/{name}": f"{peer['namespace']}/{peer['service_account']}"
        for name, peer in (environment.platform.get("peers") or {}).items() if "service_account" in peer
    }
    named = set(environment.platform.get("mesh_namespaces") or [])
    if environment.platform.get("manage_namespaces", True):
        # Pods of others that live in a namespace of ours are taken in with it.
        named |= {graph.namespace(environment, service) for service in environment.services.values()}
    found |= {cluster_peer(name): f"{name}/default" for name in named}
    for service in environment.services.values():
        own = graph.namespace(environment, service)
        for name, workload in graph.workloads(service).items():
            pod = workload.get("pod") or {}
            if (pod.get("security") or {}).get("host_network"):
                continue
            key = graph.key(environment, service, name)
            existing = (pod.get("service_account") or {}).get("existing")
            found[key] = f"{own}/{existing}" if existing else key
        for name, cache in (service.get("caches") or {}).items():
            if "url" not in cache:
                key = graph.key(environment, service, f"cache-{name}")
                found[key] = key
    return found


def seen(environment: Environment, edges: dict[Edge, str]) -> dict[Edge, str]:
    """Edges as NetworkPolicies see them: the mesh's port in the place of each that it wraps."""
    inside = accounts(environment)
    found: dict[Edge, str] = {}
    for edge, name in edges.items():
        if edge.protocol == "TCP" and edge.source in inside and edge.target in inside:
            edge = Edge(edge.source, edge.target, HBONE, "TCP")
        found.setdefault(edge, name)
    return found


def asked(environment: Environment, tree: Tree) -> dict[Edge, str]:
    """The kubelet comes from an address of its own to pods of the mesh; what it asks stands in their templates."""
    inside = accounts(environment)
    found = {}
    for item, pod in templates(tree.items):
        name = (pod.get("metadata") or {}).get("labels", {}).get("app.kubernetes.io/name", item.name)
        target = f"{item.namespace}/{name}"
        if target in inside:
            for port in sorted(set(probed(pod["spec"]))):
                found[Edge(KUBELET, target, port, "TCP")] = "kubelet: it asks whether pods are well"
    return found


def probed(spec: dict[str, Any]) -> Iterator[int]:
    for field in ("initContainers", "containers"):
        for container in spec.get(field) or []:
            named = {port.get("name"): port["containerPort"] for port in container.get("ports") or []}
            handlers = [container.get(probe) or {} for probe in ("startupProbe", "readinessProbe", "livenessProbe")]
            handlers += [(container.get("lifecycle") or {}).get(hook) or {} for hook in ("postStart", "preStop")]
            for handler in handlers:
                for kind in ("httpGet", "tcpSocket", "grpc"):
                    port = (handler.get(kind) or {}).get("port")
                    if port is not None:
                        yield named.get(port, port)


# By the tree


def takes_in(namespace: dict[str, str], labels: dict[str, str], host_network: bool) -> bool:
    """Whether the node's agent redirects these pods; a namespace by its labels, pods by theirs."""
    own = labels.get(LABEL)
    return not host_network and (own == "ambient" or (own != "none" and namespace.get(LABEL) == "ambient"))


def selected(item: Item, namespace: str, labels: dict[str, str]) -> bool:
    wanted = (item.data["spec"].get("selector") or {}).get("matchLabels") or {}
    return item.namespace == namespace and bool(wanted) and all(labels.get(key) == value for key, value in wanted.items())


def admits(policies: list[Item], account: str | None, port: int) -> bool:
    """Whether one of the ALLOW policies lets an account through, or somebody who has none; without a policy all pass."""
    return not policies or any(rule_admits(rule, account, port) for item in policies for rule in item.data["spec"].get("rules") or [])


def rule_admits(rule: dict[str, Any], account: str | None, port: int) -> bool:
    sources = [entry["source"] for entry in rule.get("from") or []]
    ports = [entry["operation"].get("ports") for entry in rule.get("to") or []]
    return (
        (not sources or any(source_admits(source, account) for source in sources))
        and (not ports or any(not numbers or str(port) in numbers for numbers in ports))
    )


def source_admits(source: dict[str, Any], account: str | None) -> bool:
    """What this reader does not know, it takes for a fault."""
    unknown = set(source) - {"serviceAccounts", "notPrincipals"}
    if unknown or source.get("notPrincipals", ["*"]) != ["*"]:
        raise ValueError(f"not read here: {source}")
    if "serviceAccounts" in source and account not in source["serviceAccounts"]:
        return False
    return "notPrincipals" not in source or account is None


def takes_plain(policies: list[Item], port: int) -> bool:
    """Whether pods take what nobody has wrapped: by default they do."""
    for item in policies:
        spec = item.data["spec"]
        levels = {number: level["mode"] for number, level in (spec.get("portLevelMtls") or {}).items()}
        if levels.get(str(port), (spec.get("mtls") or {}).get("mode", "PERMISSIVE")) == "STRICT":
            return False
    return True
