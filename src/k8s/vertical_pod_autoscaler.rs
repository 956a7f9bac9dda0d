//! `VerticalPodAutoscaler` (autoscaling.k8s.io/v1).

use super::horizontal_pod_autoscaler::ScaleTargetRef;
use super::model::{closed, object};
use super::pod::Amount;
use crate::origin::Traced;
use crate::text::Text;
use crate::walk::Items;

object! {
    /// `VerticalPodAutoscalerSpec`.
    pub struct VerticalSpec {
        target_ref: ScaleTargetRef,
        update_policy: UpdatePolicy,
        resource_policy: ResourcePolicy,
    }

    /// `PodUpdatePolicy`.
    pub struct UpdatePolicy {
        update_mode: Traced<UpdateMode>,
    }

    /// `PodResourcePolicy`.
    pub struct ResourcePolicy {
        container_policies: Items<ContainerPolicy>,
    }

    /// `ContainerResourcePolicy`.
    pub struct ContainerPolicy {
        /// `*` is all that have no policy of their own.
        container_name: Traced<Text>,
        controlled_resources: Vec<Traced<Text>>,
        controlled_values: Traced<ControlledValues>,
        min_allowed: ResourceBounds,
        max_allowed: ResourceBounds,
    }

    /// Amounts that a recommendation keeps to.
    pub struct ResourceBounds {
        cpu: Option<Traced<Amount>>,
        memory: Option<Traced<Amount>>,
    }
}

closed! {
    /// `updateMode`.
    pub enum UpdateMode {
        /// recommend only
        Off,
        /// change running pods, replace those that cannot be changed
        InPlaceOrRecreate,
    }

    /// `controlledValues`.
    pub enum ControlledValues {
        /// limits keep their ratio to the requests
        RequestsAndLimits,
        /// limits stay
        RequestsOnly,
    }
}
