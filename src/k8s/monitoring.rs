//! `PodMonitor`, `Probe` and `PrometheusRule` of prometheus-operator (monitoring.coreos.com/v1).

use std::collections::BTreeMap;

use super::meta::LabelSelector;
use super::model::object;
use crate::origin::Traced;
use crate::text::Text;
use crate::walk::Items;

object! {
    /// `PodMonitorSpec`.
    pub struct PodMonitorSpec {
        selector: LabelSelector,
        pod_metrics_endpoints: Items<PodMetricsEndpoint>,
    }

    /// `PodMetricsEndpoint`.
    pub struct PodMetricsEndpoint {
        /// The port's name.
        port: Traced<Text>,
        /// A duration of Prometheus: `30s`.
        interval: Traced<Text>,
    }

    /// `ProbeSpec`.
    pub struct ProbeSpec {
        /// What its series have as `job`.
        job_name: Traced<Text>,
        prober: Prober,
        /// How the exporter asks, by the name that its configuration gives it.
        module: Traced<Text>,
        /// A duration of Prometheus: `30s`.
        interval: Traced<Text>,
        scrape_timeout: Traced<Text>,
        targets: ProbeTargets,
    }

    /// `ProberSpec`.
    pub struct Prober {
        /// Host and port, without a scheme.
        url: Traced<Text>,
    }

    /// `ProbeTargets`.
    pub struct ProbeTargets {
        static_config: StaticTargets,
    }

    /// `ProbeTargetStaticConfig`.
    pub struct StaticTargets {
        /// What is asked.
        urls = "static": Items<Traced<Text>>,
    }

    /// `PrometheusRuleSpec`.
    pub struct PrometheusRuleSpec {
        groups: Items<RuleGroup>,
    }

    /// `RuleGroup`.
    pub struct RuleGroup {
        name: Traced<Text>,
        rules: Items<AlertRule>,
    }

    /// `Rule` that alerts.
    pub struct AlertRule {
        alert: Traced<Text>,
        /// `PromQL`.
        expr: Traced<Text>,
        /// How long it must hold before anybody is told.
        hold = "for": Traced<Text>,
        labels: BTreeMap<Text, Traced<Text>>,
        annotations: BTreeMap<Text, Traced<Text>>,
    }
}
