//! Cluster of CloudNativePG (postgresql.cnpg.io/v1, 1.30).

use std::collections::BTreeMap;

use super::meta::{NameOf, TemplateMetadata};
use super::model::{closed, object};
use super::pod::{Amount, Resources, SeccompProfile};
use crate::origin::Traced;
use crate::text::Text;
use crate::walk::{Items, Maybe};

object! {
    /// `ClusterSpec`.
    pub struct ClusterSpec {
        instances: Traced<u32>,
        image_name: Traced<Text>,
        enable_superuser_access: Traced<bool>,
        enable_pdb = "enablePDB": Traced<bool>,
        primary_update_strategy: Traced<PrimaryUpdateStrategy>,
        primary_update_method: Traced<PrimaryUpdateMethod>,
        bootstrap: Bootstrap,
        replica: Maybe<ReplicaCluster>,
        certificates: Maybe<Certificates>,
        storage: Storage,
        wal_storage: Maybe<Storage>,
        resources: Resources,
        postgresql: Postgresql,
        probes: Maybe<Probes>,
        affinity: ClusterAffinity,
        inherited_metadata: TemplateMetadata,
        priority_class_name: Maybe<Traced<NameOf>>,
        seccomp_profile: SeccompProfile,
        plugins: Items<Plugin>,
        external_clusters: Items<ExternalCluster>,
        service_account_template: Maybe<AccountTemplate>,
    }

    /// `CertificatesConfiguration`, as far as the operator makes the certificates.
    pub struct Certificates {
        /// Further names in the servers' certificate, which poolers show as well.
        server_alt_dns_names = "serverAltDNSNames": Items<Traced<Text>>,
    }

    /// `LocalObjectReference` to a Cluster.
    pub struct ClusterRef {
        name: Traced<NameOf>,
    }

    /// `ServiceAccountTemplate`.
    pub struct AccountTemplate {
        metadata: TemplateMetadata,
    }

    /// `BootstrapConfiguration`; acts at creation alone.
    pub struct Bootstrap {
        initdb: Maybe<Initdb>,
        recovery: Maybe<Recovery>,
    }

    /// `ReplicaClusterConfiguration`: which cluster of a distributed topology takes writes. All names are of `externalClusters`.
    pub struct ReplicaCluster {
        own = "self": Traced<Text>,
        primary: Traced<Text>,
        source: Traced<Text>,
        /// What the former primary gave when it was demoted; only for the new one.
        promotion_token: Option<Traced<Text>>,
    }

    /// `BootstrapRecovery`.
    pub struct Recovery {
        /// An item of `externalClusters`.
        source: Traced<Text>,
        database: Traced<Text>,
        owner: Traced<Text>,
        recovery_target: Maybe<RecoveryTarget>,
    }

    /// `RecoveryTarget`; one target at most.
    pub struct RecoveryTarget {
        /// RFC 3339.
        target_time: Traced<Text>,
    }

    /// `ExternalCluster`, as far as backups are concerned.
    pub struct ExternalCluster {
        name: Traced<Text>,
        plugin: SourcePlugin,
    }

    /// `PluginConfiguration` of a source.
    pub struct SourcePlugin {
        name: Traced<Text>,
        parameters: SourceParameters,
    }

    /// `BootstrapInitDB`.
    pub struct Initdb {
        database: Traced<Text>,
        owner: Traced<Text>,
        data_checksums: Traced<bool>,
        /// The owner's credentials (`username`, `password`); made by the operator if there is none.
        secret: Option<SecretRef>,
    }

    /// `LocalObjectReference` to a Secret.
    pub struct SecretRef {
        name: Traced<NameOf>,
    }

    /// `StorageConfiguration`; can grow, never shrink.
    pub struct Storage {
        size: Traced<Amount>,
        storage_class: Option<Traced<NameOf>>,
    }

    /// `ProbesConfiguration`.
    pub struct Probes {
        readiness: StandbyProbe,
    }

    /// `ProbeWithStrategy`.
    pub struct StandbyProbe {
        kind = "type": Traced<ProbeStrategy>,
        /// What a standby may lack of the log and still be ready.
        maximum_lag: Traced<Amount>,
    }

    /// `PostgresConfiguration`.
    pub struct Postgresql {
        /// Settings of `postgresql.conf`, all as text.
        parameters: BTreeMap<Text, Traced<Text>>,
        /// Lines of `pg_hba.conf` behind the operator's own.
        pg_hba = "pg_hba": Vec<Traced<Text>>,
        synchronous: Maybe<Synchronous>,
    }

    /// `SynchronousReplicaConfiguration`.
    pub struct Synchronous {
        method: Traced<SynchronousMethod>,
        number: Traced<u32>,
        data_durability: Traced<DataDurability>,
        failover_quorum: Option<Traced<bool>>,
        max_standby_names_from_cluster: Option<Traced<u32>>,
    }

    /// `AffinityConfiguration`.
    pub struct ClusterAffinity {
        enable_pod_anti_affinity: Traced<bool>,
        topology_key: Traced<Text>,
        pod_anti_affinity_type: Traced<PodAntiAffinityType>,
    }

    /// `PluginConfiguration`.
    pub struct Plugin {
        name: Traced<Text>,
        is_wal_archiver = "isWALArchiver": Traced<bool>,
        parameters: PluginParameters,
    }
}

object! {
    /// Parameters of the Barman Cloud plugin.
    pub struct PluginParameters {
        barman_object_name: Traced<NameOf>,
    }

    /// Parameters of the Barman Cloud plugin for a source.
    pub struct SourceParameters {
        barman_object_name: Traced<NameOf>,
        /// The cluster that wrote there.
        server_name: Traced<Text>,
    }
}

closed! {
    /// `primaryUpdateStrategy`.
    pub enum PrimaryUpdateStrategy {
        /// the operator updates the primary on its own
        Unsupervised = "unsupervised",
        /// a person does
        Supervised = "supervised",
    }

    /// `primaryUpdateMethod`.
    pub enum PrimaryUpdateMethod {
        /// a replica takes over first
        Switchover = "switchover",
        /// in place
        Restart = "restart",
    }

    /// `type` of a probe.
    pub enum ProbeStrategy {
        /// a standby streams the log, and lacks no more than `maximumLag`
        Streaming = "streaming",
    }

    /// `method` of synchronous replication.
    pub enum SynchronousMethod {
        /// any `number` of the standbys
        Any = "any",
        /// the first `number` in their order
        First = "first",
    }

    /// `dataDurability`.
    pub enum DataDurability {
        /// no standby, no commit
        Required = "required",
        /// commits go on without a standby
        Preferred = "preferred",
    }

    /// `podAntiAffinityType`.
    pub enum PodAntiAffinityType {
        /// a demand
        Required = "required",
        /// a wish
        Preferred = "preferred",
    }
}
