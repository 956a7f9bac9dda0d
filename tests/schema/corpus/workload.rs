//! Tables below a workload: containers, volumes, pods, Services.

use super::Table;
use super::values::{
    BOOL, CPU, DURATION, ENV, ID, IMAGE, LABELS, LIMIT, MEMORY, NO_BOOL, NO_DURATION, NO_ID, NO_LABELS,
    NO_LIMIT, NO_PORT, NO_SECRET_KEYS, NO_SHARE, NO_SUBDOMAIN, NO_TEXTS, NO_WORDS, PORT, SECRET_KEYS, SHARE,
    SUBDOMAIN, TEXTS, WORDS,
};
use crate::schema::File::{Overlay, Service};

const PLAIN: &[&str] = &["\"a\"", "\"\""];
const NO_PLAIN: &[&str] = &["1", "[\"a\"]"];
const SIZE: &[&str] = &["\"1Gi\""];
const NO_SIZE: &[&str] = &["\"1\"", "1"];

/// Volumes by path.
pub(super) const MOUNTS: super::Key = (
    "mounts",
    &[
        "{}",
        "{ \"/data\" = \"data\" }",
        "{ \"/data\" = { volume = \"data\", sub_path = \"a\", read_only = true } }",
    ],
    &[
        "{ data = \"data\" }",
        "{ \"/data\" = \"Data\" }",
        "{ \"/data\" = { name = \"data\" } }",
        "{ \"/data\" = 1 }",
    ],
);

const fn table(name: &'static str, at: &'static str, keys: &'static [super::Key]) -> Table {
    Table { of: &[Service, Overlay], name, at, needs: &[], keys }
}

