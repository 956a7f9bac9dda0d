//! Deployment (apps/v1).

use super::meta::LabelSelector;
use super::model::{object, tagged};
use super::pod::PodTemplate;
use crate::origin::Traced;
use crate::walk::{IntOrString, Maybe};

object! {
    /// `DeploymentSpec`.
    pub struct DeploymentSpec {
        /// Left out when an autoscaler owns the number.
        replicas: Maybe<Traced<u32>>,
        revision_history_limit: Traced<u32>,
        min_ready_seconds: Traced<u32>,
        /// Must be more than `min_ready_seconds`.
        progress_deadline_seconds: Traced<u32>,
        /// Immutable once created.
        selector: LabelSelector,
        strategy: Maybe<Strategy>,
        template: PodTemplate,
    }

    /// `RollingUpdateDeployment`; not both can be zero.
    pub struct RollingUpdate {
        max_surge: Traced<IntOrString>,
        max_unavailable: Traced<IntOrString>,
    }
}

tagged! {
    /// `DeploymentStrategy`.
    pub enum Strategy {
        /// new pods before old ones go
        RollingUpdate { rolling_update: RollingUpdate },
        /// all old pods go before the first new one
        Recreate {},
    }
}
