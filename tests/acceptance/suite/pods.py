"""Pod templates, wherever an object hides them, custom resources included."""

from __future__ import annotations

import copy
from typing import Any

from .golden import Item

# Where the kinds keep a whole pod template.
TEMPLATE_PATHS = {
    "Deployment": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
    "DaemonSet": ("spec", "template"),
    "ReplicaSet": ("spec", "template"),
    "Job": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "Rollout": ("spec", "template"),
    "ScaledJob": ("spec", "jobTargetRef", "template"),
    "Pooler": ("spec", "template"),
}


def at(data: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        if not isinstance(data, dict) or key not in data:
            return None
        data = data[key]
    return data


def template(item: Item) -> dict[str, Any] | None:
    """The complete pod template of an object, if it has one."""
    found = at(item.data, TEMPLATE_PATHS.get(item.kind, ("none",)))
    containers = at(found, ("spec", "containers"))
    if containers and all("image" in container for container in containers):
        return found
    return None


def collector(item: Item) -> dict[str, Any]:
    """What the OpenTelemetry operator makes of a collector, as far as security goes."""
    spec = item.data["spec"]
    container = {"name": "collector", "image": spec.get("image", "collector"), "resources": spec.get("resources", {})}
    if "securityContext" in spec:
        container["securityContext"] = spec["securityContext"]
    result: dict[str, Any] = {"containers": [container]}
    if "podSecurityContext" in spec:
        result["securityContext"] = spec["podSecurityContext"]
    for volume in spec.get("volumes") or []:
        result.setdefault("volumes", []).append(volume)
    return {"spec": result}


def bare_pod(item: Item, namespace: str) -> dict[str, Any] | None:
    """A Pod with the object's template, as a controller would make it."""
    if item.kind == "OpenTelemetryCollector":
        found: dict[str, Any] | None = collector(item)
    else:
        found = template(item)
    if found is None:
        return None
    metadata = copy.deepcopy(found.get("metadata") or {})
    metadata.pop("namespace", None)
    metadata |= {"name": f"{item.kind.lower()}-{item.name}"[:253], "namespace": namespace}
    spec = copy.deepcopy(found["spec"])
    # A StatefulSet's controller adds a volume for each of its claims.
    for claim in item.data["spec"].get("volumeClaimTemplates") or []:
        spec.setdefault("volumes", []).append({"name": claim["metadata"]["name"], "emptyDir": {}})
    if item.kind in ("Job", "CronJob", "ScaledJob"):
        spec.setdefault("restartPolicy", "Never")
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def templates(items: list[Item]) -> list[tuple[Item, dict[str, Any]]]:
    return [(item, found) for item in items if (found := template(item)) is not None]
