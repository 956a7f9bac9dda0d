//! Objects of prometheus-operator, with every field.

use specc::k8s::Object;
use specc::k8s::kinds::*;
use specc::k8s::monitoring::*;
use specc::walk::Items;

use super::{map, metadata, selector, t, why};

/// All of them.
pub(super) fn all() -> [Object; 3] {
    [monitor().into(), probe().into(), rule().into()]
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

fn probe() -> Probe {
    let url = t("https://shop.example.com/healthz");
    Probe {
        because: why(),
        metadata: metadata("shop-api-probe"),
        spec: ProbeSpec {
            job_name: t("shop/shop-api-probe"),
            prober: Prober { url: t("blackbox.monitoring:9115") },
            module: t("http_2xx"),
            interval: t("60s"),
            scrape_timeout: t("10s"),
            targets: ProbeTargets {
                static_config: StaticTargets {
                    urls: Items::one("https://shop.example.com/healthz", why(), url),
                },
            },
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
