"""The policies allow exactly the declared connections, in both directions.

Two analyzers decide the same world independently: cyclonus' model of
NetworkPolicy, a Go module, and IBM's network-config-analyzer. Each kind of pod
is there twice, so that a connection to a pod's own kind is seen too.
"""

from __future__ import annotations

import ipaddress
import json
import re

from .. import graph, mesh, pins
from ..golden import Tree
from ..report import Finding
from ..world import Edge, Peer, World, build
from .base import Broken, Context, Referee, run


def by_pair(edges: set[Edge], every: int) -> list[str]:
    """One line for each pair of peers: an open pair would give a line a port."""
    pairs: dict[tuple[str, str], list[Edge]] = {}
    for edge in sorted(edges):
        pairs.setdefault((edge.source, edge.target), []).append(edge)
    return [
        f"{source} -> {target}:" + ("any" if len(found) == every else ",".join(f"{edge.port}/{edge.protocol}" for edge in found))
        for (source, target), found in pairs.items()
    ]


# Source and target as indices of the world's peers, port, protocol.
Connection = tuple[int, int, int, str]


def missing(tree: Tree, world: World, expected: dict[Edge, str], connections: set[Connection]) -> list[Finding]:
    """Edges that some pods of a kind do not have: all need them, whatever labels they have."""
    def needed(edge: Edge) -> set[Connection]:
        pairs = ((source, target) for source in world.variants(edge.source) for target in world.variants(edge.target))
        return {(source, target, edge.port, edge.protocol) for source, target in pairs}
    return [
        Finding(tree.name, "missing", edge.line(), f'declared as "{name}", but not allowed')
        for edge, name in expected.items() if needed(edge) - connections
    ]


class Network(Referee):
    unit = "edges"

    def connections(self, context: Context, tree: Tree, world: World) -> set[Connection]:
        raise NotImplementedError

    def judge(self, context: Context, tree: Tree) -> tuple[int, list[Finding]]:
        environment = context.environment(tree)
        world = build(tree, environment)
        expected = mesh.seen(environment, graph.expected(environment)) | mesh.asked(environment, tree)
        connections = {
            found for found in self.connections(context, tree, world)
            if world.peers[found[0]].ours or world.peers[found[1]].ours
        }
        allowed = {
            Edge(world.peers[source].key, world.peers[target].key, port, protocol)
            for source, target, port, protocol in connections
        }
        known = {peer.key for peer in world.peers}
        findings = missing(tree, world, expected, connections)
        declared = {key for edge in expected for key in (edge.source, edge.target)}
        findings += [
            Finding(tree.name, "no-pods", key, "declared, but the tree has no such pods") for key in sorted(declared - known)
        ]
        findings += [
            Finding(tree.name, "extra", line, "allowed, but nothing declares it")
            for line in by_pair(allowed - expected.keys(), len(world.ports))
        ]
        return len(expected), findings


class Cyclonus(Network):
    name = "cyclonus"
    needs = frozenset({"policies"})

    def version(self, context: Context) -> str:
        return pins.CYCLONUS

    def connections(self, context: Context, tree: Tree, world: World) -> set[Connection]:
        question = {
            "policies": [item.data for item in world.policies],
            "peers": [self.peer(world, index, peer) for index, peer in enumerate(world.peers)],
            "ports": [{"number": number, "protocol": protocol} for number, protocol in world.ports],
        }
        answer = json.loads(run([context.tools["policies"]], input=json.dumps(question)).stdout)
        return {(int(found["from"]), int(found["to"]), found["port"], found["protocol"]) for found in answer}

    @staticmethod
    def peer(world: World, index: int, peer: Peer) -> dict:
        return {
            "name": str(index),
            # A pod is no part of the internet: rules for addresses should not hit it.
            "ip": peer.address or f"10.244.0.{index % 250 + 1}",
            "namespace": peer.namespace,
            "namespaceLabels": world.namespaces.get(peer.namespace, {}),
            "labels": peer.labels,
            "portNames": {f"{number}/{protocol}": name for name, (number, protocol) in peer.ports.items()},
        }


# `ns/name-0[Pod] => ns/name-1[Pod] : {protocols:TCP,dst_ports:53}`, an address range on either side.
LINE = re.compile(r"^(?P<source>\S.*?) => (?P<target>.+?) : (?P<connection>.+)$")
PART = re.compile(r"protocols:\s*([A-Z, ]+?)(?:,dst_ports:\s*([0-9, -]+))?\s*[}]")


class NetworkConfigAnalyzer(Network):
    name = "network-config-analyzer"
    needs = frozenset({"nca"})

    def version(self, context: Context) -> str:
        return pins.NETWORK_CONFIG_ANALYZER

    def connections(self, context: Context, tree: Tree, world: World) -> set[Connection]:
        folder = context.scratch("nca", tree.name)
        folder.mkdir()
        pods = [
            self.pod(index, peer, copy) for index, peer in enumerate(world.peers) if peer.namespace for copy in (0, 1)
        ]
        namespaces = [
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
            for name, labels in world.namespaces.items()
        ]
        for name, objects in (("world", namespaces + pods), ("policies", [item.data for item in world.policies])):
            (folder / f"{name}.yaml").write_text(
                "---\n".join(json.dumps(data) + "\n" for data in objects), encoding="utf-8",
            )
        result = run([
            context.tools["nca"], "--connectivity", folder / "policies.yaml", "-r", folder / "world.yaml",
            "--output_endpoints", "pods", "-o", "txt_no_fw_rules",
        ])
        matches = list(filter(None, map(LINE.match, result.stdout.splitlines())))
        if not matches:
            raise Broken(f"no connections in: {result.stdout[:500]} {result.stderr[-500:]}")
        return {
            (source, target, number, protocol)
            for match in matches
            for source in self.side(world, match["source"])
            for target in self.side(world, match["target"])
            for number, protocol in self.connection(world, match["connection"])
        }

    @staticmethod
    def pod(index: int, peer: Peer, copy: int) -> dict:
        return {
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": f"peer-{index}-{copy}", "namespace": peer.namespace, "labels": peer.labels},
            "spec": {"containers": [{"name": "main", "image": "any", "ports": [
                {"name": port, "containerPort": number, "protocol": protocol}
                for port, (number, protocol) in peer.ports.items()
            ]}]},
        }

    @staticmethod
    def side(world: World, text: str) -> list[int]:
        """A pod, or all outside peers whose address lies in a range."""
        pod = re.search(r"/peer-(\d+)-[01]\b", text)
        if pod:
            return [int(pod[1])]
        found = []
        for part in text.split(","):
            low, _, high = part.strip().partition("-")
            first, last = (ipaddress.ip_network(bound, strict=False) for bound in (low, high or low))
            if first.version == 6:
                continue
            found += [
                index for index, peer in enumerate(world.peers) if peer.address
                and first.network_address <= ipaddress.ip_address(peer.address) <= last.broadcast_address
            ]
        return found

    @staticmethod
    def connection(world: World, text: str) -> list[tuple[int, str]]:
        if text.strip() == "All connections":
            return world.ports
        parts = PART.findall(text)
        if not parts:
            raise Broken(f"connection not understood: {text}")
        found = []
        for protocols, ranges in parts:
            names = {name.strip() for name in protocols.split(",")}
            for number, protocol in world.ports:
                if protocol in names and (not ranges or any(
                    int(low) <= number <= int(high or low)
                    for low, _, high in (entry.strip().partition("-") for entry in ranges.split(","))
                )):
                    found.append((number, protocol))
        return found
