"""Host names are open to those who declare them, and to nobody else.

The network analyzers know addresses. Where the platform holds programs to host
names, this referee reads the policies that do, Cilium's or Istio's, and
compares them with the specification: who may reach which host on which port.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from .. import graph
from ..golden import Tree
from ..report import Finding
from ..spec import Environment
from ..world import cluster_namespace, is_address
from .base import Context, Referee

# Who, host, port.
Way = tuple[str, str, int]


def declared(environment: Environment) -> set[Way]:
    found = set()
    for service in environment.services.values():
        own = graph.namespace(environment, service)
        for name, workload in graph.workloads(service).items():
            for used in workload.get("uses") or []:
                kind, _, rest = used.partition(".")
                if kind != "externals":
                    continue
                url = urlsplit(service["externals"][rest]["url"])
                host = url.hostname or ""
                if not is_address(host) and not cluster_namespace(host, own):
                    port = url.port or {"https": 443, "http": 80}[url.scheme]
                    found.add((who(environment, service, name, workload), host, port))
    return found


def who(environment: Environment, service: dict, name: str, workload: dict) -> str:
    """Cilium knows pods by their label; Istio by their account, which a spec may have of its own."""
    key = graph.key(environment, service, name)
    account = ((workload.get("pod") or {}).get("service_account") or {}).get("existing")
    if account and environment.platform.get("egress") == "istio":
        return f"{graph.namespace(environment, service)}/{account}"
    return key


def by_cilium(tree: Tree) -> set[Way]:
    found = set()
    for item in tree.items:
        if item.kind != "CiliumNetworkPolicy":
            continue
        name = item.data["spec"]["endpointSelector"]["matchLabels"]["app.kubernetes.io/name"]
        for rule in item.data["spec"].get("egress") or []:
            hosts = [selector.get("matchName") or selector.get("matchPattern") for selector in rule.get("toFQDNs") or []]
            ports = [port for ports in rule.get("toPorts") or [] for port in ports["ports"]]
            # What names no peer, or entities and addresses, would be a way past the names.
            if not hosts and not rule.get("toEndpoints"):
                hosts = ["anything"]
            found |= {(f"{item.namespace}/{name}", host, int(port["port"])) for host in hosts for port in ports or [{"port": 0}]}
    return found


def by_istio(tree: Tree) -> set[Way]:
    entries = {
        (item.namespace, item.name): item.data["spec"] for item in tree.items if item.kind == "ServiceEntry"
        # Without the waypoint nobody asks who calls.
        and item.data["metadata"]["labels"].get("istio.io/use-waypoint")
    }
    found = set()
    for item in tree.items:
        if item.kind != "AuthorizationPolicy" or item.data["spec"].get("action", "ALLOW") != "ALLOW":
            continue
        for target in item.data["spec"].get("targetRefs") or []:
            entry = entries.get((item.namespace, target["name"])) if target["kind"] == "ServiceEntry" else None
            if not entry:
                continue
            for rule in item.data["spec"].get("rules") or []:
                accounts = [name for source in rule.get("from") or [] for name in source["source"]["serviceAccounts"]]
                found |= {
                    (name, host, port["number"])
                    for name in accounts or ["anybody"] for host in entry["hosts"] for port in entry["ports"]
                }
    return found


class Hosts(Referee):
    name = "host names"
    unit = "ways"

    def version(self, context: Context) -> str:
        return "its own reading"

    def wants(self, tree: Tree) -> bool:
        return any(item.kind in ("CiliumNetworkPolicy", "ServiceEntry") for item in tree.items)

    def judge(self, context: Context, tree: Tree) -> tuple[int, list[Finding]]:
        environment = context.environment(tree)
        readers = {"cilium": by_cilium, "istio": by_istio}
        expected, opened = declared(environment), readers[environment.platform["egress"]](tree)
        lines = [("missing", way, "declared, but not open") for way in expected - opened]
        lines += [("extra", way, "open, but nothing declares it") for way in opened - expected]
        findings = [Finding(tree.name, rule, f"{source} -> {host}:{port}", text) for rule, (source, host, port), text in lines]
        return len(expected), sorted(findings)
