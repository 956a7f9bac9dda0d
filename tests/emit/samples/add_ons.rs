//! Objects of the add-ons, with every field.

use specc::k8s::Object;
use specc::k8s::backup::*;
use specc::k8s::cluster::*;
use specc::k8s::deployment::{RollingUpdate, Strategy};
use specc::k8s::external_secret::*;
use specc::k8s::kinds::*;
use specc::k8s::meta::TemplateMetadata;
use specc::k8s::pooler::*;
use specc::k8s::push_secret::*;
use specc::k8s::velero::*;
use specc::walk::{Items, Maybe};

use super::{labels, map, metadata, name_of, pod, selector, t, why};

/// All of them.
pub(super) fn all() -> [Object; 7] {
    [
        secret().into(),
        push().into(),
        cluster().into(),
        pooler().into(),
        store().into(),
        schedule().into(),
        copies().into(),
    ]
}

fn push() -> PushSecret {
    let remote_ref = PushRemoteRef { remote_key: t("prod/shop/db"), property: t("password") };
    let matched = PushMatch { secret_key: t("password"), remote_ref };
    let store = SecretStoreRef {
        name: name_of("ClusterSecretStore", "vault"),
        kind: t(SecretStoreKind::ClusterSecretStore),
    };
    PushSecret {
        because: why(),
        metadata: metadata("shop-db-main-app"),
        spec: PushSecretSpec {
            refresh_interval: t("1h"),
            update_policy: t(PushUpdatePolicy::Replace),
            deletion_policy: t(PushDeletionPolicy::None),
            secret_store_refs: Items::one("store", why(), store),
            selector: PushSelector { secret: SecretRef { name: name_of("Secret", "shop-db-main-app") } },
            data: Items::one("password", why(), PushData { matched }),
        },
    }
}

fn copies() -> Schedule {
    Schedule {
        because: why(),
        metadata: metadata("shop-prod"),
        spec: CopySpec {
            schedule: t("0 1 * * *"),
            use_owner_references_in_backup: t(false),
            template: CopyTemplate {
                included_namespaces: Items::one("shop", why(), t("shop")),
                excluded_resources: Items::one("secrets", why(), t("secrets")),
                include_cluster_resources: Some(t(false)),
                label_selector: selector(),
                snapshot_volumes: t(false),
                default_volumes_to_fs_backup: t(false),
                ttl: t("720h"),
            },
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
            replica: Maybe::some(
                why(),
                ReplicaCluster {
                    own: t("west"),
                    primary: t("west"),
                    source: t("east"),
                    promotion_token: Some(t("eyJhIjoiYiJ9")),
                },
            ),
            certificates: Maybe::some(
                why(),
                Certificates {
                    server_alt_dns_names: Items::one("rw", why(), t("shop-db-main-pooler-rw.shop.svc")),
                },
            ),
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
            retention_policy: Some(t("30d")),
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
