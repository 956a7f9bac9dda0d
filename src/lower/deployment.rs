//! Workloads that run all the time: a Deployment.

use super::Cx;
use super::labels::Identity;
use crate::k8s::{Deployment, DeploymentSpec, PodTemplate, RollingUpdate, Strategy};
use crate::origin::{HISTORY, Origin, ROLLOUT, ROLLOUT_DEADLINE, Traced, rule};
use crate::system::{Replicas, Workload};
use crate::walk::Maybe;

/// Seconds that a new pod must stay ready before it counts.
const MIN_READY: u32 = 10;

pub(super) fn lower(
    cx: &Cx<'_>,
    workload: &Workload,
    identity: &Identity,
    because: Origin,
    template: PodTemplate,
) -> Deployment {
    Deployment {
        because,
        metadata: identity.metadata(),
        spec: DeploymentSpec {
            replicas: match &workload.replicas {
                Replicas::Fixed(count) => Maybe::some(count.origin(), *count),
                Replicas::Auto { because, .. } | Replicas::None(because) => Maybe::none(*because),
            },
            revision_history_limit: rule(HISTORY, 5u32),
            min_ready_seconds: rule(ROLLOUT, MIN_READY),
            progress_deadline_seconds: progress_deadline(cx, workload),
            selector: identity.selector(),
            strategy: Strategy::RollingUpdate {
                because: Origin::rule(ROLLOUT),
                rolling_update: RollingUpdate {
                    max_surge: rule(ROLLOUT, "25%"),
                    max_unavailable: rule(ROLLOUT, 0),
                },
            },
            template,
        },
    }
}

fn progress_deadline(cx: &Cx<'_>, workload: &Workload) -> Traced<u32> {
    match &workload.health {
        Ok(health) => {
            let probed = Traced::because((), health.because);
            cx.tracer.derive(ROLLOUT_DEADLINE, (&health.startup, &probed), |(startup, ())| {
                u32::try_from(startup.seconds_ceil()).unwrap_or(u32::MAX - 1000) + MIN_READY + 540
            })
        }
        Err(because) => cx.tracer.constant(ROLLOUT_DEADLINE, &[*because], MIN_READY + 540),
    }
}
