//! Objects of the add-ons, with every field.

use specc::k8s::Object;
use specc::k8s::backup::*;
use specc::k8s::cluster::*;
use specc::k8s::deployment::{RollingUpdate, Strategy};
use specc::k8s::external_secret::*;
use specc::k8s::gateway::*;
use specc::k8s::kinds::*;
use specc::k8s::meta::TemplateMetadata;
use specc::k8s::pooler::*;
use specc::walk::{Items, Maybe};

use super::{labels, map, metadata, name_of, pod, t, why};

/// All of them.
pub(super) fn all() -> [Object; 7] {
    [
        route().into(),
        listeners().into(),
        secret().into(),
        cluster().into(),
        pooler().into(),
        store().into(),
        schedule().into(),
    ]
}

fn route() -> HTTPRoute {
    let parent = ParentRef {
        group: t("gateway.networking.k8s.io"),
        kind: t(ParentKind::ListenerSet),
        name: name_of("ListenerSet", "shop"),
        namespace: Some(t("shop")),
        section_name: Some(t("https")),
    };
    let backend = BackendRef {
        group: Some(t("")),
        kind: Some(t("Service")),
        name: name_of("Service", "shop-api"),
        port: t(80u16),
    };
    let path = |kind: PathMatchType| RouteMatch { path: PathMatch { kind: t(kind), value: t("/v1") } };
    let mut matches = Items::default();
    matches.push("exact", why(), path(PathMatchType::Exact));
    matches.push("prefix", why(), path(PathMatchType::PathPrefix));
    let forward = RouteRule {
        matches,
        filters: filters(),
        timeouts: Some(RouteTimeouts { request: Some(t("12s")), backend_request: Some(t("10s")) }),
        backend_refs: Items::one("shop-api", why(), backend),
    };
    let redirect = RequestRedirect {
        scheme: Some(t("https")),
        hostname: Some(t("shop.example")),
        port: Some(t(443u16)),
        status_code: Some(t(301u16)),
    };
    let redirected = RouteRule {
        matches: Items::default(),
        filters: Items::one(
            "redirect",
            why(),
            RouteFilter::RequestRedirect { because: why(), request_redirect: redirect },
        ),
        timeouts: None,
        backend_refs: Items::default(),
    };
    let mut rules = Items::one("forward", why(), forward);
    rules.push("redirect", why(), redirected);
    HTTPRoute {
        because: why(),
        metadata: metadata("shop-api"),
        spec: HttpRouteSpec {
            parent_refs: Items::one("shop", why(), parent),
            hostnames: vec![t("shop.example")],
            rules,
        },
    }
}

fn filters() -> Items<RouteFilter> {
    let header = |name: &'static str| {
        Items::one(name, why(), Header { name: t(name), value: t("max-age=1; includeSubDomains") })
    };
    let headers = || HeaderModifier { set: header("X-A"), add: header("X-B"), remove: vec![t("X-C")] };
    let mut filters = Items::default();
    filters.push(
        "in",
        why(),
        RouteFilter::RequestHeaderModifier { because: why(), request_header_modifier: headers() },
    );
    filters.push(
        "out",
        why(),
        RouteFilter::ResponseHeaderModifier { because: why(), response_header_modifier: headers() },
    );
    let path = PathModifier::ReplacePrefixMatch { because: why(), replace_prefix_match: t("/") };
    filters.push("path", why(), RouteFilter::URLRewrite { because: why(), url_rewrite: UrlRewrite { path } });
    filters
}

