"""Makes src/api/tables.txt: which fields the API of each supported Kubernetes version has, and of what type.

Facts only: names, types, which fields must be there, words of closed sets, the
key that tells items of a list apart, and the versions that serve a field. The
native kinds come from the definitions in the kubernetes-validate wheel, those
of add-ons from the CustomResourceDefinitions that the suite uses. The same
input gives the same bytes; the referee of the same name compares.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Iterable

from . import pins

# Where the program has them.
FILE = Path(__file__).resolve().parents[3] / "src" / "api" / "tables.txt"

OLDEST, NEWEST = (int(version.split(".")[1]) for version in pins.SUPPORTED_KUBERNETES)
VERSIONS = range(OLDEST, NEWEST + 1)

CORE = "io.k8s.api.core.v1."
META = "io.k8s.apimachinery.pkg.apis.meta.v1."

# Definitions that stand for a scalar, by the letter of the table.
SCALARS = {
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "x",
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "q",
    f"{META}Time": "s",
    f"{META}MicroTime": "s",
}

# Fields that the cluster writes: nobody sets them in a file.
OF_THE_CLUSTER = {
    f"{META}ObjectMeta": {
        "creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation", "managedFields",
        "resourceVersion", "selfLink", "uid",
    },
}

# Native kinds that are in no namespace (`kubectl api-resources --namespaced=false`); the definitions do not say it.
CLUSTER_SCOPED = {
    "APIService", "CertificateSigningRequest", "ClusterRole", "ClusterRoleBinding", "ClusterTrustBundle", "CSIDriver",
    "CSINode", "CustomResourceDefinition", "DeviceClass", "DeviceTaintRule", "FlowSchema", "IngressClass", "IPAddress",
    "MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding", "MutatingWebhookConfiguration", "Namespace", "Node",
    "PersistentVolume", "PriorityClass", "PriorityLevelConfiguration", "ResourceSlice", "RuntimeClass",
    "ServiceCIDR", "StorageClass", "StorageVersion", "StorageVersionMigration", "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration", "VolumeAttachment", "VolumeAttributesClass",
}

# Closed sets of native fields, which the definitions name in prose only (k8s.io/api, the constants of each type).
WORDS = {
    "Container.imagePullPolicy": "Always IfNotPresent Never",
    "Container.terminationMessagePolicy": "FallbackToLogsOnError File",
    "ContainerPort.protocol": "SCTP TCP UDP",
    "CronJobSpec.concurrencyPolicy": "Allow Forbid Replace",
    "DaemonSetUpdateStrategy.type": "OnDelete RollingUpdate",
    "DeploymentStrategy.type": "Recreate RollingUpdate",
    "EphemeralContainer.imagePullPolicy": "Always IfNotPresent Never",
    "HTTPGetAction.scheme": "HTTP HTTPS",
    "HPAScalingRules.selectPolicy": "Disabled Max Min",
    "IngressPath.pathType": "Exact ImplementationSpecific Prefix",
    "HTTPIngressPath.pathType": "Exact ImplementationSpecific Prefix",
    "JobSpec.completionMode": "Indexed NonIndexed",
    "JobSpec.podReplacementPolicy": "Failed TerminatingOrFailed",
    "LabelSelectorRequirement.operator": "DoesNotExist Exists In NotIn",
    "NetworkPolicyPort.protocol": "SCTP TCP UDP",
    "NodeSelectorRequirement.operator": "DoesNotExist Exists Gt In Lt NotIn",
    "PersistentVolumeClaimSpec.volumeMode": "Block Filesystem",
    "PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy": "AlwaysAllow IfHealthyBudget",
    "PodSecurityContext.fsGroupChangePolicy": "Always OnRootMismatch",
    "PodSecurityContext.supplementalGroupsPolicy": "Merge Strict",
    "PodSpec.dnsPolicy": "ClusterFirst ClusterFirstWithHostNet Default None",
    "PodSpec.preemptionPolicy": "Never PreemptLowerPriority",
    "PodSpec.restartPolicy": "Always Never OnFailure",
    "SeccompProfile.type": "Localhost RuntimeDefault Unconfined",
    "AppArmorProfile.type": "Localhost RuntimeDefault Unconfined",
    "SecurityContext.procMount": "Default Unmasked",
    "ServicePort.protocol": "SCTP TCP UDP",
    "ServiceSpec.externalTrafficPolicy": "Cluster Local",
    "ServiceSpec.internalTrafficPolicy": "Cluster Local",
    "ServiceSpec.ipFamilyPolicy": "PreferDualStack RequireDualStack SingleStack",
    "ServiceSpec.sessionAffinity": "ClientIP None",
    "ServiceSpec.type": "ClusterIP ExternalName LoadBalancer NodePort",
    "StatefulSetSpec.podManagementPolicy": "OrderedReady Parallel",
    "StatefulSetUpdateStrategy.type": "OnDelete RollingUpdate",
    "TopologySpreadConstraint.nodeAffinityPolicy": "Honor Ignore",
    "TopologySpreadConstraint.nodeTaintsPolicy": "Honor Ignore",
    "TopologySpreadConstraint.whenUnsatisfiable": "DoNotSchedule ScheduleAnyway",
    "VolumeMount.recursiveReadOnly": "Disabled Enabled IfPossible",
}

HEAD = """\
# The API of Kubernetes 1.{oldest} to 1.{newest} and of the add-ons that specc knows: names, types and versions of fields.
# Made by tests/acceptance/suite/api_tables.py. Not to be edited: the referee `API tables` compares.
#
# k VERSION KIND SCOPE TYPE [SINCE[-UNTIL]]   SCOPE n: namespaced, c: of the cluster
# TYPE is the number of a line `t`, counted from 0; SINCE and UNTIL are minor versions, left out at the ends of the range.
# t FIELD[!]=FORM[@SINCE[-UNTIL]] ...         !: must be there; `t ~` keeps unknown fields as well
# FORM: s string, i integer, n number, b boolean, q quantity, x integer or string, y base64, a anything,
#       eN words of line `e` N, {{F map of F, [F list of F, [KEY;F list whose items KEY tells apart, a number: that type
"""


class Types:
    """Types by number. Custom types that look alike are one; native types are known by their definition."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.known: dict[str, int] = {}
        self.words: dict[str, int] = {}

    def intern(self, line: str) -> int:
        if line not in self.known:
            self.known[line] = len(self.lines)
            self.lines.append(line)
        return self.known[line]

    def enum(self, words: Iterable[str]) -> str:
        return f"e{self.words.setdefault(' '.join(sorted(set(words))), len(self.words))}"


