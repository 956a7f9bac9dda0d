"""Seeded faults: edits of a golden copy that some referee must see.

A fault takes the first object that it fits, so it works on whatever specc
emits. `seen_by` names the referees that must report it; `tests/acceptance/run
--fault-table` tries every fault on every referee and prints the table of the
README.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from typing import Any, Callable

from .golden import Item, Tree, parse
from .pods import at, template

API = "kube-apiserver"
PODS = "pod security"
KUSTOMIZE = "kubectl kustomize"
READERS = "yaml readers"
CONFORM = "kubeconform"
SCORE = "kube-score"
CHECKOV = "checkov"
TRIVY = "trivy"
LINKS = "monokle links"
NCA = "network-config-analyzer"
CYCLONUS = "cyclonus"
CNPG = "cloudnative-pg webhook"
POSTGRES = "postgresql"
RUNBOOKS = "runbooks"
RECOVERY = "recovery"
DRILLS = "drills"
REDIS = "redis"
PROMTOOL = "promtool"
HOSTS = "host names"
MESH = "mesh"


class Unfit(Exception):
    """This object has not what the fault would break."""


Edit = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Fault:
    name: str
    kinds: tuple[str, ...]
    edit: Edit
    seen_by: frozenset[str]
    # Placeholders in the written text, for what JSON cannot say.
    raw: tuple[tuple[str, str], ...] = ()

    def seed(self, items: list[Item]) -> Item | None:
        """A broken copy of the first object that fits."""
        for item in items:
            if item.kind in self.kinds:
                broken = copy.deepcopy(item.data)
                try:
                    self.edit(broken)
                except Unfit:
                    continue
                return Item(item.path, broken)
        return None

    def text(self, broken: Item) -> str:
        """YAML of the broken object: JSON, apart from the placeholders."""
        text = json.dumps(broken.data, indent=1)
        for placeholder, replacement in self.raw:
            text = text.replace(json.dumps(placeholder), replacement)
        return text + "\n"

    def write(self, tree: Tree, broken: Item) -> None:
        """Into a copy of the golden; never into the golden itself."""
        path = tree.root / broken.path
        documents = [item for item in tree.items if item.path == broken.path]
        if len(documents) != 1:
            raise ValueError(f"{path} holds {len(documents)} objects")
        path.write_text(self.text(broken), encoding="utf-8")


FAULTS: list[Fault] = []


def fault(name: str, kinds: str, *seen_by: str, raw: tuple[tuple[str, str], ...] = ()) -> Callable[[Edit], Edit]:
    def register(edit: Edit) -> Edit:
        FAULTS.append(Fault(name, tuple(kinds.split()), edit, frozenset(seen_by), raw))
        return edit
    return register


def pod(data: dict[str, Any]) -> dict[str, Any]:
    found = template(Item("", data))
    if found is None:
        raise Unfit
    return found["spec"]


def container(data: dict[str, Any]) -> dict[str, Any]:
    return pod(data)["containers"][0]


def need(data: Any, *path: str) -> Any:
    found = at(data, path)
    if not found:
        raise Unfit
    return found


# Fields and types


@fault("unknown field", "Deployment", API, CONFORM)
def _(data):
    data["spec"]["replicaCount"] = 3


@fault("number as text", "Deployment StatefulSet", API, CONFORM)
def _(data):
    data["spec"]["replicas"] = "3"


@fault("no selector", "Deployment", API, CONFORM)
def _(data):
    need(data, "spec", "selector")
    del data["spec"]["selector"]


@fault("misspelt enum value", "Deployment", API)
def _(data):
    container(data)["imagePullPolicy"] = "Allways"


@fault("selector differs from template labels", "Deployment", API)
def _(data):
    data["spec"]["selector"]["matchLabels"] = {"app.kubernetes.io/name": "another"}


@fault("unparsable quantity", "Deployment", API)
def _(data):
    need(container(data), "resources", "limits")["memory"] = "256Mib"


@fault("object name with an underscore", "Service", API)
def _(data):
    data["metadata"]["name"] = "orders_api"


@fault("port name over 15 characters", "Deployment", API)
def _(data):
    need(container(data), "ports")[0]["name"] = "metrics-and-health"


@fault("mount without its volume", "Deployment", API)
def _(data):
    container(data).setdefault("volumeMounts", []).append({"name": "nowhere", "mountPath": "/nowhere"})


@fault("request above limit", "Deployment", API)
def _(data):
    resources = need(container(data), "resources")
    need(resources, "limits")
    resources.setdefault("requests", {})["memory"] = "999Gi"


@fault("liveness needs two successes", "Deployment", API)
def _(data):
    need(container(data), "livenessProbe")["successThreshold"] = 2


@fault("variable twice", "Deployment", API)
def _(data):
    variables = need(container(data), "env")
    variables.append(dict(variables[0]))


@fault("policy with protocol HTTP", "NetworkPolicy", API)
def _(data):
    for rule in (data["spec"].get("egress") or []) + (data["spec"].get("ingress") or []):
        if rule.get("ports"):
            rule["ports"][0]["protocol"] = "HTTP"
            return
    raise Unfit


@fault("policy with address range /33", "NetworkPolicy", API)
def _(data):
    data["spec"].setdefault("egress", []).append({"to": [{"ipBlock": {"cidr": "10.0.0.0/33"}}]})


@fault("autoscaler minimum above maximum", "HorizontalPodAutoscaler", API)
def _(data):
    data["spec"]["minReplicas"] = data["spec"]["maxReplicas"] + 1


@fault("disruption budget with both bounds", "PodDisruptionBudget", API)
def _(data):
    data["spec"] |= {"minAvailable": 1, "maxUnavailable": 1}


@fault("cron schedule with four fields", "CronJob", API)
def _(data):
    data["spec"]["schedule"] = "15 2 * *"


@fault("API version that is gone", "PodDisruptionBudget", API, CONFORM)
def _(data):
    data["apiVersion"] = "policy/v1beta1"


@fault("bad label value", "Deployment", API)
def _(data):
    data["metadata"].setdefault("labels", {})["app.kubernetes.io/component"] = "a/b"


@fault("probe with two handlers", "Deployment", API)
def _(data):
    probe = need(container(data), "readinessProbe")
    probe |= {"httpGet": {"path": "/", "port": 8000}, "tcpSocket": {"port": 8000}}


@fault("unknown field in a custom resource", "PodMonitor HTTPRoute ExternalSecret Cluster", API, CONFORM)
def _(data):
    data["spec"]["notAField"] = True


@fault("bad duration in an alert", "PrometheusRule", API, PROMTOOL)
def _(data):
    for group in data["spec"]["groups"]:
        for rule in group["rules"]:
            if "alert" in rule:
                rule["for"] = "5minutes"
                return
    raise Unfit


@fault("scaler minimum above maximum", "ScaledObject", API)
def _(data):
    data["spec"] |= {"minReplicaCount": 9, "maxReplicaCount": 3}


@fault("route path without leading slash", "HTTPRoute", API)
def _(data):
    for rule in data["spec"]["rules"]:
        for match in rule.get("matches") or []:
            if "path" in match:
                match["path"]["value"] = "v1/orders"
                return
    raise Unfit


@fault("port name over 15 characters in a rollout", "Rollout", PODS)
def _(data):
    need(container(data), "ports")[0]["name"] = "metrics-and-health"


# Security


@fault("root container", "Deployment", PODS, CHECKOV, TRIVY, SCORE)
def _(data):
    for context in (container(data).setdefault("securityContext", {}), pod(data).setdefault("securityContext", {})):
        context |= {"runAsNonRoot": False, "runAsUser": 0, "runAsGroup": 0}


@fault("privileged container in a custom resource", "Rollout ScaledJob OpenTelemetryCollector", PODS)
def _(data):
    if data["kind"] == "OpenTelemetryCollector":
        data["spec"]["securityContext"] = {"privileged": True}
    else:
        container(data)["securityContext"] = {"privileged": True}


@fault("floating image tag", "Deployment", CHECKOV, TRIVY, SCORE)
def _(data):
    container(data)["image"] = container(data)["image"].partition("@")[0].rpartition(":")[0] + ":latest"


@fault("no memory limit", "Deployment", CHECKOV, TRIVY, SCORE)
def _(data):
    del need(container(data), "resources", "limits")["memory"]


@fault("service account token mounted", "Deployment", CHECKOV)
def _(data):
    pod(data)["automountServiceAccountToken"] = True


# Links


@fault("Service selects no pod", "Service", SCORE, LINKS)
def _(data):
    need(data, "spec", "selector")
    data["spec"]["selector"] = {"app.kubernetes.io/name": "ordres-api"}


@fault("Service targets a port name that no pod has", "Service")
def _(data):
    if not isinstance(need(data, "spec", "ports")[0].get("targetPort"), str):
        raise Unfit
    data["spec"]["ports"][0]["targetPort"] = "htpp"


# Text


@fault("text that YAML 1.1 takes for a boolean", "Deployment", READERS, raw=(("@plain", "yes"),))
def _(data):
    need(container(data), "env")[0] = {"name": "SEEDED", "value": "@plain"}


@fault("text that YAML 1.1 takes for a number in base 60", "Deployment", READERS, raw=(("@plain", "12:30:45"),))
def _(data):
    need(container(data), "env")[0] = {"name": "SEEDED", "value": "@plain"}


@fault("key written twice", "Service", READERS, raw=(("@twice", '"1", "seeded": "2"'),))
def _(data):
    data["metadata"].setdefault("annotations", {})["seeded"] = "@twice"


# Network


@fault("extra edge", "NetworkPolicy", NCA, CYCLONUS)
def _(data):
    if not at(data, ("spec", "podSelector", "matchLabels")):
        raise Unfit
    need(data, "spec", "ingress").append({"from": [{"namespaceSelector": {}}], "ports": [{"port": 31337, "protocol": "TCP"}]})


@fault("missing edge", "NetworkPolicy", NCA, CYCLONUS)
def _(data):
    rules = need(data, "spec", "egress")
    kept = [rule for rule in rules if not any(port.get("port") in (53, "53") for port in rule.get("ports") or [])]
    if len(kept) == len(rules):
        raise Unfit
    data["spec"]["egress"] = kept


@fault("edge on a wrong port", "NetworkPolicy", NCA, CYCLONUS)
def _(data):
    if not at(data, ("spec", "podSelector", "matchLabels")):
        raise Unfit
    for rule in need(data, "spec", "ingress"):
        for port in rule.get("ports") or []:
            if isinstance(port.get("port"), int):
                port["port"] += 1
                return
    raise Unfit


@fault("policy selects no pod", "NetworkPolicy", SCORE, NCA, CYCLONUS)
def _(data):
    need(data, "spec", "podSelector", "matchLabels")
    data["spec"]["podSelector"] = {"matchLabels": {"app.kubernetes.io/name": "ordres-api"}}


# Rules of CloudNativePG across fields


@fault("database volume with a unit that Kubernetes does not know", "Cluster", CNPG)
def _(data):
    data["spec"]["storage"]["size"] = "20GiB"


@fault("as many synchronous standbys as instances", "Cluster", CNPG)
def _(data):
    data["spec"].setdefault("postgresql", {})["synchronous"] = {"method": "any", "number": data["spec"]["instances"]}


@fault("parameter that the operator sets itself", "Cluster", CNPG)
def _(data):
    data["spec"].setdefault("postgresql", {}).setdefault("parameters", {})["archive_command"] = "/bin/true"


@fault("shared buffers above the memory request", "Cluster", CNPG)
def _(data):
    data["spec"].setdefault("postgresql", {}).setdefault("parameters", {})["shared_buffers"] = "512GB"


@fault("setting that PostgreSQL does not know", "Cluster", POSTGRES)
def _(data):
    need(data, "spec", "postgresql", "parameters")["max_conections"] = "100"


@fault("access without TLS", "Cluster", POSTGRES)
def _(data):
    need(data, "spec", "postgresql")["pg_hba"] = ["host all all all scram-sha-256"]


@fault("account with a certificate that a password lets in", "Cluster", POSTGRES)
def _(data):
    lines = need(data, "spec", "postgresql", "pg_hba")
    kept = [line for line in lines if not line.endswith(" cert")]
    if kept == lines:
        raise Unfit
    data["spec"]["postgresql"]["pg_hba"] = kept


@fault("certificate without the names of the poolers", "Cluster", POSTGRES)
def _(data):
    del need(data, "spec", "certificates")["serverAltDNSNames"]


@fault("pooler that takes plain text", "Pooler", POSTGRES)
def _(data):
    need(data, "spec", "pgbouncer", "parameters")["client_tls_sslmode"] = "prefer"


@fault("migration that waits for locks as long as it takes", "Job", POSTGRES)
def _(data):
    for variable in pod(data)["containers"][0].get("env") or []:
        if variable["name"] == "PGOPTIONS":
            variable["value"] = "-c " + variable["value"].split(" -c ", 1)[1]
            return
    raise Unfit


def replace_in_drill(data: dict[str, Any], file: str, old: str, new: str) -> None:
    """Changes a file that a drill runs with; what is not there can be no fault."""
    files = data.get("data") or {}
    if old not in files.get(file, ""):
        raise Unfit
    files[file] = files[file].replace(old, new)


@fault("drill that takes no for an answer", "ConfigMap", DRILLS)
def _(data):
    replace_in_drill(data, "drill.sh", '[ "$answer" = t ]', '[ -n "$answer" ]')


@fault("drill that leaves its cluster behind", "ConfigMap", DRILLS)
def _(data):
    replace_in_drill(data, "drill.sh", "trap finish EXIT\n", "")


@fault("drill whose cluster archives", "ConfigMap", DRILLS)
def _(data):
    plugins = '"plugins": [{"name": "barman-cloud.cloudnative-pg.io", "isWALArchiver": true}]'
    replace_in_drill(data, "cluster.json", '"instances": 1', f'"instances": 1, {plugins}')


@fault("pooler for fewer clients than there can be", "Pooler", POSTGRES)
def _(data):
    need(data, "spec", "pgbouncer", "parameters")["max_client_conn"] = "3"


@fault("backup schedule of four fields", "ScheduledBackup", CNPG)
def _(data):
    data["spec"]["schedule"] = "30 0 * *"


@fault("pooler parameter that is not allowed", "Pooler", CNPG)
def _(data):
    data["spec"]["pgbouncer"].setdefault("parameters", {})["auth_file"] = "/etc/passwd"


def alert(data: dict[str, Any]) -> dict[str, Any]:
    return data["spec"]["groups"][0]["rules"][-1]


@fault("alert over a metric that there is not", "PrometheusRule", PROMTOOL)
def _(data):
    rule = alert(data)
    rule["expr"] = rule["expr"].replace("cnpg_", "pg_").replace("_bytes", "_octets").replace("keda_", "kedas_")


@fault("alert that is always raised", "PrometheusRule", PROMTOOL)
def _(data):
    alert(data)["expr"] = "vector(1)"


@fault("alert about everybody's series", "PrometheusRule", PROMTOOL)
def _(data):
    rule = data["spec"]["groups"][0]["rules"][0]
    rule["expr"] = rule["expr"].partition("{")[0] + ("{}" + rule["expr"].partition("}")[2])


@fault("expression that is none", "PrometheusRule", PROMTOOL)
def _(data):
    alert(data)["expr"] += " >"


@fault("alert of nobody", "PrometheusRule", PROMTOOL)
def _(data):
    need(alert(data), "labels", "owner")
    del alert(data)["labels"]["owner"]


def setting(data: dict[str, Any], name: str) -> tuple[list[str], int]:
    """The arguments of a cache, and where the value of a setting stands."""
    words = need(container(data), "args")
    if name not in words:
        raise Unfit
    return words, words.index(name) + 1


@fault("cache without a limit of memory", "Deployment", REDIS)
def _(data):
    words, at = setting(data, "--maxmemory")
    words[at] = "0"


@fault("cache that may fill its pod", "Deployment", REDIS)
def _(data):
    words, at = setting(data, "--maxmemory")
    words[at] = str(int(words[at]) * 3)


@fault("sessions that are dropped", "Deployment", REDIS)
def _(data):
    words, at = setting(data, "--maxmemory-policy")
    if words[at] != "noeviction":
        raise Unfit
    words[at] = "allkeys-lru"


@fault("cache that refuses when it is full", "Deployment", REDIS)
def _(data):
    words, at = setting(data, "--maxmemory-policy")
    if words[at] != "allkeys-lru":
        raise Unfit
    words[at] = "noeviction"


@fault("password that nobody asks for", "Deployment", REDIS)
def _(data):
    words, at = setting(data, "--include")
    del words[at - 1:at + 1]


@fault("file that is not written", "Deployment", REDIS)
def _(data):
    words, at = setting(data, "--appendonly")
    if words[at] != "yes":
        raise Unfit
    words[at] = "no"


@fault("setting that the engine does not know", "Deployment", REDIS)
def _(data):
    words, at = setting(data, "--maxmemory")
    words[at - 1] = "--max-memory"


# Host names


@fault("host that nobody declares", "CiliumNetworkPolicy", HOSTS)
def _(data):
    need(data, "spec", "egress")[-1]["toFQDNs"].append({"matchName": "elsewhere.example"})


@fault("caller that does not use the host", "AuthorizationPolicy", HOSTS)
def _(data):
    need(data, "spec", "targetRefs")
    need(data, "spec", "rules")[0]["from"][0]["source"]["serviceAccounts"].append("strangers/default")


@fault("host past the waypoint", "ServiceEntry", HOSTS)
def _(data):
    del data["metadata"]["labels"]["istio.io/use-waypoint"]


# The mesh's own policies: what NetworkPolicies no longer see


def of_pods(data: dict[str, Any], field: str) -> list[dict[str, Any]]:
    """The sources of a policy that some pods have, as far as they say this; what has none of them is no fault's."""
    need(data, "spec", "selector")
    sources = [entry["source"] for rule in data["spec"].get("rules") or [] for entry in rule.get("from") or []]
    found = [source for source in sources if field in source]
    if not found:
        raise Unfit
    return found


