//! StatefulSet (apps/v1) and the claims of its pods.

use super::meta::{LabelSelector, Labels, NameOf};
use super::model::{closed, object, tagged};
use super::pod::{ClaimSpec, PodTemplate};
use crate::origin::Traced;
use crate::text::Text;
use crate::walk::{IntOrString, Items, Maybe};

object! {
    /// `StatefulSetSpec`.
    pub struct StatefulSetSpec {
        /// Left out when an autoscaler owns the number.
        replicas: Maybe<Traced<u32>>,
        /// A headless Service; immutable once created.
        service_name: Traced<NameOf>,
        /// Immutable once created.
        pod_management_policy: Traced<PodManagement>,
        revision_history_limit: Traced<u32>,
        min_ready_seconds: Traced<u32>,
        ordinals: Option<Ordinals>,
        /// Immutable once created.
        selector: LabelSelector,
        update_strategy: StatefulUpdate,
        persistent_volume_claim_retention_policy: Retention,
        template: PodTemplate,
        /// Immutable once created.
        volume_claim_templates: Items<ClaimOfPod>,
    }

    /// `StatefulSetOrdinals`.
    pub struct Ordinals {
        start: Traced<u32>,
    }

    /// `RollingUpdateStatefulSetStrategy`.
    pub struct StatefulRolling {
        partition: Traced<u32>,
    }

    /// `StatefulSetPersistentVolumeClaimRetentionPolicy`.
    pub struct Retention {
        when_deleted: Traced<Kept>,
        when_scaled: Traced<Kept>,
    }

    /// `PersistentVolumeClaim` as a template of a StatefulSet.
    pub struct ClaimOfPod {
        api_version: Traced<Text>,
        kind: Traced<Text>,
        metadata: ClaimMetadata,
        spec: ClaimSpec,
    }

    /// `ObjectMeta` of a claim's template.
    pub struct ClaimMetadata {
        name: Traced<Text>,
        labels: Labels,
    }

    /// `DaemonSetSpec`.
    pub struct DaemonSetSpec {
        revision_history_limit: Traced<u32>,
        min_ready_seconds: Traced<u32>,
        /// Immutable once created.
        selector: LabelSelector,
        update_strategy: DaemonUpdate,
        template: PodTemplate,
    }

    /// `RollingUpdateDaemonSet`; not both can be zero, and only one can be more.
    pub struct DaemonRolling {
        max_surge: Traced<IntOrString>,
        max_unavailable: Traced<IntOrString>,
    }
}

tagged! {
    /// `StatefulSetUpdateStrategy`.
    pub enum StatefulUpdate {
        /// the pod with the highest ordinal first
        RollingUpdate { rolling_update: StatefulRolling },
    }

    /// `DaemonSetUpdateStrategy`.
    pub enum DaemonUpdate {
        /// node by node
        RollingUpdate { rolling_update: DaemonRolling },
    }
}

closed! {
    /// `podManagementPolicy`.
    pub enum PodManagement {
        /// one after the other
        OrderedReady,
        /// all at once
        Parallel,
    }

    /// What becomes of a claim.
    pub enum Kept {
        /// it stays
        Retain,
        /// it goes
        Delete,
    }
}