def span(served: list[int]) -> str:
    """`@34`, `@31-35`, or nothing for what all versions serve."""
    first, last = min(served), max(served)
    if last != NEWEST:
        return f"@{first}-{last}"
    return f"@{first}" if first != OLDEST else ""


def kind_of(schema: dict[str, Any]) -> str:
    """The JSON type of a schema without `null`."""
    named = schema.get("type")
    if isinstance(named, list):
        named = next((name for name in named if name != "null"), None)
    return named or ""


def item_key(keys: list[str], names: Iterable[str]) -> str:
    """The one key that tells items apart: the API's, or their name where the API takes several together."""
    return keys[0] if len(keys) == 1 else "name" if "name" in names else ""


class Native:
    """The definitions of all versions, merged by name."""

    def __init__(self, folder: Path, types: Types) -> None:
        self.types = types
        self.numbers: dict[str, int] = {}
        self.versions = {
            minor: json.loads((folder / f"v1.{minor}.0-local-strict/_definitions.json").read_text("utf-8"))["$defs"]
            for minor in VERSIONS
        }

    def latest(self, name: str) -> dict[str, Any]:
        return next(self.versions[v][name] for v in reversed(VERSIONS) if name in self.versions[v])

    def merge_key(self, field: dict[str, Any], item: dict[str, Any]) -> str:
        keys = field.get("x-kubernetes-list-map-keys") or []
        merged = field.get("x-kubernetes-patch-merge-key")
        if not keys and not merged:
            return ""
        reference = item.get("$ref", "").rpartition("/")[2]
        names = self.latest(reference).get("properties", {}) if reference else {}
        return item_key(keys or [merged], names)

    def form(self, schema: dict[str, Any], where: str) -> str:
        if "$ref" in schema:
            return self.reference(schema["$ref"].rpartition("/")[2])
        kind = kind_of(schema)
        if where in WORDS:
            return self.types.enum(WORDS[where].split())
        if kind == "array":
            key = self.merge_key(schema, schema["items"])
            return f"[{key}{';' if key else ''}{self.form(schema['items'], '')}"
        if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
            return "{" + self.form(schema["additionalProperties"], "")
        if kind == "string":
            return "y" if schema.get("format") == "byte" else "s"
        return {"integer": "i", "number": "n", "boolean": "b"}.get(kind, "a")

    def reference(self, name: str) -> str:
        if name in SCALARS:
            return SCALARS[name]
        definition = self.latest(name)
        if "properties" not in definition:
            return {"string": "s", "integer": "i"}.get(kind_of(definition), "a")
        return str(self.number(name))

    def number(self, name: str) -> int:
        if name in self.numbers:
            return self.numbers[name]
        # The number is taken first, since types may hold themselves.
        number = self.numbers[name] = len(self.types.lines)
        self.types.lines.append("")
        served: dict[str, list[int]] = {}
        for version in VERSIONS:
            for field in self.versions[version].get(name, {}).get("properties", {}):
                served.setdefault(field, []).append(version)
        hidden = OF_THE_CLUSTER.get(name, set())
        is_object = "x-kubernetes-group-version-kind" in self.latest(name)
        exists = [v for v in VERSIONS if name in self.versions[v]]
        fields = []
        for field in sorted(served):
            if field in hidden or (is_object and field == "status"):
                continue
            last = self.versions[max(served[field])][name]
            must = "!" if field in last.get("required", []) else ""
            form = self.form(last["properties"][field], f"{name.rpartition('.')[2]}.{field}")
            # a field as old as its type says nothing new
            since = span(served[field]) if served[field] != exists else ""
            fields.append(f"{field}{must}={form}{since}")
        self.types.lines[number] = " ".join(fields)
        return number

    def kinds(self) -> list[str]:
        served: dict[tuple[str, str], tuple[str, list[int]]] = {}
        for version in VERSIONS:
            for name, definition in self.versions[version].items():
                for gvk in definition.get("x-kubernetes-group-version-kind", []):
                    metadata = definition.get("properties", {}).get("metadata", {}).get("$ref", "")
                    if not metadata.endswith(f"{META}ObjectMeta"):
                        continue
                    api = "/".join(part for part in (gvk["group"], gvk["version"]) if part)
                    served.setdefault((api, gvk["kind"]), (name, []))[1].append(version)
        lines = []
        for (api, kind), (name, versions) in sorted(served.items()):
            scope = "c" if kind in CLUSTER_SCOPED else "n"
            lines.append(f"{api} {kind} {scope} {self.number(name)} {span(versions)[1:]}".rstrip())
        return lines