@fault("caller whom the mesh does not let through", "AuthorizationPolicy", MESH)
def _(data):
    of_pods(data, "serviceAccounts")[0]["serviceAccounts"][0] = "strangers/default"


@fault("port that nobody declares, behind the mesh's", "AuthorizationPolicy", MESH)
def _(data):
    of_pods(data, "serviceAccounts")
    for rule in data["spec"]["rules"]:
        rule["to"][0]["operation"]["ports"].append("31337")


@fault("port of those outside of the mesh, open to callers inside", "AuthorizationPolicy", MESH)
def _(data):
    of_pods(data, "serviceAccounts")
    inside = {port for rule in data["spec"]["rules"] if "serviceAccounts" in rule["from"][0]["source"]
              for port in rule["to"][0]["operation"]["ports"]}
    for rule in data["spec"]["rules"]:
        if "notPrincipals" in rule["from"][0]["source"] and not inside & set(rule["to"][0]["operation"]["ports"]):
            del rule["from"]
            return
    raise Unfit


@fault("policy of the mesh for pods that there are not", "AuthorizationPolicy", MESH)
def _(data):
    of_pods(data, "serviceAccounts")
    data["spec"]["selector"] = {"matchLabels": {"app.kubernetes.io/name": "shpo-web"}}


@fault("nothing in plain text, where the scraper is outside of the mesh", "PeerAuthentication", MESH)
def _(data):
    need(data, "spec", "portLevelMtls")
    del data["spec"]["portLevelMtls"]