fn listeners() -> ListenerSet {
    let certificate =
        CertificateRef { group: Some(t("")), kind: Some(t("Secret")), name: name_of("Secret", "shop-tls") };
    let listener = Listener {
        name: t("https"),
        hostname: Some(t("shop.example")),
        port: t(443u16),
        protocol: t(ListenerProtocol::Https),
        tls: Some(ListenerTls {
            mode: t(TlsMode::Terminate),
            certificate_refs: Items::one("shop-tls", why(), certificate),
        }),
        allowed_routes: Some(AllowedRoutes { namespaces: RouteNamespaces { from: t(FromNamespaces::Same) } }),
    };
    ListenerSet {
        because: why(),
        metadata: metadata("shop"),
        spec: ListenerSetSpec {
            parent_ref: GatewayRef {
                group: Some(t("gateway.networking.k8s.io")),
                kind: Some(t("Gateway")),
                name: name_of("Gateway", "public"),
                namespace: Some(t("ingress")),
            },
            listeners: Items::one("https", why(), listener),
        },
    }
}

fn secret() -> ExternalSecret {
    let data = SecretData {
        secret_key: t("key"),
        remote_ref: RemoteRef { key: t("prod/shop/api"), property: Some(t("key")) },
    };
    let template = SecretTemplate {
        kind: Some(t("kubernetes.io/basic-auth")),
        engine_version: Some(t(EngineVersion::V2)),
        metadata: Some(TemplateMetadata { labels: labels(), annotations: map(&[("a", "b")]) }),
        data: map(&[("username", "{{ .username }}")]),
    };
    let generator = GeneratorRef {
        api_version: t("generators.external-secrets.io/v1alpha1"),
        kind: t(GeneratorKind::Password),
        name: name_of("Password", "shop-db-main"),
    };
    ExternalSecret {
        because: why(),
        metadata: metadata("shop-api"),
        spec: ExternalSecretSpec {
            refresh_policy: Some(t(RefreshPolicy::Periodic)),
            refresh_interval: Some(t("1h0m0s")),
            secret_store_ref: Some(SecretStoreRef {
                name: name_of("ClusterSecretStore", "vault"),
                kind: t(SecretStoreKind::ClusterSecretStore),
            }),
            target: SecretTarget {
                name: t("shop-api"),
                creation_policy: t(CreationPolicy::Owner),
                deletion_policy: t(DeletionPolicy::Retain),
                template: Maybe::some(why(), template),
            },
            data: Items::one("key", why(), data),
            data_from: Items::one(
                "password",
                why(),
                DataFrom { source_ref: SourceRef { generator_ref: generator } },
            ),
        },
    }
}

fn cluster() -> Cluster {
    let storage = || Storage { size: t("200Gi"), storage_class: Some(name_of("StorageClass", "fast")) };
    let synchronous = Synchronous {
        method: t(SynchronousMethod::Any),
        number: t(1u32),
        data_durability: t(DataDurability::Required),
        failover_quorum: Some(t(true)),
        max_standby_names_from_cluster: Some(t(2u32)),
    };
    let plugin = Plugin {
        name: t("barman-cloud.cloudnative-pg.io"),
        is_wal_archiver: t(true),
        parameters: PluginParameters { barman_object_name: name_of("ObjectStore", "shop-db-main") },
    };
    let recovery = Recovery {
        source: t("orders-db"),
        database: t("orders"),
        owner: t("orders"),
        recovery_target: Maybe::some(why(), RecoveryTarget { target_time: t("2026-11-29T14:30:00Z") }),
    };
    let source = ExternalCluster {
        name: t("orders-db"),
        plugin: SourcePlugin {
            name: t("barman-cloud.cloudnative-pg.io"),
            parameters: SourceParameters {
                barman_object_name: name_of("ObjectStore", "orders-db"),
                server_name: t("orders-db"),
            },
        },
    };
    let initdb = Initdb {
        database: t("shop"),
        owner: t("shop"),
        data_checksums: t(true),
        secret: Some(SecretRef { name: name_of("Secret", "shop-db-main") }),
    };
    Cluster {
        because: why(),
        metadata: metadata("shop-db-main"),
        spec: ClusterSpec {
            instances: t(3u32),
            image_name: t("ghcr.io/cloudnative-pg/postgresql:18.1@sha256:00"),
            enable_superuser_access: t(false),
            enable_pdb: t(true),
            primary_update_strategy: t(PrimaryUpdateStrategy::Unsupervised),
            primary_update_method: t(PrimaryUpdateMethod::Switchover),
            bootstrap: Bootstrap {
                initdb: Maybe::some(why(), initdb),
                recovery: Maybe::some(why(), recovery),
            },
            storage: storage(),
            wal_storage: Maybe::some(why(), storage()),
            resources: pod::resources(),
            postgresql: Postgresql {
                parameters: map(&[("max_connections", "200"), ("statement_timeout", "12s")]),
                pg_hba: vec![t("hostnossl all all all reject")],
                synchronous: Maybe::some(why(), synchronous),
            },
            probes: Maybe::some(
                why(),
                Probes {
                    readiness: StandbyProbe { kind: t(ProbeStrategy::Streaming), maximum_lag: t("16Mi") },
                },
            ),
            affinity: ClusterAffinity {
                enable_pod_anti_affinity: t(true),
                topology_key: t("kubernetes.io/hostname"),
                pod_anti_affinity_type: t(PodAntiAffinityType::Required),
            },
            inherited_metadata: TemplateMetadata { labels: labels(), annotations: map(&[("a", "b")]) },
            priority_class_name: Maybe::some(why(), name_of("PriorityClass", "standard")),
            seccomp_profile: pod::profile(),
            plugins: Items::one("barman-cloud", why(), plugin),
            external_clusters: Items::one("orders-db", why(), source),
            service_account_template: Maybe::some(
                why(),
                AccountTemplate {
                    metadata: TemplateMetadata { labels: labels(), annotations: map(&[("a", "b")]) },
                },
            ),
        },
    }
}

