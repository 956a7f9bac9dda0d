//! One object of each kind with every field filled: what printers and referees are tried on.

mod add_ons;
mod controllers;
mod databases;
mod monitoring;
mod pod;
mod routes;

use std::collections::BTreeMap;
use std::sync::Arc;

use specc::k8s::cron_job::*;
use specc::k8s::deployment::*;
use specc::k8s::horizontal_pod_autoscaler::*;
use specc::k8s::kinds::*;
use specc::k8s::meta::*;
use specc::k8s::network_policy::*;
use specc::k8s::pod::Protocol;
use specc::k8s::pod_disruption_budget::*;
use specc::k8s::service::*;
use specc::origin::{GRACE, Origin, Traced, rule};
use specc::text::Text;
use specc::walk::{Empty, Items, Maybe};

pub(crate) use pod::{claim_spec, template};

/// Why everything here is there.
pub(crate) fn why() -> Origin {
    Origin::rule(GRACE)
}

/// A value with an origin.
pub(crate) fn t<T, U: From<T>>(value: T) -> Traced<U> {
    rule(GRACE, value)
}

/// A map of texts.
pub(crate) fn map(pairs: &[(&'static str, &'static str)]) -> BTreeMap<Text, Traced<Text>> {
    pairs.iter().map(|(key, value)| ((*key).into(), t(*value))).collect()
}

fn labels() -> Labels {
    Arc::new(map(&[("app.kubernetes.io/name", "shop-api"), ("app.kubernetes.io/managed-by", "specc")]))
}

fn selector() -> LabelSelector {
    let mut values = Items::one("api", why(), t("api"));
    values.push("worker", why(), t("worker"));
    let requirement =
        Requirement { key: t("app.kubernetes.io/component"), operator: t(Operator::In), values };
    LabelSelector {
        match_labels: Arc::new(map(&[("app.kubernetes.io/name", "shop-api")])),
        match_expressions: Items::one("component", why(), requirement),
    }
}

/// Metadata in a namespace.
pub(crate) fn metadata(name: &'static str) -> Metadata {
    Metadata {
        name: t(name),
        namespace: Some(t("shop")),
        labels: labels(),
        annotations: map(&[("specc.dev/note", "a: b")]),
    }
}

/// A reference.
pub(crate) fn name_of(kind: &'static str, name: &'static str) -> Traced<NameOf> {
    t(NameOf::new(kind, name))
}

/// All of them.
pub(crate) fn all() -> Vec<Object> {
    let mut objects = vec![
        namespace().into(),
        service_account().into(),
        config_map().into(),
        deployment().into(),
        recreated().into(),
        cron_job().into(),
        service().into(),
        autoscaler().into(),
        budget().into(),
        network_policy().into(),
        default_deny().into(),
    ];
    objects.extend(controllers::all(&cron_job()));
    objects.extend(add_ons::all());
    objects.extend(routes::all());
    objects.extend(databases::all());
    objects.extend(monitoring::all());
    objects
}

fn namespace() -> Namespace {
    Namespace { because: why(), metadata: Metadata { namespace: None, ..metadata("shop") } }
}

fn service_account() -> ServiceAccount {
    ServiceAccount {
        because: why(),
        metadata: metadata("shop-api"),
        automount_service_account_token: t(false),
    }
}

/// A ConfigMap with one text file and one of bytes.
pub(crate) fn config_map() -> ConfigMap {
    ConfigMap {
        because: why(),
        metadata: metadata("shop-api-1a2b"),
        immutable: Some(t(true)),
        data: map(&[("app.toml", "# settings\n[log]\nlevel = \"info\"\n")]),
        binary_data: map(&[("key.bin", "AAECAw==")]),
    }
}

/// A Deployment that rolls.
pub(crate) fn deployment() -> Deployment {
    let rolling_update = RollingUpdate { max_surge: t("25%"), max_unavailable: t(0) };
    Deployment {
        because: why(),
        metadata: metadata("shop-api"),
        spec: DeploymentSpec {
            replicas: Maybe::some(why(), t(3u32)),
            revision_history_limit: t(5u32),
            min_ready_seconds: t(10u32),
            progress_deadline_seconds: t(600u32),
            selector: selector(),
            strategy: Maybe::some(why(), Strategy::RollingUpdate { because: why(), rolling_update }),
            template: template(),
        },
    }
}

fn recreated() -> Deployment {
    let mut deployment = deployment();
    deployment.spec.replicas = Maybe::none(why());
    deployment.spec.strategy = Maybe::some(why(), Strategy::Recreate { because: why() });
    deployment
}

fn cron_job() -> CronJob {
    let mut rules = Items::default();
    let disrupted = PodCondition { kind: t("DisruptionTarget"), status: t(ConditionStatus::True) };
    rules.push(
        "disruption",
        why(),
        FailureRule {
            action: t(FailureAction::Ignore),
            when: FailureCondition::OnPodConditions(Items::one("disruption", why(), disrupted)),
        },
    );
    let codes = OnExitCodes {
        container_name: t("api"),
        operator: t(ExitCodeOperator::In),
        values: vec![t(64), t(78)],
    };
    rules.push(
        "usage",
        why(),
        FailureRule { action: t(FailureAction::FailJob), when: FailureCondition::OnExitCodes(codes) },
    );
    CronJob {
        because: why(),
        metadata: metadata("shop-settle"),
        spec: CronJobSpec {
            schedule: t("15 2 * * *"),
            time_zone: t("Europe/Berlin"),
            concurrency_policy: t(ConcurrencyPolicy::Forbid),
            starting_deadline_seconds: t(3600u32),
            successful_jobs_history_limit: t(3u32),
            failed_jobs_history_limit: t(3u32),
            suspend: Some(t(false)),
            job_template: JobTemplate {
                spec: JobSpec {
                    suspend: Some(t(true)),
                    active_deadline_seconds: t(2700u32),
                    backoff_limit: t(3u32),
                    parallelism: Some(t(2u32)),
                    completions: Some(t(4u32)),
                    ttl_seconds_after_finished: None,
                    completion_mode: Some(t(CompletionMode::Indexed)),
                    pod_failure_policy: Maybe::some(why(), PodFailurePolicy { rules }),
                    template: template(),
                },
            },
        },
    }
}

