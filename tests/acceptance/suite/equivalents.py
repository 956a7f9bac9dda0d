"""Plain objects in the place of those that operators make.

Most referees know no custom resources, so where one makes pods, Services or
Secrets they get what the operator would make, as far as names, labels and
ports go. Each source is named.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any, Iterator

from .golden import Item
from .pods import at, template, templates

# cloudnative-pg: pkg/specs, labels of pods and Services; ports of the instance manager and exporter.
CNPG_PORTS = {"postgresql": 5432, "status": 8000, "metrics": 9187}
POOLER_PORTS = {"pgbouncer": 5432, "metrics": 9127}
# Gateway API implementations deploy a waypoint with this label; HBONE is its port.
WAYPOINT_PORTS = {"mesh": 15008}


@dataclass(frozen=True)
class Pods:
    """Pods that are alike: those of one workload."""

    namespace: str
    name: str
    labels: dict[str, str]
    ports: dict[str, tuple[int, str]]
    maker: str
    # What a mesh knows of them; operators' pods have accounts of their operator's choice.
    account: str = ""
    host_network: bool = False

    @property
    def key(self) -> str:
        return f"{self.namespace}/{self.name}"


def named(ports: dict[str, int]) -> dict[str, tuple[int, str]]:
    return {name: (number, "TCP") for name, number in ports.items()}


def container_ports(spec: dict[str, Any]) -> dict[str, tuple[int, str]]:
    found = {}
    for field in ("initContainers", "containers"):
        for container in spec.get(field) or []:
            for port in container.get("ports") or []:
                name = port.get("name") or f"unnamed-{port['containerPort']}"
                found[name] = (port["containerPort"], port.get("protocol", "TCP"))
    return found


def all_pods(items: list[Item]) -> list[Pods]:
    """Every kind of pod that the tree leads to."""
    found = []
    for item, pod in templates(items):
        if item.kind == "Pooler":
            continue
        labels = at(pod, ("metadata", "labels")) or {}
        found.append(Pods(
            item.namespace or "default", item.name, labels, container_ports(pod["spec"]), item.kind,
            pod["spec"].get("serviceAccountName", "default"), pod["spec"].get("hostNetwork", False),
        ))
    for item in items:
        found += operator_pods(item)
    return found


def cloudnative_pg(item: Item, name: str, component: str) -> dict[str, str]:
    """Labels that CloudNativePG 1.30 gives all its pods (pkg/specs)."""
    return {
        "cnpg.io/cluster": name,
        "app.kubernetes.io/name": "postgresql",
        "app.kubernetes.io/instance": name,
        "app.kubernetes.io/component": component,
        "app.kubernetes.io/managed-by": "cloudnative-pg",
    }


def operator_pods(item: Item) -> Iterator[Pods]:
    namespace = item.namespace or "default"
    if item.group == "postgresql.cnpg.io" and item.kind == "Cluster":
        # What the Cluster lets its pods inherit wins over the operator's own labels.
        labels = cloudnative_pg(item, item.name, "database") | (at(item.data, ("spec", "inheritedMetadata", "labels")) or {})
        instance = labels | {"cnpg.io/podRole": "instance", "cnpg.io/instanceName": f"{item.name}-1"}
        yield Pods(namespace, item.name, instance, named(CNPG_PORTS), "CloudNativePG Cluster")
        # Jobs make the first instance and join the others; they need the same connections.
        job = labels | {"cnpg.io/jobRole": "join", "cnpg.io/instanceName": f"{item.name}-2"}
        yield Pods(namespace, item.name, job, named(CNPG_PORTS), "CloudNativePG join Job")
    elif item.group == "postgresql.cnpg.io" and item.kind == "Pooler":
        # Here it is the other way round: the operator's labels win over the template's.
        own = at(item.data, ("spec", "template", "metadata", "labels")) or {}
        labels = own | cloudnative_pg(item, item.data["spec"]["cluster"]["name"], "pooler") | {
            "cnpg.io/poolerName": item.name, "cnpg.io/podRole": "pooler",
        }
        yield Pods(namespace, item.name, labels, named(POOLER_PORTS), "CloudNativePG Pooler")
    elif item.group == "gateway.networking.k8s.io" and item.kind == "Gateway":
        labels = {"gateway.networking.k8s.io/gateway-name": item.name}
        yield Pods(namespace, item.name, labels, named(WAYPOINT_PORTS), "Gateway implementation")
    elif item.kind == "OpenTelemetryCollector":
        labels = (item.data["metadata"].get("labels") or {}) | {
            "app.kubernetes.io/component": "opentelemetry-collector",
            "app.kubernetes.io/instance": f"{namespace}.{item.name}",
            "app.kubernetes.io/managed-by": "opentelemetry-operator",
        }
        labels.setdefault("app.kubernetes.io/name", f"{item.name}-collector")
        yield Pods(namespace, item.name, labels, named({"otlp-http": 4318, "otlp-grpc": 4317}), "OpenTelemetry operator")


def secret(namespace: str, name: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": namespace},
            "data": {"any": base64.b64encode(b"any").decode()}}


def deployment(pods: Pods) -> dict[str, Any]:
    """Pods as a Deployment, for referees that only know those."""
    return {
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": pods.name, "namespace": pods.namespace},
        "spec": {
            "selector": {"matchLabels": pods.labels},
            "template": {
                "metadata": {"labels": pods.labels},
                "spec": {"containers": [{"name": "main", "image": "equivalent", "ports": [
                    {"name": name, "containerPort": number, "protocol": protocol}
                    for name, (number, protocol) in pods.ports.items()
                ]}]},
            },
        },
    }


def service(namespace: str, name: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": namespace},
            "spec": {"clusterIP": "None", "ports": [{"port": 5432}]}}


def made_by_operators(items: list[Item]) -> list[dict[str, Any]]:
    """Objects that the tree refers to and an operator makes."""
    native = {"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"}
    made = [
        deployment(pods) for pods in all_pods(items) if pods.maker not in native and pods.maker != "CloudNativePG join Job"
    ]
    for item in items:
        namespace, name = item.namespace or "default", item.name
        if item.kind == "ExternalSecret":
            made.append(secret(namespace, at(item.data, ("spec", "target", "name")) or name))
        elif item.kind == "Certificate":
            made.append(secret(namespace, item.data["spec"]["secretName"]))
        elif item.group == "postgresql.cnpg.io" and item.kind == "Cluster":
            made += [secret(namespace, f"{name}-{suffix}") for suffix in ("app", "ca", "server", "replication", "superuser")]
            made += [service(namespace, f"{name}-{suffix}") for suffix in ("rw", "ro", "r")]
        elif item.group == "postgresql.cnpg.io" and item.kind == "DatabaseRole" and at(item.data, ("spec", "clientCertificate", "enabled")):
            made.append(secret(namespace, f"{name}-client-cert"))
        elif item.group == "postgresql.cnpg.io" and item.kind == "Pooler":
            made.append(service(namespace, name))
    return made
