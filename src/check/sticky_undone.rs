//! Callers that shall come back to the same pod, and cannot.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::system::{Replicas, Workload};

pub(super) const CHECK: Check = check!("sticky-undone", Warn, One(run));

/// What undoes it, with what to say there.
fn undone(workload: &Workload) -> Vec<(Origin, &'static str)> {
    let mut all = Vec::new();
    all.extend(workload.routes.first().map(|route| {
        (route.because, "the Gateway or the ingress controller chooses a pod by itself, past the Service")
    }));
    if let Replicas::Auto { max, .. } = &workload.replicas {
        all.push((max.origin(), "pods that an autoscaler takes away take their callers' sessions along"));
    }
    all
}

fn finding<'c>(
    cx: &'c Context<'c>,
    of: &str,
    sticky: &Traced<bool>,
    why: &[(Origin, &'static str)],
) -> Finding<'c> {
    let finding = cx
        .find(&CHECK, format!("`{of}` is sticky, and its callers do not always come back to the same pod"))
        .at(sticky.origin(), "by the caller's address, for three hours");
    why.iter()
        .fold(finding, |finding, (at, label)| finding.also_key(*at, *label))
        .note("what a program keeps in memory for a caller is lost at every rollout too")
        .help("keep sessions in a cache or a database, so that any pod can answer, and delete `sticky`")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let path = path_of(service, workload);
        let own = workload.service.iter().map(|settings| ("service".to_owned(), settings));
        let further = workload.services.iter().map(|(name, e)| (format!("services.{name}"), &e.value));
        for (key, settings) in own.chain(further) {
            let why = undone(workload);
            if let Some(sticky) = settings.sticky.filter(|sticky| *sticky.get() && !why.is_empty()) {
                found.push(finding(cx, &format!("{path}.{key}"), &sticky, &why));
            }
        }
    }
}