fn service() -> Service {
    let port = ServicePort {
        name: t("http"),
        port: t(80u16),
        target_port: t("http"),
        node_port: Some(t(30080u16)),
        protocol: t(Protocol::Tcp),
        app_protocol: Some(t("http")),
    };
    Service {
        because: why(),
        metadata: metadata("shop-api"),
        spec: ServiceSpec {
            kind: t(ServiceType::ClusterIp),
            cluster_ip: Some(t("None")),
            external_name: Some(t("mail.example.com")),
            publish_not_ready_addresses: Some(t(true)),
            external_traffic_policy: Some(t(ExternalTraffic::Local)),
            load_balancer_class: Some(t("test/one")),
            load_balancer_source_ranges: vec![t("203.0.113.0/24")],
            session_affinity: Some(t(SessionAffinity::ClientIp)),
            traffic_distribution: Some(t("PreferSameZone")),
            selector: labels(),
            ports: Items::one("http", why(), port),
        },
    }
}

fn autoscaler() -> HorizontalPodAutoscaler {
    let metric = |name, target| Metric::Resource {
        because: why(),
        resource: ResourceMetric { name: t::<ResourceName, _>(name), target },
    };
    let mut metrics = Items::default();
    let utilization = MetricTarget::Utilization { because: why(), average_utilization: t(70u32) };
    metrics.push("cpu", why(), metric(ResourceName::Cpu, utilization));
    let amount = MetricTarget::AverageValue { because: why(), average_value: t("512Mi") };
    metrics.push("memory", why(), metric(ResourceName::Memory, amount));
    let rules = |kind: ScalingPolicyType, seconds: u32| {
        let policy = ScalingPolicy { kind: t(kind), value: t(4u32), period_seconds: t(60u32) };
        ScalingRules {
            stabilization_window_seconds: t(seconds),
            select_policy: Some(t(SelectPolicy::Max)),
            policies: Items::one("main", why(), policy),
        }
    };
    HorizontalPodAutoscaler {
        because: why(),
        metadata: metadata("shop-api"),
        spec: AutoscalerSpec {
            scale_target_ref: ScaleTargetRef {
                api_version: t("apps/v1"),
                kind: t("Deployment"),
                name: name_of("Deployment", "shop-api"),
            },
            min_replicas: t(2u32),
            max_replicas: t(12u32),
            metrics,
            behavior: Behavior {
                scale_down: Maybe::some(why(), rules(ScalingPolicyType::Percent, 300)),
                scale_up: Maybe::some(why(), rules(ScalingPolicyType::Pods, 0)),
            },
        },
    }
}

fn budget() -> PodDisruptionBudget {
    PodDisruptionBudget {
        because: why(),
        metadata: metadata("shop-api"),
        spec: BudgetSpec {
            max_unavailable: t(1),
            selector: selector(),
            unhealthy_pod_eviction_policy: t(UnhealthyPodEvictionPolicy::AlwaysAllow),
        },
    }
}

fn network_policy() -> NetworkPolicy {
    let pods = |selector| Peer { namespace_selector: None, pod_selector: Some(selector), ip_block: None };
    let port = |protocol: Protocol| PolicyPort { protocol: t(protocol), port: t(53) };
    let mut from = Items::default();
    from.push("callers", why(), pods(Selects::Matching(selector())));
    from.push(
        "anyone in the cluster",
        why(),
        Peer { namespace_selector: Some(Selects::All(t(Empty))), ..pods(Selects::All(t(Empty))) },
    );
    let block = IpBlock { cidr: t("0.0.0.0/0"), except: vec![t("10.0.0.0/8")] };
    let outside = Peer { namespace_selector: None, pod_selector: None, ip_block: Some(block) };
    NetworkPolicy {
        because: why(),
        metadata: metadata("shop-api"),
        spec: NetworkPolicySpec {
            pod_selector: Selects::Matching(selector()),
            policy_types: vec![t(PolicyType::Ingress), t(PolicyType::Egress)],
            ingress: Items::one(
                "callers",
                why(),
                IngressRule { from, ports: Items::one("http", why(), port(Protocol::Tcp)) },
            ),
            egress: Items::one(
                "outside",
                why(),
                EgressRule {
                    to: Items::one("outside", why(), outside),
                    ports: Items::one("dns", why(), port(Protocol::Udp)),
                },
            ),
        },
    }
}

fn default_deny() -> NetworkPolicy {
    NetworkPolicy {
        because: why(),
        metadata: metadata("default-deny"),
        spec: NetworkPolicySpec {
            pod_selector: Selects::All(t(Empty)),
            policy_types: vec![t(PolicyType::Ingress), t(PolicyType::Egress)],
            ingress: Items::default(),
            egress: Items::default(),
        },
    }
}
