//! `HorizontalPodAutoscaler` (autoscaling/v2).

use super::meta::NameOf;
use super::model::{closed, object, tagged};
use super::pod::Amount;
use crate::origin::Traced;
use crate::text::Text;
use crate::walk::{Items, Maybe};

object! {
    /// `HorizontalPodAutoscalerSpec`.
    pub struct AutoscalerSpec {
        scale_target_ref: ScaleTargetRef,
        min_replicas: Traced<u32>,
        max_replicas: Traced<u32>,
        metrics: Items<Metric>,
        behavior: Behavior,
    }

    /// `CrossVersionObjectReference`.
    pub struct ScaleTargetRef {
        api_version: Traced<Text>,
        kind: Traced<Text>,
        name: Traced<NameOf>,
    }

    /// `ResourceMetricSource`.
    pub struct ResourceMetric {
        name: Traced<ResourceName>,
        target: MetricTarget,
    }

    /// `PodsMetricSource`.
    pub struct PodsMetric {
        metric: MetricName,
        target: MetricTarget,
    }

    /// `MetricIdentifier`.
    pub struct MetricName {
        name: Traced<Text>,
    }

    /// `HorizontalPodAutoscalerBehavior`.
    pub struct Behavior {
        scale_down: Maybe<ScalingRules>,
        scale_up: Maybe<ScalingRules>,
    }

    /// `HPAScalingRules`.
    pub struct ScalingRules {
        /// At most 3600.
        stabilization_window_seconds: Traced<u32>,
        select_policy: Option<Traced<SelectPolicy>>,
        policies: Items<ScalingPolicy>,
    }

    /// `HPAScalingPolicy`.
    pub struct ScalingPolicy {
        kind = "type": Traced<ScalingPolicyType>,
        value: Traced<u32>,
        /// At most 1800.
        period_seconds: Traced<u32>,
    }
}

tagged! {
    /// `MetricSpec`.
    pub enum Metric {
        /// cpu or memory of the pods
        Resource { resource: ResourceMetric },
        /// a metric of the pods, from the custom metrics API
        Pods { pods: PodsMetric },
    }

    /// `MetricTarget`.
    pub enum MetricTarget {
        /// percent of what is requested
        Utilization { average_utilization: Traced<u32> },
        /// an amount for each pod
        AverageValue { average_value: Traced<Amount> },
    }
}

closed! {
    /// The resources that a metric can be about.
    pub enum ResourceName {
        /// processor time
        Cpu = "cpu",
        /// memory
        Memory = "memory",
    }

    /// `selectPolicy`: which of several policies counts.
    pub enum SelectPolicy {
        /// the largest change
        Max,
        /// the smallest change
        Min,
        /// no change in this direction
        Disabled,
    }

    /// `type` of a [`ScalingPolicy`].
    pub enum ScalingPolicyType {
        /// a number of pods
        Pods,
        /// percent of the pods
        Percent,
    }
}