fn cluster_ref() -> ClusterRef {
    ClusterRef { name: name_of("Cluster", "shop-db-main") }
}

fn pooler() -> Pooler {
    let container = PoolerContainer { name: t("pgbouncer"), resources: pod::resources() };
    Pooler {
        because: why(),
        metadata: metadata("shop-db-main-pooler-rw"),
        spec: PoolerSpec {
            cluster: cluster_ref(),
            instances: t(2u32),
            kind: t(PoolerType::ReadWrite),
            pgbouncer: PgBouncer {
                pool_mode: t(PoolerMode::Transaction),
                parameters: map(&[("default_pool_size", "88")]),
            },
            deployment_strategy: Strategy::RollingUpdate {
                because: why(),
                rolling_update: RollingUpdate { max_surge: t(0), max_unavailable: t(1) },
            },
            template: PoolerTemplate {
                metadata: TemplateMetadata { labels: labels(), annotations: map(&[("a", "b")]) },
                spec: PoolerPod { containers: Items::one("pgbouncer", why(), container) },
            },
        },
    }
}

fn store() -> ObjectStore {
    ObjectStore {
        because: why(),
        metadata: metadata("shop-db-main"),
        spec: ObjectStoreSpec {
            configuration: StoreConfiguration {
                destination_path: t("s3://acme/prod/shop/shop-db-main"),
                endpoint_url: Some(t("https://store.example.com")),
                s3_credentials: S3Credentials { inherit_from_iam_role: t(true) },
                wal: WalConfiguration {
                    compression: t(WalCompression::Zstd),
                    encryption: t(StoreEncryption::Aes256),
                },
                data: DataConfiguration {
                    compression: t(DataCompression::Snappy),
                    encryption: t(StoreEncryption::Aes256),
                },
            },
            retention_policy: t("30d"),
            instance_sidecar_configuration: StoreSidecar { resources: pod::resources() },
        },
    }
}

fn schedule() -> ScheduledBackup {
    ScheduledBackup {
        because: why(),
        metadata: metadata("shop-db-main"),
        spec: ScheduledBackupSpec {
            schedule: t("0 30 0 * * *"),
            cluster: cluster_ref(),
            method: t(BackupMethod::Plugin),
            plugin_configuration: BackupPlugin { name: t("barman-cloud.cloudnative-pg.io") },
            immediate: t(true),
            target: t(BackupTarget::PreferStandby),
            backup_owner_reference: t(BackupOwner::Cluster),
        },
    }
}
