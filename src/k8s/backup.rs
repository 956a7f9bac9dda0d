//! Backups of CloudNativePG: `ObjectStore` of the Barman Cloud plugin (barmancloud.cnpg.io/v1), `ScheduledBackup`
//! (postgresql.cnpg.io/v1, 1.30).

use super::cluster::ClusterRef;
use super::model::{closed, object};
use super::pod::Resources;
use crate::origin::Traced;
use crate::text::Text;

object! {
    /// `ObjectStoreSpec`.
    pub struct ObjectStoreSpec {
        configuration: StoreConfiguration,
        /// Days, weeks or months: `30d`.
        retention_policy: Option<Traced<Text>>,
        instance_sidecar_configuration: StoreSidecar,
    }

    /// `BarmanObjectStoreConfiguration`.
    pub struct StoreConfiguration {
        destination_path: Traced<Text>,
        endpoint_url = "endpointURL": Option<Traced<Text>>,
        s3_credentials = "s3Credentials": S3Credentials,
        wal: WalConfiguration,
        data: DataConfiguration,
    }

    /// `S3Credentials`.
    pub struct S3Credentials {
        /// Whether the pods' own account may write there, without a key.
        inherit_from_iam_role = "inheritFromIAMRole": Traced<bool>,
    }

    /// `WalBackupConfiguration`.
    pub struct WalConfiguration {
        compression: Traced<WalCompression>,
        encryption: Traced<StoreEncryption>,
    }

    /// `DataBackupConfiguration`.
    pub struct DataConfiguration {
        compression: Traced<DataCompression>,
        encryption: Traced<StoreEncryption>,
    }

    /// `InstanceSidecarConfiguration`.
    pub struct StoreSidecar {
        resources: Resources,
    }

    /// `ScheduledBackupSpec`.
    pub struct ScheduledBackupSpec {
        /// Six fields, seconds first.
        schedule: Traced<Text>,
        cluster: ClusterRef,
        method: Traced<BackupMethod>,
        plugin_configuration: BackupPlugin,
        immediate: Traced<bool>,
        target: Traced<BackupTarget>,
        backup_owner_reference: Traced<BackupOwner>,
    }

    /// `BackupPluginConfiguration`.
    pub struct BackupPlugin {
        name: Traced<Text>,
    }
}

closed! {
    /// `compression` of the write-ahead log.
    pub enum WalCompression {
        /// fast and small
        Zstd = "zstd",
    }

    /// `compression` of base backups.
    pub enum DataCompression {
        /// fast
        Snappy = "snappy",
    }

    /// `encryption`: what the store does to what it keeps.
    pub enum StoreEncryption {
        /// with a key of the store's own
        Aes256 = "AES256",
        /// with a key of the key management service
        Kms = "aws:kms",
    }

    /// `method`.
    pub enum BackupMethod {
        /// by a plugin
        Plugin = "plugin",
    }

    /// `target`: which instance is read.
    pub enum BackupTarget {
        /// the standby that is furthest, or else the primary
        PreferStandby = "prefer-standby",
    }

    /// `backupOwnerReference`: with whom the Backup objects go.
    pub enum BackupOwner {
        /// with the Cluster
        Cluster = "cluster",
    }
}
