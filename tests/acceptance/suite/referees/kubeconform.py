"""kubeconform, strict, for the oldest and the newest supported Kubernetes.

Schemas of the native kinds come from the kubernetes-validate wheel, those of
the custom resources are made from the definitions in SPECC_CRDS.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .. import control_plane, pins
from ..golden import Tree
from ..cache import key_of
from ..report import Finding
from .base import Broken, Context, Referee, run


# What stands below these only narrows the fields that stand beside them.
BRANCHES = ("allOf", "anyOf", "not", "oneOf")


def strict(schema: Any, closed: bool = True) -> Any:
    """A definition's schema as plain JSON Schema that refuses unknown fields."""
    if isinstance(schema, list):
        return [strict(entry, closed) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    result = {
        key: (
            {name: strict(entry, closed) for name, entry in value.items()} if key == "properties"
            else strict(value, closed and key not in BRANCHES)
        )
        for key, value in schema.items()
        if not key.startswith("x-kubernetes-") and key not in ("nullable", "default", "example")
    }
    if schema.get("x-kubernetes-int-or-string"):
        result.pop("type", None)
        result["oneOf"] = [{"type": "string"}, {"type": "integer"}]
    open_ended = schema.get("x-kubernetes-preserve-unknown-fields") or schema.get("x-kubernetes-embedded-resource")
    if closed and "properties" in schema and "additionalProperties" not in schema and not open_ended:
        result["additionalProperties"] = False
    if schema.get("nullable"):
        return {"anyOf": [result, {"type": "null"}]}
    return result


def custom_schemas(context: Context) -> Path:
    """Schemas of all definitions, as `<group>/<kind>_<version>.json`."""
    definitions = control_plane.definitions(context.crds)

    def make(folder: Path) -> None:
        for item in definitions:
            spec = item.data["spec"]
            for version in spec["versions"]:
                schema = strict(version["schema"]["openAPIV3Schema"])
                properties = schema.setdefault("properties", {})
                for name, kind in (("apiVersion", "string"), ("kind", "string"), ("metadata", "object")):
                    properties[name] = {"type": kind}
                target = folder / spec["group"] / f"{spec['names']['kind'].lower()}_{version['name']}.json"
                target.parent.mkdir(exist_ok=True)
                target.write_text(json.dumps(schema), encoding="utf-8")

    key = key_of(Path(__file__), *(json.dumps(item.data, sort_keys=True) for item in definitions))
    return context.cache.once("custom-schemas", key, make)


def reachable(schema: Any, definitions: dict[str, Any], found: dict[str, Any]) -> None:
    """Collects the definitions that a schema refers to, directly or not."""
    if isinstance(schema, list):
        for entry in schema:
            reachable(entry, definitions, found)
    elif isinstance(schema, dict):
        reference = schema.get("$ref")
        # A field may itself be called so, in the schema of JSON Schema.
        name = reference.rpartition("/$defs/")[2] if isinstance(reference, str) else ""
        if name and name not in found:
            found[name] = definitions[name]
            reachable(definitions[name], definitions, found)
        for value in schema.values():
            reachable(value, definitions, found)


def native_schemas(context: Context) -> Path:
    """The wheel's schemas, each complete in itself: the wheel refers to one large common file."""
    source = context.tools["kubernetes-schemas"]

    def make(folder: Path) -> None:
        for version in pins.SUPPORTED_KUBERNETES:
            origin = source / f"v{version}-local-strict"
            definitions = json.loads((origin / "_definitions.json").read_text(encoding="utf-8"))["$defs"]
            target = folder / f"v{version}"
            target.mkdir()
            for file in origin.glob("*.json"):
                text = file.read_text(encoding="utf-8")
                schema = json.loads(text.replace('"/api/_definitions.json#/', '"#/'))
                if "x-kubernetes-group-version-kind" in schema:
                    found: dict[str, Any] = {}
                    reachable(schema, definitions, found)
                    schema.pop("$id", None)
                    (target / file.name).write_text(json.dumps(schema | {"$defs": found}), encoding="utf-8")

    return context.cache.once("native-schemas", key_of(Path(__file__), str(source), *pins.SUPPORTED_KUBERNETES), make)


class Kubeconform(Referee):
    name = "kubeconform"
    unit = "judgements"
    needs = frozenset({"kubeconform", "kubernetes-schemas"})

    def version(self, context: Context) -> str:
        versions = ", ".join(version.removesuffix(".0") for version in pins.SUPPORTED_KUBERNETES)
        return f"{pins.KUBECONFORM} for {versions}"

    def judge(self, context: Context, tree: Tree) -> tuple[int, list[Finding]]:
        native = native_schemas(context)
        custom = custom_schemas(context)
        judged, findings = 0, []
        for version in pins.SUPPORTED_KUBERNETES:
            result = run([
                context.tools["kubeconform"], "-strict", "-output", "json", "-verbose", "-n", "1",
                "-kubernetes-version", version,
                "-schema-location",
                f"{native}/{{{{.NormalizedKubernetesVersion}}}}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json",
                "-schema-location", f"{custom}/{{{{.Group}}}}/{{{{.ResourceKind}}}}_{{{{.ResourceAPIVersion}}}}.json",
                *(tree.root / resource for resource in tree.resources),
            ], accept=(0, 1))
            try:
                resources = json.loads(result.stdout)["resources"]
            except (ValueError, KeyError) as error:
                raise Broken(f"kubeconform: {error}: {result.stdout[:300]} {result.stderr[:300]}") from error
            for resource in resources:
                judged += 1
                if resource["status"] != "statusValid":
                    findings.append(Finding(
                        tree.name, f"{resource['status']} {version}", tree.named(resource["filename"]), resource["msg"],
                    ))
        return judged, findings