@fault("namespace that is no part of the mesh", "Namespace", MESH)
def _(data):
    if not need(data, "metadata", "labels").pop("istio.io/dataplane-mode", None):
        raise Unfit


@fault("the mesh's port is closed", "NetworkPolicy", MESH, NCA, CYCLONUS)
def _(data):
    for rule in need(data, "spec", "ingress"):
        if any(port["port"] == 15008 for port in rule.get("ports") or []):
            data["spec"]["ingress"].remove(rule)
            return
    raise Unfit


@fault("kubelet that nobody lets in", "NetworkPolicy", MESH, NCA, CYCLONUS)
def _(data):
    for rule in need(data, "spec", "ingress"):
        if any("169.254.7.127/32" == (peer.get("ipBlock") or {}).get("cidr") for peer in rule.get("from") or []):
            data["spec"]["ingress"].remove(rule)
            return
    raise Unfit


# Whole trees


@dataclass(frozen=True)
class TreeFault:
    """An edit of a tree's copy that no single object shows."""

    name: str
    edit: Callable[[Tree], None]
    seen_by: frozenset[str]


def relist(tree: Tree, edit: Callable[[list[str]], list[str]]) -> None:
    marker = tree.root / "kustomization.yaml"
    data = parse(marker.read_text(encoding="utf-8"))[0]
    data["resources"] = edit(list(data["resources"]))
    marker.write_text(json.dumps(data), encoding="utf-8")


