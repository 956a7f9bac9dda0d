//! Paths that are asked from outside: a `Probe` for the blackbox exporter, and an alert for when it fails.
//!
//! Sources: prometheus-operator 0.93, API `ProbeSpec` (`jobName` becomes the label `job`); blackbox exporter, "Prometheus
//! configuration" (`probe_success`, `probe_http_status_code`, which is 0 without an answer).

use super::Cx;
use super::alerts::{self, Alert, To};
use super::labels::Identity;
use crate::bundle::{Bundle, Scope};
use crate::k8s::{
    Probe, ProbeSpec, ProbeTargets, Prober, PrometheusRule, PrometheusRuleSpec, RuleGroup, StaticTargets,
};
use crate::origin::{NAME, Origin, Traced};
use crate::promql::{Expr, Match};
use crate::spec::decode::Choice;
use crate::spec::platform::AddOn;
use crate::spec::workload::OutsideAlert;
use crate::system::platform::Blackbox;
use crate::system::workload::Outside;
use crate::system::{Service, Workload};
use crate::text::Text;
use crate::value::{Duration, Value};
use crate::walk::Items;

/// The probes of a workload and their alerts.
pub(super) fn lower(
    cx: &Cx<'_>,
    (service, workload): (&Service, &Workload),
    identity: &Identity,
    scope: &Scope,
    bundle: &mut Bundle,
) {
    let platform = cx.platform();
    let Some(blackbox) = platform.blackbox.as_ref().filter(|_| platform.has(AddOn::PrometheusOperator))
    else {
        return;
    };
    for outside in &workload.outside_checks {
        let of = Of { cx, service, workload, outside };
        let asked = alerts::asked(cx, outside.because);
        let because = cx.tracer.because(NAME, &[asked, Origin::spec(blackbox.at)]);
        let role = Some(outside.role.clone());
        bundle.push_as(scope, role.clone(), of.probe(blackbox, identity, because));
        let because = cx.tracer.because(NAME, &[because, outside.alert.origin()]);
        match outside.alert.get() {
            OutsideAlert::None => {
                bundle.leave_out_as(scope, "PrometheusRule", role, outside.object.get(), because);
            }
            OutsideAlert::Critical | OutsideAlert::Warning => {
                bundle.push_as(scope, role, of.rules(identity, because));
            }
        }
    }
}

/// One path that is asked, with what its objects are made from.
struct Of<'a> {
    cx: &'a Cx<'a>,
    service: &'a Service,
    workload: &'a Workload,
    outside: &'a Outside,
}

fn text(time: Traced<Duration>) -> Traced<Text> {
    time.map(|time| Text::from(time.text().into_owned()))
}

impl Of<'_> {
    /// What its series have as `job`.
    fn job(&self) -> Traced<Text> {
        let (namespace, object) = (&self.service.namespace, &self.outside.object);
        self.cx.tracer.derive(NAME, (namespace, object), |(namespace, object)| {
            Text::from(format!("{namespace}/{object}"))
        })
    }

    fn probe(&self, blackbox: &Blackbox, identity: &Identity, because: Origin) -> Probe {
        let outside = self.outside;
        let mut urls = Items::default();
        for url in &outside.urls {
            let because = self.cx.tracer.because(NAME, &[url.origin(), outside.because]);
            urls.push(url.get().clone(), because, url.clone());
        }
        Probe {
            because,
            metadata: identity.metadata_named(outside.object.clone()),
            spec: ProbeSpec {
                job_name: self.job(),
                prober: Prober { url: blackbox.address.clone() },
                module: blackbox.module.clone(),
                interval: text(outside.interval),
                scrape_timeout: text(outside.timeout),
                targets: ProbeTargets { static_config: StaticTargets { urls } },
            },
        }
    }

    fn rules(&self, identity: &Identity, because: Origin) -> PrometheusRule {
        let (outside, to) = (self.outside, To { service: self.service, object: &self.workload.object });
        let mut alert = self.alert().rule(self.cx, &to);
        let why: Vec<Origin> =
            [outside.because].into_iter().chain(outside.status.as_ref().map(Traced::origin)).collect();
        alert.alert = Traced::because(alert.alert.get().clone(), self.cx.tracer.because(NAME, &why));
        alert.hold = text(outside.after);
        alert.labels.insert("severity".into(), outside.alert.map(|alert| Text::Literal(alert.word())));
        let rules = Items::one(outside.role.clone(), because, alert);
        let group = RuleGroup { name: outside.object.clone(), rules };
        PrometheusRule {
            because,
            metadata: identity.metadata_named(outside.object.clone()),
            spec: PrometheusRuleSpec { groups: Items::one("alerts", because, group) },
        }
    }

    fn metric(&self, name: &'static str) -> Expr {
        Expr::Metric(name, vec![Match::Is("job", self.job().get().to_string())])
    }

    /// It fails, or nobody asks any more.
    fn alert(&self) -> Alert {
        let outside = self.outside;
        let (name, failed, wanted) = match outside.status {
            Some(status) => (
                "OutsideStatusDiffers",
                self.metric("probe_http_status_code").op("!=", Expr::Number(u64::from(*status.get()))),
                format!("does not answer {}", status.get()),
            ),
            None => (
                "OutsideCheckFails",
                self.metric("probe_success").op("==", Expr::Number(0)),
                "does not answer as it must".to_owned(),
            ),
        };
        let urls: Vec<String> = outside.urls.iter().map(|url| alerts::escaped(url.get())).collect();
        let mut why = vec![outside.because, outside.path.origin(), outside.object.origin()];
        why.extend(outside.urls.iter().map(Traced::origin));
        why.extend(outside.status.as_ref().map(Traced::origin));
        Alert {
            name,
            hold: "5m",
            severity: "critical",
            expr: failed.op("or", self.metric("probe_success").call("absent")),
            summary: format!("{} {wanted}, asked from outside", urls.join(" or ")),
            action: format!(
                "Ask it yourself with curl -i. If its pods are ready, it is the way there: DNS, the load balancer, the certificate or the \
                 route. See whether they are: kubectl -n {} get pods -l app.kubernetes.io/name={}. Without a label instance nobody \
                 asks: see whether Prometheus selects Probe {} and reaches the blackbox exporter.",
                self.service.namespace.get(),
                self.workload.object.get(),
                outside.object.get()
            ),
            why,
        }
    }
}
