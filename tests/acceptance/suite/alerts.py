"""What each alert must say to given series: told by its name, with numbers far from any threshold.

A case is what Prometheus would have scraped, and whether the alert must fire.
Times begin at 0, the epoch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass
class Case:
    what: str
    fires: bool
    series: dict[str, str]
    at: str = "40m"
    interval: str = "1m"
    # The labels that come from the series.
    labels: dict[str, str] = field(default_factory=dict)


CASES: dict[str, Callable[[str, str], Iterator[Case]]] = {}


def case(name: str):
    def register(make: Callable[[str, str], Iterator[Case]]):
        CASES[name] = make
        return make
    return register


def always(value: object) -> str:
    return f"{value}x60"


def instance(metric: str, namespace: str, name: str, **labels: str) -> str:
    """A series of the first instance, as its PodMonitor labels it."""
    own = {"job": f"{namespace}/{name}", "namespace": namespace, "pod": f"{name}-1", **labels}
    return f"{metric}{{{','.join(f'{key}={chr(34)}{value}{chr(34)}' for key, value in own.items())}}}"


@case("DatabaseNotWatched")
def _(namespace, name):
    up = instance("cnpg_collector_up", namespace, name)
    yield Case("no instance", True, {}, labels={"job": f"{namespace}/{name}"})
    yield Case("another database alone", True, {up.replace(name, "other"): always(1)}, labels={"job": f"{namespace}/{name}"})
    yield Case("an instance", False, {up: always(1)})


@case("DatabaseBackupTooOld")
def _(namespace, name):
    newest = instance("barman_cloud_cloudnative_pg_io_last_available_backup_timestamp", namespace, name)
    job = {"job": f"{namespace}/{name}"}
    # An hour a step, forty days: longer than any month.
    yield Case("never one", True, {newest: "0x1000"}, "960h", "1h", job)
    yield Case("one, long ago", True, {newest: "7200x1000"}, "960h", "1h", job)
    yield Case("no such metric", True, {}, "960h", "1h", job)
    yield Case("always a new one", False, {newest: "0+3600x1000"}, "960h", "1h")


@case("DatabaseLogNotArchived")
def _(namespace, name):
    ready = instance("cnpg_collector_pg_wal_archive_status", namespace, name, value="ready")
    done = instance("cnpg_collector_pg_wal_archive_status", namespace, name, value="done")
    since = instance("cnpg_pg_stat_archiver_seconds_since_last_archival", namespace, name)
    standby = instance("cnpg_pg_replication_in_recovery", namespace, name)
    labels = {"job": f"{namespace}/{name}", "namespace": namespace, "pod": f"{name}-1", "value": "ready"}
    yield Case("segments wait, and none was archived", True, {ready: always(3), since: "0+60x60", standby: always(0)}, labels=labels)
    yield Case("segments wait, and none ever was archived", True, {ready: always(3), since: " ".join(["NaN"] * 61), standby: always(0)}, labels=labels)
    yield Case("idle for a day", False, {ready: always(0), done: always(7), since: "86400+60x60", standby: always(0)})
    yield Case("busy", False, {ready: always(4), since: always(5), standby: always(0)})
    yield Case("a standby with old files", False, {ready: always(4), since: "86400+60x60", standby: always(1)})


@case("DatabaseStandbyLags")
def _(namespace, name):
    lag = instance("cnpg_pg_replication_lag", namespace, name)
    labels = {"job": f"{namespace}/{name}", "namespace": namespace, "pod": f"{name}-1"}
    yield Case("an hour", True, {lag: always(3600)}, labels=labels)
    yield Case("none", False, {lag: always(0)})
    yield Case("an hour, for five minutes", False, {lag: "0x34 3600x5"})


@case("DatabaseFollowsNoMore")
def _(namespace, name):
    since = instance("cnpg_pg_stat_archiver_seconds_since_last_archival", namespace, name)
    labels = {"job": f"{namespace}/{name}"}
    yield Case("nothing for four days", True, {since: always(4 * 86400)}, "30h", "1h", labels)
    yield Case("a segment each minute", False, {since: always(60)}, "30h", "1h")
    yield Case("the other site is idle between its base backups", False, {since: "0+3600x23 0+3600x23 0+3600x23"}, "60h", "1h")
    yield Case("nothing yet", False, {since: always(-1)}, "30h", "1h")


def volumes(namespace: str, claim: str, used: int) -> dict[str, str]:
    own = f'namespace="{namespace}",persistentvolumeclaim="{claim}"'
    return {f"kubelet_volume_stats_used_bytes{{{own}}}": always(used), f"kubelet_volume_stats_capacity_bytes{{{own}}}": always(1000)}


@case("DatabaseVolumeFull")
def _(namespace, name):
    labels = {"namespace": namespace, "persistentvolumeclaim": f"{name}-2"}
    yield Case("nine tenths", True, volumes(namespace, f"{name}-2", 900), labels=labels)
    yield Case("half", False, volumes(namespace, f"{name}-2", 500))
    yield Case("the log's", False, volumes(namespace, f"{name}-2-wal", 900))
    yield Case("of another namespace", False, volumes("elsewhere", f"{name}-2", 900))


@case("DatabaseLogVolumeFull")
def _(namespace, name):
    labels = {"namespace": namespace, "persistentvolumeclaim": f"{name}-2-wal"}
    yield Case("nine tenths", True, volumes(namespace, f"{name}-2-wal", 900), labels=labels)
    yield Case("half", False, volumes(namespace, f"{name}-2-wal", 500))
    yield Case("the data's", False, volumes(namespace, f"{name}-2", 900))


@case("DatabaseConnectionsUsedUp")
def _(namespace, name):
    one = instance("cnpg_backends_total", namespace, name, usename="app", state="idle")
    other = instance("cnpg_backends_total", namespace, name, usename="app", state="active")
    yield Case("far too many", True, {one: always(500), other: always(500)}, labels={"pod": f"{name}-1"})
    yield Case("a few", False, {one: always(3), other: always(2)})


@case("DrillStale")
def _(namespace, name):
    def tells(metric: str, drill: str = f"{name}-drill") -> str:
        return f'{metric}{{namespace="{namespace}-drill",cronjob="{drill}"}}'
    made, good = "kube_cronjob_created", "kube_cronjob_status_last_successful_time"
    labels = {"cronjob": f"{name}-drill"}
    # An hour a step, forty days: longer than any month.
    yield Case("never a good one", True, {tells(made): "0x1000"}, "960h", "1h", labels)
    yield Case("a good one, long ago", True, {tells(made): "0x1000", tells(good): "7200x1000"}, "960h", "1h", labels)
    yield Case("good ones of another database", True, {tells(made): "0x1000", tells(good, "other-drill"): "0+3600x1000"}, "960h", "1h", labels)
    yield Case("nobody tells", True, {}, "960h", "1h", labels)
    yield Case("always a good one", False, {tells(made): "0x1000", tells(good): "0+3600x1000"}, "960h", "1h")
    yield Case("asked for an hour ago", False, {tells(made): f"{959 * 3600}x1000"}, "960h", "1h")


@case("DrillSlow")
def _(namespace, name):
    def tells(metric: str, pod: str) -> str:
        return f'kube_pod_{metric}_time{{namespace="{namespace}-drill",pod="{pod}",uid="{pod}"}}'
    old, new = f"{name}-drill-29000000-abcde", f"{name}-drill-29010000-x2x4z"
    yield Case("eleven days", True, {tells("start", new): always(0), tells("completion", new): always(10**6)}, labels={"pod": new})
    yield Case("a minute", False, {tells("start", new): always(0), tells("completion", new): always(60)})
    yield Case("still going", False, {tells("start", new): always(0)})
    yield Case("only the one before", False, {
        tells("start", old): always(0), tells("completion", old): always(10**6),
        tells("start", new): always(2 * 10**6), tells("completion", new): always(2 * 10**6 + 60),
    })


@case("CacheMemoryUsedUp")
def _(namespace, name):
    def taken(pod: str, container: str) -> str:
        return f'container_memory_working_set_bytes{{namespace="{namespace}",pod="{pod}",container="{container}"}}'
    pod = f"{name}-5d4f8c7b9-x2x4z"
    labels = {"namespace": namespace, "pod": pod, "container": "cache"}
    yield Case("a terabyte", True, {taken(pod, "cache"): always(10**12)}, labels=labels)
    yield Case("a megabyte", False, {taken(pod, "cache"): always(10**6)})
    yield Case("another pod", False, {taken(f"other-{pod}", "cache"): always(10**12)})


@case("WorkPilesUp")
def _(namespace, name):
    def waiting(workload: str) -> str:
        return f'keda_scaler_metrics_value{{exported_namespace="{namespace}",scaledObject="{workload}",scaler="x",metric="s0-x"}}'
    yield Case("a billion", True, {waiting(name): always(10**9)}, labels={"scaledObject": name})
    yield Case("nothing", False, {waiting(name): always(0)})
    yield Case("of another", False, {waiting(f"{name}-other"): always(10**9)})


def asked(metric: str, namespace: str, name: str) -> str:
    """A series of the blackbox exporter, as a Probe labels it."""
    return f'{metric}{{job="{namespace}/{name}",namespace="{namespace}",instance="https://x.example.com/"}}'


def outside(namespace: str, name: str) -> dict[str, str]:
    return {"job": f"{namespace}/{name}", "namespace": namespace, "instance": "https://x.example.com/"}


@case("OutsideCheckFails")
def _(namespace, name):
    success = asked("probe_success", namespace, name)
    yield Case("it fails", True, {success: always(0)}, labels=outside(namespace, name))
    yield Case("nobody asks", True, {}, labels={"job": f"{namespace}/{name}"})
    yield Case("it answers", False, {success: always(1)})
    yield Case("it failed for a minute", False, {success: "1x38 0 1x20"})


@case("OutsideStatusDiffers")
def _(namespace, name):
    success, status = asked("probe_success", namespace, name), asked("probe_http_status_code", namespace, name)
    yield Case("anybody gets in", True, {success: always(1), status: always(200)}, labels=outside(namespace, name))
    yield Case("no answer", True, {success: always(0), status: always(0)}, labels=outside(namespace, name))
    yield Case("nobody asks", True, {}, labels={"job": f"{namespace}/{name}"})
    yield Case("who is not known must log in", False, {success: always(0), status: always(401)})