pub(super) const TABLES: &[Table] = &[
    table(
        "Container",
        "workloads.api.sidecars.proxy",
        &[
            IMAGE,
            ("command", WORDS, NO_WORDS),
            ("args", WORDS, NO_WORDS),
            CPU,
            ("cpu_limit", LIMIT, NO_LIMIT),
            MEMORY,
            ("memory_limit", &["\"1Gi\"", "\"none\""], &["\"1\"", "\"no\""]),
            ("inherit", BOOL, NO_BOOL),
            ENV,
            ("env_from", &["{ site = { config_map = \"site\" } }"], &["{ site = \"site\" }"]),
            ("files", &["{ \"/etc/a\" = { text = \"a\" } }"], &["{ a = { text = \"a\" } }"]),
            ("writable", &["[]", "[\"/var/a\"]"], &["\"/var/a\"", "[\"a\"]"]),
            ("ports", &["{ admin = { port = 9000 } }"], &["{ admin = 9000 }"]),
            MOUNTS,
            ("uid", ID, NO_ID),
            ("gid", ID, NO_ID),
            ("health", &["{}"], &["{ alive = \"/\" }"]),
            ("after", &["[]", "[\"wait\"]"], &["\"wait\"", "[\"Wait\"]"]),
        ],
    ),
    table(
        "Volume",
        "workloads.api.volumes.data",
        &[
            ("kind", &["\"empty\"", "\"host-path\""], &["\"emptyDir\"", "\"hostPath\""]),
            ("mount", &["\"/data\""], &["\"data\"", "\"/data/\""]),
            ("sub_path", PLAIN, NO_PLAIN),
            ("read_only", BOOL, NO_BOOL),
            ("size", SIZE, NO_SIZE),
            ("storage_class", SUBDOMAIN, NO_SUBDOMAIN),
            ("access", &["\"read-write-once\""], &["\"ReadWriteOnce\""]),
            ("name", SUBDOMAIN, NO_SUBDOMAIN),
            ("keys", SECRET_KEYS, NO_SECRET_KEYS),
            (
                "items",
                &["{}", "{ \"tls/ca.crt\" = \"ca.crt\" }"],
                &["{ \"/ca.crt\" = \"ca.crt\" }", "{ \"a/../b\" = \"a\" }", "{ a = 1 }", "[]"],
            ),
            ("optional", BOOL, NO_BOOL),
            ("path", &["\"/proc\"", "\"/\""], &["\"proc\"", "1"]),
            ("mode", &["\"0440\""], &["\"440\"", "440"]),
            ("audience", PLAIN, NO_PLAIN),
            ("expires", DURATION, NO_DURATION),
        ],
    ),
    Table {
        of: &[Service, Overlay],
        name: "PartOfVolume",
        at: "workloads.api.mounts.\"/data\"",
        needs: &["volume"],
        keys: &[
            ("volume", &["\"data\""], &["\"Data\"", "1"]),
            ("sub_path", PLAIN, NO_PLAIN),
            ("read_only", BOOL, NO_BOOL),
        ],
    },
    table(
        "Server",
        "workloads.api.server",
        &[
            ("kind", &["\"uvicorn\"", "\"gunicorn\""], &["\"Uvicorn\"", "\"hypercorn\""]),
            ("keepalive", DURATION, NO_DURATION),
            ("max_requests", &["1", "1000000"], &["0", "\"5\""]),
            ("concurrency", &["1", "1000000"], &["0", "\"5\""]),
            ("threads", &["1", "64"], &["0", "65", "\"2\""]),
        ],
    ),
    table(
        "Pace",
        "workloads.api.scale.up",
        &[
            ("window", DURATION, NO_DURATION),
            ("percent", &["1", "1000"], &["0", "1001", "\"100%\""]),
            ("pods", &["1", "1000"], &["0", "\"4\""]),
            ("every", DURATION, NO_DURATION),
            ("off", BOOL, NO_BOOL),
        ],
    ),
    table(
        "EnvFrom",
        "workloads.api.env_from.flags",
        &[
            ("secret", SUBDOMAIN, NO_SUBDOMAIN),
            ("config_map", SUBDOMAIN, NO_SUBDOMAIN),
            ("prefix", &["\"APP_\""], &["\"1A\"", "\"A-\""]),
            ("optional", BOOL, NO_BOOL),
        ],
    ),
    table(
        "Hook",
        "workloads.api.pre_stop",
        &[
            ("sleep", DURATION, NO_DURATION),
            ("command", WORDS, NO_WORDS),
            ("path", &["\"/drain\"", "\"/drain/?now=1\""], &["\"drain\"", "\"/a b\"", "\"/a#b\""]),
            ("port", PORT, NO_PORT),
        ],
    ),
    table(
        "Timing",
        "workloads.api.health.liveness",
        &[
            ("probe", &["\"http\"", "\"none\""], &["\"HTTP\"", "\"off\""]),
            ("port", PORT, NO_PORT),
            ("headers", &["{ X-Probe = \"a\" }"], &["{ X-Probe = 1 }", "{ \"a b\" = \"a\" }"]),
            ("period", DURATION, NO_DURATION),
            ("timeout", DURATION, NO_DURATION),
            ("failures", &["1", "1000"], &["0", "\"3\""]),
            ("successes", &["1", "1000"], &["0", "\"3\""]),
            ("delay", DURATION, NO_DURATION),
        ],
    ),
    Table {
        of: &[Service, Overlay],
        name: "ScaleQueue",
        at: "workloads.api.scale.queue",
        needs: &["per_replica"],
        keys: &[
            ("database", &["\"main\""], &["\"Main\"", "\"databases.main\""]),
            ("sql", &["\"SELECT 1\""], &["1"]),
            ("queue", &["\"events\""], &["\"Events\"", "\"queues.events\""]),
            ("topic", &["\"jobs\""], &["\"shop.jobs\"", "true"]),
            ("group", &["\"shop.workers\""], &["\"a b\"", "[]"]),
            ("cache", &["\"jobs\""], &["\"caches.jobs\""]),
            ("list", &["\"a:b\""], &["1"]),
            ("per_replica", &["1", "100"], &["0", "\"5\""]),
        ],
    },
    table(
        "ResizeBounds",
        "workloads.api.resize_bounds",
        &[
            ("min_cpu", &["\"100m\""], &["\"0\"", "1"]),
            ("max_cpu", &["\"2\""], &["\"-1\""]),
            ("min_memory", SIZE, NO_SIZE),
            ("max_memory", SIZE, NO_SIZE),
        ],
    ),
    table(
        "Rolling",
        "workloads.api.rolling",
        &[
            ("surge", SHARE, NO_SHARE),
            ("unavailable", SHARE, NO_SHARE),
            ("min_ready", DURATION, NO_DURATION),
            ("deadline", DURATION, NO_DURATION),
            ("history", &["0", "100"], &["101", "\"5\""]),
        ],
    ),
    table(
        "Stateful",
        "workloads.api.stateful",
        &[
            ("order", &["\"ordered\"", "\"parallel\""], &["\"Parallel\""]),
            ("partition", &["0", "100000"], &["-1", "\"1\""]),
            ("start", &["0", "1"], &["-1", "\"1\""]),
            ("on_delete", &["\"retain\"", "\"delete\""], &["\"Retain\""]),
            ("on_scale", &["\"retain\"", "\"delete\""], &["\"keep\""]),
        ],
    ),
    table(
        "Run",
        "workloads.api.run",
        &[
            ("retries", &["0", "100"], &["101", "\"3\""]),
            ("parallelism", &["1", "10000"], &["0", "\"3\""]),
            ("completions", &["1", "10000"], &["0", "\"3\""]),
            ("overlap", &["\"forbid\"", "\"replace\""], &["\"Forbid\""]),
            ("heavy", BOOL, NO_BOOL),
            ("suspend", BOOL, NO_BOOL),
            ("when", &["\"before\"", "\"anytime\""], &["\"pre\""]),
            ("keep", DURATION, NO_DURATION),
            ("history", &["0", "100"], &["101", "\"5\""]),
            ("failed_history", &["0", "100"], &["101", "\"5\""]),
            ("start_within", DURATION, NO_DURATION),
            ("indexed", BOOL, NO_BOOL),
            ("restart", &["\"new-pod\"", "\"same-pod\""], &["\"Never\"", "\"OnFailure\""]),
        ],
    ),
    table(
        "ServiceSettings",
        "workloads.api.service",
        &[
            ("type", &["\"cluster\"", "\"load-balancer\""], &["\"ClusterIP\"", "\"external-name\""]),
            ("port", PORT, NO_PORT),
            ("zone", &["\"prefer\"", "\"none\""], &["true"]),
            ("sticky", BOOL, NO_BOOL),
            ("external_traffic", &["\"local\""], &["\"Local\""]),
            ("source_ranges", &["[\"203.0.113.0/24\"]"], &["[\"203.0.113.0\"]", "\"203.0.113.0/24\""]),
            ("load_balancer_class", &["\"service.k8s.aws/nlb\""], &["\"a b\""]),
            ("annotations", TEXTS, NO_TEXTS),
            ("not_ready", BOOL, NO_BOOL),
            ("ports", &["[]", "[\"http\"]"], &["\"http\"", "[80]"]),
            ("node_ports", &["{ http = 30080 }"], &["{ http = \"30080\" }", "{ HTTP = 1 }"]),
        ],
    ),
    table(
        "Pod",
        "workloads.api.pod",
        &[
            ("labels", LABELS, NO_LABELS),
            ("annotations", TEXTS, NO_TEXTS),
            ("service_account", &["{}", "{ token = true }"], &["\"default\""]),
            ("uid", ID, NO_ID),
            ("gid", ID, NO_ID),
            ("fs_group", ID, NO_ID),
            ("security", &["{ reason = \"a\" }"], &["{ privileged = true }"]),
            ("node_selector", LABELS, NO_LABELS),
            ("node_affinity", &["{ ssd = { key = \"disk\" } }"], &["{ SSD = { key = \"disk\" } }", "[]"]),
            ("tolerations", &["{ spot = {} }"], &["[]", "{ spot = { operator = \"Exists\" } }"]),
            ("priority_class", SUBDOMAIN, NO_SUBDOMAIN),
            ("runtime_class", SUBDOMAIN, NO_SUBDOMAIN),
            ("image_pull_secrets", &["[\"pull\"]"], &["\"pull\"", "[\"Pull\"]"]),
            ("image_pull", &["\"always\"", "\"if-not-present\""], &["\"IfNotPresent\""]),
            (
                "host_aliases",
                &["{ \"old.example.com\" = \"203.0.113.7\" }"],
                &["{ \"old.example.com\" = \"new\" }", "{ \"a_b\" = \"203.0.113.7\" }"],
            ),
            ("dns", &["{}"], &["{ ndots = 2 }"]),
            ("share_processes", BOOL, NO_BOOL),
            ("grace", DURATION, NO_DURATION),
        ],
    ),
    Table {
        of: &[Service, Overlay],
        name: "Security",
        at: "workloads.api.pod.security",
        needs: &["reason"],
        keys: &[
            ("reason", PLAIN, NO_PLAIN),
            ("capabilities", &["[]", "[\"NET_BIND_SERVICE\"]"], &["[\"ALL\"]", "\"NET_RAW\""]),
            ("writable_root", BOOL, NO_BOOL),
            ("root", BOOL, NO_BOOL),
            ("host_network", BOOL, NO_BOOL),
            ("host_pid", BOOL, NO_BOOL),
            ("until", &[], &["1", "\"soon\""]),
        ],
    },
    table(
        "ServiceAccount",
        "workloads.api.pod.service_account",
        &[("existing", SUBDOMAIN, NO_SUBDOMAIN), ("annotations", TEXTS, NO_TEXTS), ("token", BOOL, NO_BOOL)],
    ),
    table(
        "Toleration",
        "workloads.api.pod.tolerations.spot",
        &[
            ("key", &["\"a.b/c\""], &["\"a b\""]),
            ("value", &["\"true\"", "\"\""], &["\"a b\"", "true"]),
            ("effect", &["\"no-schedule\""], &["\"NoSchedule\""]),
            ("at_most", DURATION, NO_DURATION),
        ],
    ),
    Table {
        of: &[Service, Overlay],
        name: "NodeRule",
        at: "workloads.api.pod.node_affinity.ssd",
        needs: &["key"],
        keys: &[
            ("key", &["\"a.b/c\""], &["\"a b\""]),
            ("operator", &["\"in\"", "\"does-not-exist\""], &["\"In\""]),
            ("values", &["[\"a\"]"], &["\"a\"", "[\"a b\"]"]),
            ("weight", &["1", "100"], &["0", "101"]),
        ],
    },
    table(
        "Dns",
        "workloads.api.pod.dns",
        &[
            ("policy", &["\"cluster-first\"", "\"none\""], &["\"ClusterFirst\""]),
            ("nameservers", &["[\"203.0.113.53\"]"], &["[\"dns.example.com\"]"]),
            ("searches", &["[\"shop.example.com\"]"], &["\"shop\""]),
            ("options", &["{ ndots = \"2\" }"], &["{ ndots = 2 }"]),
        ],
    ),
];
