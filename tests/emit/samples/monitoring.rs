//! Objects of prometheus-operator, with every field.

use specc::k8s::Object;
use specc::k8s::kinds::*;
use specc::k8s::monitoring::*;
use specc::walk::Items;

use super::{map, metadata, selector, t, why};

/// All of them.
pub(super) fn all() -> [Object; 2] {
    [monitor().into(), rule().into()]
}

fn monitor() -> PodMonitor {
    let endpoint = PodMetricsEndpoint { port: t("metrics"), interval: t("30s") };
    PodMonitor {
        because: why(),
        metadata: metadata("shop-db-main"),
        spec: PodMonitorSpec {
            selector: selector(),
            pod_metrics_endpoints: Items::one("metrics", why(), endpoint),
        },
    }
}

fn rule() -> PrometheusRule {
    let alert = AlertRule {
        alert: t("TooMuch"),
        expr: t("up{job=\"a\"} == 0"),
        hold: t("5m"),
        labels: map(&[("severity", "warning")]),
        annotations: map(&[("summary", "{{ $labels.pod }} is gone")]),
    };
    let group = RuleGroup { name: t("shop"), rules: Items::one("TooMuch", why(), alert) };
    PrometheusRule {
        because: why(),
        metadata: metadata("shop-db-main"),
        spec: PrometheusRuleSpec { groups: Items::one("alerts", why(), group) },
    }
}
