//! `PodMonitor` and `PrometheusRule` of prometheus-operator (monitoring.coreos.com/v1).

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
