"""What a tree may expect of its platform, made on the otherwise empty server."""

from __future__ import annotations

from pathlib import Path

from ..control_plane import ControlPlane
from ..golden import Item
from ..pods import templates
from .base import Broken, Context

BUILT_IN = {"system-cluster-critical", "system-node-critical"}


def kubectl(context: Context, *arguments: str | Path) -> list[str | Path]:
    return [
        context.tools["kubectl"], "--kubeconfig", context.server.kubeconfig(),
        "--cache-dir", context.work / "kubectl-cache", *arguments,
    ]


def create(server: ControlPlane, data: dict) -> None:
    answer = server.apply(data)
    if answer.status not in (200, 201):
        raise Broken(f"{data['kind']} {data['metadata']['name']}: {answer.message}")


def prepare(context: Context, items: list[Item], *, fresh: bool = True) -> ControlPlane:
    """A server, empty unless told otherwise, with the priority and runtime classes that the pods name."""
    server = context.server
    if server is None:
        raise Broken("the API server does not run")
    if fresh:
        server.purge()
    emitted = {item.name for item in items if item.kind == "PriorityClass"}
    named = {
        found["spec"]["priorityClassName"]
        for _, found in templates(items)
        if found["spec"].get("priorityClassName")
    }
    for name in sorted(named - emitted - BUILT_IN):
        create(server, {
            "apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": name}, "value": 1000,
        })
    runtimes = {found["spec"]["runtimeClassName"] for _, found in templates(items) if found["spec"].get("runtimeClassName")}
    for name in sorted(runtimes):
        create(server, {
            "apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "metadata": {"name": name}, "handler": name,
        })
    return server


def unmanaged_namespaces(items: list[Item]) -> set[str]:
    """Namespaces that objects lie in and the tree does not make."""
    made = {item.name for item in items if item.kind == "Namespace"}
    return {item.namespace for item in items if item.namespace} - made - {"default", "kube-system", "kube-public"}
