//! `PodDisruptionBudget` (policy/v1).

use super::meta::LabelSelector;
use super::model::{closed, object};
use crate::origin::Traced;
use crate::walk::IntOrString;

object! {
    /// `PodDisruptionBudgetSpec`.
    pub struct BudgetSpec {
        max_unavailable: Traced<IntOrString>,
        selector: LabelSelector,
        unhealthy_pod_eviction_policy: Traced<UnhealthyPodEvictionPolicy>,
    }
}

closed! {
    /// `unhealthyPodEvictionPolicy`.
    pub enum UnhealthyPodEvictionPolicy {
        /// a pod that is not ready never blocks a drain
        AlwaysAllow,
        /// a pod that is not ready counts as well
        IfHealthyBudget,
    }
}
