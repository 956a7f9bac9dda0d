//! A label of a pod or of the object that runs it that specc sets itself.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::system::{Service, Workload};

pub(super) const CHECK: Check = check!("pod-label-taken", Error, One(run));

/// The labels that specc sets on every pod.
const TAKEN: [&str; 5] = [
    "app.kubernetes.io/component",
    "app.kubernetes.io/instance",
    "app.kubernetes.io/managed-by",
    "app.kubernetes.io/name",
    "app.kubernetes.io/part-of",
];

fn taken<'c>(
    cx: &'c Context<'c>,
    service: &Service,
    workload: &Workload,
    (key, at): (&str, Origin),
) -> Finding<'c> {
    cx.find(&CHECK, format!("`{}` has the label `{key}` already", path_of(service, workload)))
        .at_key(at, "set by specc")
        .note("Services, policies and budgets find pods and objects by labels; another value would hide them")
        .help("choose another key, such as one with your own domain")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let pod = workload.pod.iter().flat_map(|pod| pod.labels.iter());
        for (key, entry) in pod.chain(workload.labels.iter()).filter(|(key, _)| TAKEN.contains(&key.as_str()))
        {
            found.push(taken(cx, service, workload, (key, entry.key.origin())));
        }
    }
}