def second_identity(tree: Tree) -> None:
    first = next(item for item in tree.items if item.kind == "Service")
    (tree.root / "again.yaml").write_text(json.dumps(first.data), encoding="utf-8")
    relist(tree, lambda resources: [*resources, "again.yaml"])


def told(old: str, new: str) -> Callable[[Tree], None]:
    """An edit of what the runbook tells, everywhere."""
    def edit(tree: Tree) -> None:
        path = tree.root / "RUNBOOK.md"
        text = path.read_text(encoding="utf-8")
        if old not in text:
            raise ValueError(f"no runbook of {tree.name} has {old}")
        path.write_text(text.replace(old, new), encoding="utf-8")
    return edit


TREE_FAULTS = [
    TreeFault("listed file that is not there", lambda tree: relist(tree, lambda r: [*r, "missing.yaml"]), frozenset({KUSTOMIZE})),
    TreeFault("file that is not listed", lambda tree: relist(tree, lambda r: r[:-1]), frozenset({KUSTOMIZE})),
    TreeFault("two objects with one identity", second_identity, frozenset({KUSTOMIZE})),
    TreeFault("command with an open quote", told("'SELECT pg_switch_wal()'", "'SELECT pg_switch_wal()"), frozenset({RUNBOOKS})),
    TreeFault("command with a bare variable", told('"$PRIMARY"', "$PRIMARY"), frozenset({RUNBOOKS})),
    TreeFault("restore from an unknown source", told("      source: ", "      source: not-"), frozenset({RUNBOOKS})),
    TreeFault("restore to a moment of its own", told("'@RECOVERY-TIME@'", '"2030-01-01T00:00:00+00:00"'), frozenset({RUNBOOKS, RECOVERY})),
    TreeFault("restore that forgets the moment", told("        targetTime: '@RECOVERY-TIME@'\n", ""), frozenset({RECOVERY})),
    TreeFault("restore that closes no segment", told("SELECT pg_switch_wal()", "SELECT 1"), frozenset({RECOVERY})),
]
