"""NetworkPolicies and the mesh's own together allow exactly the declared connections.

Through the mesh's port a NetworkPolicy lets everything, and the mesh knows no
pods but accounts; neither is exact alone. This referee asks cyclonus' model for
the first, reads AuthorizationPolicies and PeerAuthentications by itself, and
compares what both let through with the specification, port by port.
"""

from __future__ import annotations

from .. import graph, mesh
from ..golden import Item, Tree
from ..report import Finding
from ..world import KUBELET, Edge, Peer, World, build
from .base import Context, Referee
from .network import Connection, Cyclonus, by_pair, missing


class Mesh(Referee):
    name = "mesh"
    unit = "edges"
    needs = Cyclonus.needs

    def version(self, context: Context) -> str:
        return "its own reading"

    def wants(self, tree: Tree) -> bool:
        return any(item.kind == "PeerAuthentication" for item in tree.items)

    def judge(self, context: Context, tree: Tree) -> tuple[int, list[Finding]]:
        environment = context.environment(tree)
        world = build(tree, environment)
        by_spec = mesh.accounts(environment)
        reading = Reading(tree, world, by_spec)
        network = Cyclonus().connections(context, tree, world)
        pairs = [(source, target) for source, one in enumerate(world.peers) for target, other in enumerate(world.peers)
                 if other.ours and (one.ours or other.ours)]
        ports = [one for one in world.ports if one != (mesh.HBONE, "TCP")]
        allowed = {
            (source, target, port, protocol)
            for source, target in pairs for port, protocol in ports
            if reading.lets(network, source, target, port, protocol)
        }
        declared = {edge: name for edge, name in graph.expected(environment).items() if self.is_ours(world, edge)}
        declared |= mesh.asked(environment, tree)
        findings = missing(tree, world, declared, allowed)
        edges = {Edge(world.peers[source].key, world.peers[target].key, port, protocol)
                 for source, target, port, protocol in allowed}
        findings += [
            Finding(tree.name, "extra", line, "allowed, but nothing declares it")
            for line in by_pair(edges - declared.keys(), len(ports))
        ]
        for peer in world.peers:
            if peer.ours and peer.account and reading.is_member(peer) != (peer.key in by_spec):
                findings.append(Finding(tree.name, "member", peer.key, "the specification says otherwise"))
        return len(declared), findings

    @staticmethod
    def is_ours(world: World, edge: Edge) -> bool:
        return any(world.peers[index].ours for index in world.variants(edge.target))


class Reading:
    """What the tree says about its mesh."""

    def __init__(self, tree: Tree, world: World, by_spec: dict[str, str]) -> None:
        self.world = world
        self.by_spec = by_spec
        self.authorizations = [self.policies(tree, "AuthorizationPolicy", peer) for peer in world.peers]
        self.authentications = [self.policies(tree, "PeerAuthentication", peer) for peer in world.peers]

    @staticmethod
    def policies(tree: Tree, kind: str, peer: Peer) -> list[Item]:
        return [item for item in tree.items if item.kind == kind and mesh.selected(item, peer.namespace, peer.labels)]

    def is_member(self, peer: Peer) -> bool:
        if peer.ours:
            return mesh.takes_in(self.world.namespaces.get(peer.namespace, {}), peer.labels, peer.host_network)
        return peer.key in self.by_spec

    def account(self, peer: Peer) -> str:
        return f"{peer.namespace}/{peer.account or 'default'}" if peer.ours else self.by_spec[peer.key]

    def lets(self, network: set[Connection], source: int, target: int, port: int, protocol: str) -> bool:
        one, other = self.world.peers[source], self.world.peers[target]
        plain = (source, target, port, protocol) in network
        # The mesh wraps no datagrams, and looks at nothing that the kubelet sends.
        if protocol != "TCP" or one.key == KUBELET or not self.is_member(other):
            return plain
        policies = self.authorizations[target]
        if plain and mesh.admits(policies, None, port) and mesh.takes_plain(self.authentications[target], port):
            return True
        return (
            self.is_member(one) and (source, target, mesh.HBONE, "TCP") in network
            and mesh.admits(policies, self.account(one), port)
        )
