//! A workload whose number of pods follows its load: a `HorizontalPodAutoscaler`, or a `ScaledObject` of KEDA where the load is
//! work that waits.
//!
//! Source: KEDA 2.20, `ScaledObject`.

use std::collections::BTreeMap;

use super::labels::Identity;
use super::{Cx, trigger};
use crate::bundle::{Bundle, Scope};
use crate::k8s::{
    Advanced, AutoscalerConfig, AutoscalerSpec, Behavior, Fallback, HorizontalPodAutoscaler, Metric,
    MetricName, MetricTarget, NameOf, PodsMetric, ResourceMetric, ResourceName, ScaleTargetRef, ScaledObject,
    ScaledObjectSpec, ScaledTarget, ScalingPolicy, ScalingPolicyType, ScalingRules, SelectPolicy, Trigger,
};
use crate::origin::{KIND, Origin, SCALE_BEHAVIOR, SCALE_QUEUE, Traced, rule};
use crate::spec::workload::{Pace, ScaleQueue, WorkloadKind};
use crate::system::{Replicas, Service, Targets, Workload};
use crate::text::Text;
use crate::value::Duration;
use crate::walk::{Items, Maybe};

/// The metric of requests a second, as the adapter of the custom metrics API is expected to call it.
const REQUESTS: &str = "http_requests_per_second";

/// The autoscaler of a workload, or why there is none.
pub(super) fn lower(
    cx: &Cx<'_>,
    service: &Service,
    workload: &Workload,
    identity: &Identity,
    scope: &Scope,
    bundle: &mut Bundle,
) {
    let auto = match &workload.replicas {
        _ if workload.waits.is_some() => Err(workload.waits.unwrap_or(workload.replicas.origin())),
        Replicas::Auto { because, min, max, targets } => Ok(Auto { because: *because, min, max, targets }),
        Replicas::Fixed(count) => Err(count.origin()),
        Replicas::None(because) => Err(*because),
    };
    let asked = auto.as_ref().ok().and_then(|auto| {
        let queue = auto.targets.queue.as_ref()?;
        Some((queue, trigger::source(service, queue)?))
    });
    if asked.is_none() {
        let because = workload.waits.unwrap_or(workload.replicas.origin());
        bundle.leave_out(scope, "ScaledObject", workload.object.get(), because);
        bundle.leave_out(scope, "TriggerAuthentication", workload.object.get(), because);
    }
    match (&auto, asked) {
        (Ok(auto), Some((queue, source))) => {
            let (trigger, login) = trigger::of(queue, &source, auto.because, identity, cx.tracer);
            bundle.push(scope, None, auto.scaled_object(cx, workload, identity, queue, trigger));
            match login {
                Some(login) => bundle.push(scope, None, login),
                None => {
                    let why = [auto.because, trigger::lacking(&source, queue)];
                    let because = cx.tracer.because(SCALE_QUEUE, &why);
                    bundle.leave_out(scope, "TriggerAuthentication", workload.object.get(), because);
                }
            }
            bundle.leave_out(scope, "HorizontalPodAutoscaler", workload.object.get(), Origin::spec(queue.at));
        }
        (Ok(auto), None) => bundle.push(scope, None, auto.horizontal(workload, identity)),
        (Err(because), _) => {
            bundle.leave_out(scope, "HorizontalPodAutoscaler", workload.object.get(), *because);
        }
    }
}

/// What a workload's pods are run by, for whoever scales it.
pub(super) fn target(workload: &Workload, identity: &Identity) -> ScaleTargetRef {
    let kind = if *workload.kind.get() == WorkloadKind::Stateful { "StatefulSet" } else { "Deployment" };
    ScaleTargetRef {
        api_version: rule(KIND, "apps/v1"),
        kind: workload.kind.map(|kind| {
            Text::Literal(if *kind == WorkloadKind::Stateful { "StatefulSet" } else { "Deployment" })
        }),
        name: NameOf::of(kind, &identity.name),
    }
}

struct Auto<'a> {
    because: Origin,
    min: &'a Traced<u32>,
    max: &'a Traced<u32>,
    targets: &'a Targets,
}

