//! Tables of `environment.toml`, and the defaults that `specc.toml` may have too.

use super::Table;
use super::values::{
    CPU, DURATION, ENV, LIMIT, MEMORY, NAMES, NO_DURATION, NO_LIMIT, NO_PATHS, NO_PORT, NO_REPLICAS,
    NO_SUBDOMAIN, PATHS, PORT, REPLICAS, SPEC, SUBDOMAIN,
};
use crate::schema::File::{Environment, Project};

/// How often people try something out.
const PERIOD: &[&str] = &["\"monthly\"", "\"quarterly\"", "\"yearly\""];
const NO_PERIOD: &[&str] = &["\"weekly\"", "\"3m\"", "3"];

pub(super) const TABLES: &[Table] = &[
    Table {
        of: &[Project, Environment],
        name: "Defaults",
        at: "defaults",
        needs: &[],
        keys: &[
            ("workload", &["{}", "{ cpu = \"1\" }"], &["{ port = 1 }"]),
            ("database", &["{}", "{ instances = 3 }"], &["{ version = 18 }"]),
            ("cache", &["{}", "{ memory = \"1Gi\" }"], &["{ engine = \"redis\" }"]),
        ],
    },
    Table {
        of: &[Project, Environment],
        name: "WorkloadDefaults",
        at: "defaults.workload",
        needs: &[],
        keys: &[
            CPU,
            ("cpu_limit", LIMIT, NO_LIMIT),
            MEMORY,
            ("memory_limit", &["\"1Gi\"", "\"none\""], &["\"1\""]),
            ("timeout", DURATION, NO_DURATION),
            ("min", REPLICAS, NO_REPLICAS),
            ("max", REPLICAS, NO_REPLICAS),
        ],
    },
    Table {
        of: &[Project, Environment],
        name: "DatabaseDefaults",
        at: "defaults.database",
        needs: &[],
        keys: &[
            ("instances", &["1", "9"], &["0", "10"]),
            ("storage", &["\"20Gi\""], &["\"20\"", "\"20 Gi\""]),
            CPU,
            MEMORY,
        ],
    },
    Table {
        of: &[Project, Environment],
        name: "CacheDefaults",
        at: "defaults.cache",
        needs: &[],
        keys: &[MEMORY, CPU],
    },
    Table {
        of: &[Environment],
        name: "",
        at: "",
        needs: &["tier"],
        keys: &[
            SPEC,
            ("extends", &["\"staging\""], &["[\"staging\"]"]),
            ("tier", &["\"dev\"", "\"staging\"", "\"prod\""], &["\"production\"", "\"Dev\""]),
            ("platform", &["{}"], &["{ cloud = \"x\" }"]),
            ENV,
            ("defaults", &["{}"], &["{ queue = {} }"]),
            NAMES,
            ("recovery", &["{}"], &["{ rpo = \"5m\" }"]),
            ("final", PATHS, NO_PATHS),
            ("remove", &["[\"a.b\"]"], NO_PATHS),
        ],
    },
    Table {
        of: &[Environment],
        name: "EnvironmentRecovery",
        at: "recovery",
        needs: &[],
        keys: &[("tests", &["{ from = \"2026-01-13T09:00:00Z\" }"], &["\"quarterly\"", "{ often = true }"])],
    },
    Table {
        of: &[Environment],
        name: "RecoveryTests",
        at: "recovery.tests",
        needs: &["from"],
        keys: &[
            ("from", &["\"2026-01-13T09:00:00Z\""], &["\"2026-01-13\"", "\"09:00\""]),
            ("failover", PERIOD, NO_PERIOD),
            ("site", PERIOD, NO_PERIOD),
            ("restore", PERIOD, NO_PERIOD),
            ("rebuild", PERIOD, NO_PERIOD),
        ],
    },
    Table {
        of: &[Environment],
        name: "Platform",
        at: "platform",
        needs: &[],
        keys: &[
            ("kubernetes", &["\"1.36\""], &["\"1\"", "\"v1.36\"", "\"1.36.1\""]),
            ("cluster_domain", &["\"cluster.local\""], &["\"cluster_local\""]),
            ("api_server", &["{}", "{ port = 443 }"], &["{ port = \"443\" }"]),
            (
                "mesh",
                &["\"none\"", "\"istio-ambient\""],
                &["\"istio\"", "\"istio-sidecar\"", "\"linkerd\"", "true"],
            ),
            ("mesh_namespaces", &["[]", "[\"brokers\"]"], &["\"brokers\"", "[\"Brokers\"]"]),
            ("egress", &["\"none\"", "\"istio\"", "\"cilium\""], &["\"open\"", "true"]),
            ("egress_waypoint", &["\"istio-egress/waypoint\""], &["\"waypoint\"", "\"a/b/c\""]),
            ("peers", &["{}"], &["{ mesh = {} }"]),
            ("gateway", &["\"ingress/public\""], &["\"public\"", "\"a/b/c\""]),
            ("listener_sets", &["true"], &["\"true\""]),
            ("gateway_listeners", &["{}", "{ https = \"https\" }"], &["{ udp = \"udp\" }", "\"https\""]),
            ("blackbox", &["{ address = \"a:9115\" }"], &["\"a:9115\""]),
            ("ingress_class", &["\"nginx\""], &["\"Nginx\"", "true"]),
            ("issuer", &["\"letsencrypt\""], &["\"Let's Encrypt\""]),
            ("secret_store", &["\"vault\""], &["\"Vault\""]),
            ("secret_backup_store", &["\"vault-backup\""], &["\"Vault\""]),
            ("storage_class", &["\"encrypted\""], &["\"Encrypted\""]),
            ("object_store", &["{ url = \"s3://acme\" }"], &["\"s3://acme\""]),
            ("velero", &["{}", "{ backup = true }"], &["true", "{ enabled = true }"]),
            (
                "drill_image",
                &["\"registry.example.com/drill\"", "\"registry.example.com/drill:1.0\""],
                &["\"A b\"", "1"],
            ),
            ("priority_class", &["\"business\""], &["\"Business Critical\""]),
            ("trusted_registries", &["[\"ghcr.io\"]"], &["[\"ghcr.io/a\"]", "\"ghcr.io\""]),
            (
                "storage_classes",
                &["{}", "{ fast = { encrypted = true } }"],
                &["{ Fast = { encrypted = true } }", "{ fast = true }", "[\"fast\"]"],
            ),
            ("manage_namespaces", &["false"], &["0"]),
            ("add_ons", &["[]", "[\"cnpg\"]"], &["[\"cloudnative-pg\"]", "\"cnpg\""]),
        ],
    },
    Table {
        of: &[Environment],
        name: "GatewayListeners",
        at: "platform.gateway_listeners",
        needs: &[],
        keys: &[
            ("https", SUBDOMAIN, NO_SUBDOMAIN),
            ("http", SUBDOMAIN, NO_SUBDOMAIN),
            ("tls", SUBDOMAIN, NO_SUBDOMAIN),
        ],
    },
    Table {
        of: &[Environment],
        name: "Velero",
        at: "platform.velero",
        needs: &[],
        keys: &[
            ("namespace", &["\"velero\""], &["\"Velero\"", "1"]),
            ("backup", &["true", "false"], &["\"true\""]),
            ("schedule", &["\"0 1 * * *\""], &["\"0 0 1 * * *\"", "\"@daily\""]),
            ("retention", &["\"30d\"", "\"4w\""], &["\"720h\"", "30"]),
            ("volumes", &["true", "false"], &["1"]),
        ],
    },
    Table {
        of: &[Environment],
        name: "Blackbox",
        at: "platform.blackbox",
        needs: &["address"],
        keys: &[
            ("address", &["\"a.b:9115\"", "\"10.0.0.1:1\""], &["\"a.b\"", "\"http://a.b:9115\""]),
            ("module", &["\"http_2xx\"", "\"mine\""], &["1"]),
        ],
    },
    Table {
        of: &[Environment],
        name: "ObjectStore",
        at: "platform.object_store",
        needs: &["url"],
        keys: &[
            (
                "url",
                &["\"s3://acme-backups/postgresql\""],
                &["\"https://acme\"", "\"s3://a\"", "\"s3://acme/\""],
            ),
            ("encryption", &["\"AES256\"", "\"aws:kms\""], &["\"aes256\"", "true"]),
            ("endpoint", &["\"https://store.example.com\""], &["\"store.example.com\""]),
            (
                "role",
                &["{}", "{ \"eks.amazonaws.com/role-arn\" = \"arn:aws:iam::1:role/a\" }"],
                &["\"arn\"", "{ \"a b\" = \"c\" }"],
            ),
            (
                "read_role",
                &["{}", "{ \"eks.amazonaws.com/role-arn\" = \"arn:aws:iam::1:role/a\" }"],
                &["\"arn\"", "{ \"a b\" = \"c\" }"],
            ),
        ],
    },
    Table {
        of: &[Environment],
        name: "StorageClass",
        at: "platform.storage_classes.fast",
        needs: &["encrypted"],
        keys: &[("encrypted", &["true", "false"], &["\"yes\"", "1"])],
    },
    Table {
        of: &[Environment],
        name: "ApiServer",
        at: "platform.api_server",
        needs: &[],
        keys: &[("cidrs", &["[\"10.0.0.1/32\"]"], &["[\"10.0.0.1\"]"]), ("port", PORT, NO_PORT)],
    },
    Table {
        of: &[Environment],
        name: "Peers",
        at: "platform.peers",
        needs: &[],
        keys: &[
            ("dns", &["{ namespace = \"kube-system\" }"], &["{ namespace = \"kube_system\" }"]),
            ("gateway", &["{ namespace = \"ingress\" }"], &["\"ingress\""]),
            ("monitoring", &["{ namespace = \"monitoring\" }"], &["{ name = \"x\" }"]),
            ("cnpg", &["{ namespace = \"cnpg-system\" }"], &["[]"]),
            ("keda", &["{ namespace = \"keda\" }"], &["[]"]),
        ],
    },
    Table {
        of: &[Environment],
        name: "Peer",
        at: "platform.peers.dns",
        needs: &["namespace"],
        keys: &[
            ("namespace", &["\"kube-system\""], &["\"Kube\""]),
            (
                "labels",
                &["{}", "{ k8s-app = \"kube-dns\" }", "{ \"app.kubernetes.io/name\" = \"\" }"],
                &["{ \"a b\" = \"x\" }", "{ a = \"x y\" }", "{ a = 1 }"],
            ),
            ("service_account", SUBDOMAIN, NO_SUBDOMAIN),
        ],
    },
];
