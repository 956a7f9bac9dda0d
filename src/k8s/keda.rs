//! KEDA's `ScaledObject` and `TriggerAuthentication` (keda.sh/v1alpha1).

use std::collections::BTreeMap;

use super::horizontal_pod_autoscaler::Behavior;
use super::meta::NameOf;
use super::model::object;
use crate::origin::Traced;
use crate::text::Text;
use crate::walk::Items;

object! {
    /// `ScaledObjectSpec`.
    pub struct ScaledObjectSpec {
        scale_target_ref: ScaledTarget,
        /// Seconds between two questions.
        polling_interval: Traced<u32>,
        /// Seconds of quiet before it scales to zero; without effect while the least is one.
        cooldown_period: Traced<u32>,
        min_replica_count: Traced<u32>,
        max_replica_count: Traced<u32>,
        fallback: Fallback,
        advanced: Advanced,
        triggers: Items<Trigger>,
    }

    /// `ScaleTarget`.
    pub struct ScaledTarget {
        api_version: Traced<Text>,
        kind: Traced<Text>,
        name: Traced<NameOf>,
    }

    /// `Fallback`: how many pods run when the source cannot be asked.
    pub struct Fallback {
        failure_threshold: Traced<u32>,
        replicas: Traced<u32>,
    }

    /// `AdvancedConfig`.
    pub struct Advanced {
        horizontal_pod_autoscaler_config: AutoscalerConfig,
    }

    /// `HorizontalPodAutoscalerConfig`.
    pub struct AutoscalerConfig {
        behavior: Behavior,
    }

    /// `ScaleTriggers`.
    pub struct Trigger {
        kind = "type": Traced<Text>,
        name: Option<Traced<Text>>,
        metric_type: Option<Traced<Text>>,
        /// By the scaler's own keys, all of them texts.
        metadata: BTreeMap<Text, Traced<Text>>,
        authentication_ref: Option<AuthenticationRef>,
    }

    /// `AuthenticationRef`.
    pub struct AuthenticationRef {
        name: Traced<NameOf>,
    }

    /// `TriggerAuthenticationSpec`.
    pub struct TriggerAuthenticationSpec {
        secret_target_ref: Items<AuthTarget>,
    }

    /// `AuthAuthTargetRef`.
    pub struct AuthTarget {
        parameter: Traced<Text>,
        name: Traced<NameOf>,
        key: Traced<Text>,
    }
}
