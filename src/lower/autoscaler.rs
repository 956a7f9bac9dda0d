//! A workload whose number of pods follows its load: a HorizontalPodAutoscaler.

use super::labels::Identity;
use crate::k8s::{
    AutoscalerSpec, Behavior, HorizontalPodAutoscaler, Metric, MetricTarget, NameOf, ResourceMetric,
    ResourceName, ScaleTargetRef, ScalingPolicy, ScalingPolicyType, ScalingRules,
};
use crate::origin::{KIND, Origin, SCALE_BEHAVIOR, rule};
use crate::system::{Replicas, Workload};
use crate::walk::{Items, Maybe};

/// The autoscaler, or why there is none.
pub(super) fn lower(workload: &Workload, identity: &Identity) -> Result<HorizontalPodAutoscaler, Origin> {
    let (because, min, max, cpu) = match &workload.replicas {
        Replicas::Auto { because, min, max, cpu } => (*because, min, max, cpu),
        Replicas::Fixed(count) => return Err(count.origin()),
        Replicas::None(because) => return Err(*because),
    };
    let metric = Metric::Resource {
        because: cpu.origin(),
        resource: ResourceMetric {
            name: rule(KIND, ResourceName::Cpu),
            target: MetricTarget::Utilization { because: cpu.origin(), average_utilization: *cpu },
        },
    };
    Ok(HorizontalPodAutoscaler {
        because,
        metadata: identity.metadata(),
        spec: AutoscalerSpec {
            scale_target_ref: ScaleTargetRef {
                api_version: rule(KIND, "apps/v1"),
                kind: rule(KIND, "Deployment"),
                name: NameOf::of("Deployment", &identity.name),
            },
            min_replicas: *min,
            max_replicas: *max,
            metrics: Items::one("cpu", cpu.origin(), metric),
            behavior: behavior(),
        },
    })
}

fn behavior() -> Behavior {
    let rules = |window: u32, percent: u32, period: u32| {
        let policy = ScalingPolicy {
            kind: rule(SCALE_BEHAVIOR, ScalingPolicyType::Percent),
            value: rule(SCALE_BEHAVIOR, percent),
            period_seconds: rule(SCALE_BEHAVIOR, period),
        };
        Maybe::some(
            Origin::rule(SCALE_BEHAVIOR),
            ScalingRules {
                stabilization_window_seconds: rule(SCALE_BEHAVIOR, window),
                select_policy: None,
                policies: Items::one("percent", Origin::rule(SCALE_BEHAVIOR), policy),
            },
        )
    };
    Behavior { scale_down: rules(300, 20, 60), scale_up: rules(0, 100, 30) }
}
