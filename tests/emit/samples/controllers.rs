//! What runs pods besides Deployments and CronJobs, what they keep, and who scales them.

use specc::k8s::*;
use specc::walk::{Items, Maybe};

use super::{claim_spec, labels, map, metadata, name_of, selector, t, template, why};

/// One of each; a Job is what a CronJob starts.
pub(super) fn all(cron: &CronJob) -> Vec<Object> {
    vec![
        stateful_set().into(),
        daemon_set().into(),
        Job { because: why(), metadata: metadata("shop-once"), spec: once(cron) }.into(),
        PersistentVolumeClaim { because: why(), metadata: metadata("shop-data"), spec: claim_spec() }.into(),
        scaled_object().into(),
        authentication().into(),
        vertical().into(),
    ]
}

fn once(cron: &CronJob) -> JobSpec {
    let mut spec = cron.spec.job_template.spec.clone();
    spec.ttl_seconds_after_finished = Some(t(60u32));
    spec
}

fn stateful_set() -> StatefulSet {
    let claim = ClaimOfPod {
        api_version: t("v1"),
        kind: t("PersistentVolumeClaim"),
        metadata: ClaimMetadata { name: t("data"), labels: labels() },
        spec: claim_spec(),
    };
    StatefulSet {
        because: why(),
        metadata: metadata("shop-state"),
        spec: StatefulSetSpec {
            replicas: Maybe::some(why(), t(3u32)),
            service_name: name_of("Service", "shop-state-pods"),
            pod_management_policy: t(PodManagement::Parallel),
            revision_history_limit: t(5u32),
            min_ready_seconds: t(10u32),
            ordinals: Some(Ordinals { start: t(1u32) }),
            selector: selector(),
            update_strategy: StatefulUpdate::RollingUpdate {
                because: why(),
                rolling_update: StatefulRolling { partition: t(1u32) },
            },
            persistent_volume_claim_retention_policy: Retention {
                when_deleted: t(Kept::Retain),
                when_scaled: t(Kept::Delete),
            },
            template: template(),
            volume_claim_templates: Items::one("data", why(), claim),
        },
    }
}

fn daemon_set() -> DaemonSet {
    DaemonSet {
        because: why(),
        metadata: metadata("shop-agent"),
        spec: DaemonSetSpec {
            revision_history_limit: t(5u32),
            min_ready_seconds: t(10u32),
            selector: selector(),
            update_strategy: DaemonUpdate::RollingUpdate {
                because: why(),
                rolling_update: DaemonRolling { max_surge: t(0), max_unavailable: t(1) },
            },
            template: template(),
        },
    }
}

fn behavior() -> Behavior {
    let policy = ScalingPolicy { kind: t(ScalingPolicyType::Pods), value: t(2u32), period_seconds: t(60u32) };
    let rules = ScalingRules {
        stabilization_window_seconds: t(300u32),
        select_policy: Some(t(SelectPolicy::Min)),
        policies: Items::one("pods", why(), policy),
    };
    Behavior { scale_down: Maybe::some(why(), rules.clone()), scale_up: Maybe::some(why(), rules) }
}

fn scaled_object() -> ScaledObject {
    let trigger = Trigger {
        kind: t("postgresql"),
        name: Some(t("queue")),
        metric_type: Some(t("AverageValue")),
        metadata: map(&[("query", "SELECT 1"), ("targetQueryValue", "5")]),
        authentication_ref: Some(AuthenticationRef { name: name_of("TriggerAuthentication", "shop-worker") }),
    };
    ScaledObject {
        because: why(),
        metadata: metadata("shop-worker"),
        spec: ScaledObjectSpec {
            scale_target_ref: ScaledTarget {
                api_version: t("apps/v1"),
                kind: t("Deployment"),
                name: name_of("Deployment", "shop-worker"),
            },
            polling_interval: t(30u32),
            cooldown_period: t(300u32),
            min_replica_count: t(1u32),
            max_replica_count: t(5u32),
            fallback: Fallback { failure_threshold: t(3u32), replicas: t(1u32) },
            advanced: Advanced {
                horizontal_pod_autoscaler_config: AutoscalerConfig { behavior: behavior() },
            },
            triggers: Items::one("queue", why(), trigger),
        },
    }
}

fn authentication() -> TriggerAuthentication {
    let target = AuthTarget {
        parameter: t("connection"),
        name: name_of("Secret", "shop-db-main-app"),
        key: t("fqdn-uri"),
    };
    TriggerAuthentication {
        because: why(),
        metadata: metadata("shop-worker"),
        spec: TriggerAuthenticationSpec { secret_target_ref: Items::one("connection", why(), target) },
    }
}

fn vertical() -> VerticalPodAutoscaler {
    let bounds = || ResourceBounds { cpu: Some(t("100m")), memory: Some(t("64Mi")) };
    let policy = ContainerPolicy {
        container_name: t("*"),
        controlled_resources: vec![t("memory")],
        controlled_values: t(ControlledValues::RequestsOnly),
        min_allowed: bounds(),
        max_allowed: bounds(),
    };
    VerticalPodAutoscaler {
        because: why(),
        metadata: metadata("shop-api"),
        spec: VerticalSpec {
            target_ref: ScaleTargetRef {
                api_version: t("apps/v1"),
                kind: t("Deployment"),
                name: name_of("Deployment", "shop-api"),
            },
            update_policy: UpdatePolicy { update_mode: t(UpdateMode::InPlaceOrRecreate) },
            resource_policy: ResourcePolicy { container_policies: Items::one("*", why(), policy) },
        },
    }
}
