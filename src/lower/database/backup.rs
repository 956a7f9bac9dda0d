//! Backups of a database: a folder of the object store, base backups on a schedule, and the log as it is written.
//!
//! Source: Barman Cloud plugin for CloudNativePG, docs "Usage": the plugin's name and its parameter.

use crate::bundle::{Bundle, Scope};
use crate::k8s::{
    BackupMethod, BackupOwner, BackupPlugin, BackupTarget, ClusterRef, DataCompression, DataConfiguration,
    Metadata, NameOf, ObjectStore, ObjectStoreSpec, Plugin, PluginParameters, S3Credentials, ScheduledBackup,
    ScheduledBackupSpec, StoreConfiguration, StoreEncryption, StoreSidecar, WalCompression, WalConfiguration,
};
use crate::lower::labels::Identity;
use crate::lower::{Cx, amount, pod};
use crate::origin::{BACKUP_ENCRYPTION, BACKUP_PLUGIN, Origin, RESTORE, Traced, rule};
use crate::system::platform::ObjectStore as Store;
use crate::system::{Backup, Database};
use crate::text::Text;
use crate::value::{Bytes, Cpu};
use crate::walk::Items;

pub(super) const PLUGIN: &str = "barman-cloud.cloudnative-pg.io";

/// The objects of the backups; the name of the folder's object, if there are any.
pub(super) fn lower(
    cx: &Cx<'_>,
    database: &Database,
    identity: &Identity,
    scope: &Scope,
    bundle: &mut Bundle,
) -> Option<Traced<NameOf>> {
    let because = cx.tracer.because(BACKUP_PLUGIN, &[database.because, database.backup_because]);
    if database.restored.is_none() {
        let why = cx.tracer.because(RESTORE, &[database.restored_because]);
        bundle.leave_out_as(scope, "ObjectStore", Some("source".into()), &identity.name_text(), why);
    }
    let (Some(backup), Some(store)) = (&database.backup, &cx.platform().object_store) else {
        for kind in ["ObjectStore", "ScheduledBackup"] {
            bundle.leave_out(scope, kind, &identity.name_text(), because);
        }
        return None;
    };
    let object = object_store(cx, (store, backup), &backup.path, identity.metadata(), because);
    let name = NameOf::of("ObjectStore", &object.metadata.name);
    let scheduled = ScheduledBackup {
        because,
        metadata: identity.metadata(),
        spec: ScheduledBackupSpec {
            schedule: backup.schedule.clone(),
            cluster: ClusterRef { name: NameOf::of("Cluster", &database.object) },
            method: rule(BACKUP_PLUGIN, BackupMethod::Plugin),
            plugin_configuration: BackupPlugin { name: rule(BACKUP_PLUGIN, PLUGIN) },
            // the first one is made when the schedule is, since without one the log alone restores nothing
            immediate: rule(BACKUP_PLUGIN, true),
            target: rule(BACKUP_PLUGIN, BackupTarget::PreferStandby),
            backup_owner_reference: rule(BACKUP_PLUGIN, BackupOwner::Cluster),
        },
    };
    bundle.push(scope, None, object);
    if let Some(restored) = &database.restored {
        let because = cx.tracer.because(RESTORE, &[database.because, restored.because]);
        let metadata = identity.metadata_named(restored.from.clone());
        let source = object_store(cx, (store, backup), &restored.path, metadata, because);
        bundle.push(scope, Some("source"), source);
    }
    bundle.push(scope, None, scheduled);
    Some(name)
}

/// A folder of the object store, and what its sidecars may take.
pub(super) fn object_store(
    cx: &Cx<'_>,
    (store, backup): (&Store, &Backup),
    path: &Traced<Text>,
    metadata: Metadata,
    because: Origin,
) -> ObjectStore {
    ObjectStore {
        because,
        metadata,
        spec: ObjectStoreSpec {
            configuration: StoreConfiguration {
                destination_path: path.clone(),
                endpoint_url: store.endpoint.as_ref().map(amount),
                s3_credentials: S3Credentials { inherit_from_iam_role: rule(BACKUP_PLUGIN, true) },
                wal: WalConfiguration {
                    compression: rule(BACKUP_ENCRYPTION, WalCompression::Zstd),
                    encryption: rule(BACKUP_ENCRYPTION, StoreEncryption::Aes256),
                },
                data: DataConfiguration {
                    compression: rule(BACKUP_ENCRYPTION, DataCompression::Snappy),
                    encryption: rule(BACKUP_ENCRYPTION, StoreEncryption::Aes256),
                },
            },
            retention_policy: amount(&backup.retention),
            instance_sidecar_configuration: StoreSidecar {
                resources: pod::compute(
                    cx,
                    &rule(BACKUP_PLUGIN, Cpu::from_millis(100)),
                    &rule(BACKUP_PLUGIN, Bytes::from_bytes(256 << 20)),
                ),
            },
        },
    }
}

/// The plugin that archives the log, where there are backups.
pub(super) fn plugins(database: &Database, store: Option<Traced<NameOf>>) -> Items<Plugin> {
    let mut plugins = Items::default();
    match store {
        Some(name) => {
            let plugin = Plugin {
                name: rule(BACKUP_PLUGIN, PLUGIN),
                is_wal_archiver: rule(BACKUP_PLUGIN, true),
                parameters: PluginParameters { barman_object_name: name },
            };
            plugins.push(PLUGIN, database.backup_because, plugin);
        }
        None => plugins.leave_out(PLUGIN, database.backup_because),
    }
    plugins
}
