//! A workload of several pods: a drain takes one at a time.

use super::labels::Identity;
use crate::k8s::{BudgetSpec, PodDisruptionBudget, UnhealthyPodEvictionPolicy};
use crate::origin::{BUDGET_DISRUPTION, BUDGET_UNHEALTHY, Origin, rule};

pub(super) fn lower(identity: &Identity, because: Origin) -> PodDisruptionBudget {
    PodDisruptionBudget {
        because,
        metadata: identity.metadata(),
        spec: BudgetSpec {
            max_unavailable: rule(BUDGET_DISRUPTION, 1),
            selector: identity.selector(),
            unhealthy_pod_eviction_policy: rule(BUDGET_UNHEALTHY, UnhealthyPodEvictionPolicy::AlwaysAllow),
        },
    }
}
