//! Schedule of Velero (velero.io/v1).

use super::meta::LabelSelector;
use super::model::object;
use crate::origin::Traced;
use crate::text::Text;
use crate::walk::Items;

object! {
    /// `ScheduleSpec`.
    pub struct CopySpec {
        /// Five fields of cron.
        schedule: Traced<Text>,
        use_owner_references_in_backup: Traced<bool>,
        template: CopyTemplate,
    }

    /// `BackupSpec`.
    pub struct CopyTemplate {
        included_namespaces: Items<Traced<Text>>,
        excluded_resources: Items<Traced<Text>>,
        /// Unset, whatever of the cluster belongs to what is included comes along.
        include_cluster_resources: Option<Traced<bool>>,
        label_selector: LabelSelector,
        snapshot_volumes: Traced<bool>,
        default_volumes_to_fs_backup: Traced<bool>,
        /// A Go duration: `720h`.
        ttl: Traced<Text>,
    }
}