impl Auto<'_> {
    fn horizontal(&self, workload: &Workload, identity: &Identity) -> HorizontalPodAutoscaler {
        HorizontalPodAutoscaler {
            because: self.because,
            metadata: identity.metadata(),
            spec: AutoscalerSpec {
                scale_target_ref: target(workload, identity),
                min_replicas: *self.min,
                max_replicas: *self.max,
                metrics: metrics(self.targets),
                behavior: behavior(self.targets, self.because),
            },
        }
    }

    fn scaled_object(
        &self,
        cx: &Cx<'_>,
        workload: &Workload,
        identity: &Identity,
        queue: &ScaleQueue,
        waiting: Trigger,
    ) -> ScaledObject {
        let because = cx.tracer.because(SCALE_QUEUE, &[self.because, Origin::spec(queue.at)]);
        let ScaleTargetRef { api_version, kind, name } = target(workload, identity);
        ScaledObject {
            because,
            metadata: identity.metadata(),
            spec: ScaledObjectSpec {
                scale_target_ref: ScaledTarget { api_version, kind, name },
                polling_interval: rule(SCALE_QUEUE, 30u32),
                cooldown_period: rule(SCALE_QUEUE, 300u32),
                min_replica_count: *self.min,
                max_replica_count: *self.max,
                fallback: Fallback { failure_threshold: rule(SCALE_QUEUE, 3u32), replicas: *self.min },
                advanced: Advanced {
                    horizontal_pod_autoscaler_config: AutoscalerConfig {
                        behavior: behavior(self.targets, self.because),
                    },
                },
                triggers: self.triggers(Origin::spec(queue.at), waiting),
            },
        }
    }

    fn triggers(&self, at: Origin, waiting: Trigger) -> Items<Trigger> {
        let mut triggers = Items::default();
        for (name, percent) in [("cpu", self.targets.cpu), ("memory", self.targets.memory)] {
            let Some(percent) = percent else { continue };
            let value = percent.map(|percent| Text::from(percent.to_string()));
            let trigger = Trigger {
                kind: Traced::because(Text::Literal(name), percent.origin()),
                name: None,
                metric_type: Some(rule(SCALE_QUEUE, "Utilization")),
                metadata: BTreeMap::from([("value".into(), value)]),
                authentication_ref: None,
            };
            triggers.push(name, percent.origin(), trigger);
        }
        triggers.push("queue", at, waiting);
        triggers
    }
}

fn metrics(targets: &Targets) -> Items<Metric> {
    let mut metrics = Items::default();
    let of_resource = |percent: Traced<u32>, name: ResourceName| Metric::Resource {
        because: percent.origin(),
        resource: ResourceMetric {
            name: rule(KIND, name),
            target: MetricTarget::Utilization { because: percent.origin(), average_utilization: percent },
        },
    };
    if let Some(percent) = targets.cpu {
        metrics.push("cpu", percent.origin(), of_resource(percent, ResourceName::Cpu));
    }
    if let Some(percent) = targets.memory {
        metrics.push("memory", percent.origin(), of_resource(percent, ResourceName::Memory));
    }
    if let Some(rate) = &targets.rps {
        let because = rate.origin();
        let average_value = rate.map(|rate| Text::from(rate.to_string()));
        let pods = PodsMetric {
            metric: MetricName { name: Traced::because(Text::Literal(REQUESTS), because) },
            target: MetricTarget::AverageValue { because, average_value },
        };
        metrics.push(REQUESTS, because, Metric::Pods { because, pods });
    }
    metrics
}

/// How fast the number of pods changes: as written, else at once up and slowly down.
fn behavior(targets: &Targets, because: Origin) -> Behavior {
    Behavior {
        scale_down: pace(targets.down.as_ref(), because, (300, 20, 60)),
        scale_up: pace(targets.up.as_ref(), because, (0, 100, 30)),
    }
}

fn pace(
    written: Option<&Pace>,
    scaled: Origin,
    (window, percent, period): (u32, u32, u32),
) -> Maybe<ScalingRules> {
    let because = written.map_or(scaled, |pace| Origin::spec(pace.at));
    let seconds = |time: &Duration| u32::try_from(time.seconds_ceil()).unwrap_or(u32::MAX);
    let of = |time: Option<&Traced<Duration>>, usual: u32| {
        time.map_or_else(|| rule(SCALE_BEHAVIOR, usual), |time| time.map(seconds))
    };
    let every = of(written.and_then(|pace| pace.every.as_ref()), period);
    let (share, pods) = (written.and_then(|pace| pace.percent), written.and_then(|pace| pace.pods));
    let mut policies = Items::default();
    let mut push = |name: &'static str, kind: ScalingPolicyType, value: Traced<u32>, because| {
        let kind = Traced::because(kind, because);
        policies.push(name, because, ScalingPolicy { kind, value, period_seconds: every });
    };
    if let Some(pods) = pods {
        push("pods", ScalingPolicyType::Pods, pods.map(|n| n.get()), pods.origin());
    }
    match share {
        Some(share) => push("percent", ScalingPolicyType::Percent, share.map(|n| n.get()), share.origin()),
        None if pods.is_none() => {
            let usual = rule(SCALE_BEHAVIOR, percent);
            push("percent", ScalingPolicyType::Percent, usual, because);
        }
        None => {}
    }
    let off = written.and_then(|pace| pace.off).filter(|off| *off.get());
    Maybe::some(
        because,
        ScalingRules {
            stabilization_window_seconds: of(written.and_then(|pace| pace.window.as_ref()), window),
            select_policy: off.map(|off| off.map(|_| SelectPolicy::Disabled)),
            policies,
        },
    )
}