class Custom:
    """CustomResourceDefinitions."""

    def __init__(self, native: Native) -> None:
        self.types = native.types
        self.metadata = native.number(f"{META}ObjectMeta")

    def form(self, schema: dict[str, Any]) -> str:
        if schema.get("x-kubernetes-int-or-string"):
            return "x"
        if schema.get("x-kubernetes-embedded-resource"):
            return "a"
        kind = kind_of(schema)
        if kind == "object" or "properties" in schema:
            if schema.get("properties"):
                return str(self.number(schema))
            more = schema.get("additionalProperties")
            if isinstance(more, dict):
                return "{" + self.form(more)
            return "a"
        if kind == "array":
            keys = schema.get("x-kubernetes-list-map-keys") or []
            items = schema.get("items", {})
            names = items.get("properties", {})
            key = item_key(keys, names) if keys else ""
            return f"[{key}{';' if key else ''}{self.form(items)}"
        if kind == "string":
            words = schema.get("enum", [])
            plain = words and all(isinstance(word, str) and word and " " not in word for word in words)
            return self.types.enum(words) if plain else "y" if schema.get("format") == "byte" else "s"
        return {"integer": "i", "number": "n", "boolean": "b"}.get(kind, "a")

    def number(self, schema: dict[str, Any], root: bool = False) -> int:
        open_ended = "~ " if schema.get("x-kubernetes-preserve-unknown-fields") else ""
        fields = []
        for field, value in sorted(schema["properties"].items()):
            if root and field == "status":
                continue
            form = str(self.metadata) if root and field == "metadata" else self.form(value)
            must = "!" if field in schema.get("required", []) else ""
            fields.append(f"{field}{must}={form}")
        return self.types.intern(open_ended + " ".join(fields))

    def kinds(self, definitions: Iterable[Any]) -> list[str]:
        lines = set()
        for item in definitions:
            spec = item.data["spec"]
            for version in spec["versions"]:
                if not version.get("served", True):
                    continue
                schema = dict(version["schema"]["openAPIV3Schema"])
                properties = {name: {"type": "string"} for name in ("apiVersion", "kind")} | {"metadata": {}}
                schema["properties"] = schema.get("properties", {}) | properties
                scope = "c" if spec["scope"] == "Cluster" else "n"
                api = f"{spec['group']}/{version['name']}"
                lines.add(f"{api} {spec['names']['kind']} {scope} {self.number(schema, root=True)}")
        return sorted(lines)


def tables(schemas: Path, definitions: Iterable[Any]) -> str:
    """The whole table, from the folder of the wheel's schemas and the definitions of custom resources."""
    types = Types()
    native = Native(schemas, types)
    kinds = native.kinds()
    kinds += Custom(native).kinds(definitions)
    lines = [f"k {line}" for line in sorted(kinds)]
    lines += [f"e {words}" for words in types.words]
    lines += [f"t {line}".rstrip() for line in types.lines]
    return HEAD.format(oldest=OLDEST, newest=NEWEST) + "\n".join(lines) + "\n"
