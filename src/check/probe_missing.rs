//! A worker that nobody can ask whether it works.

use super::context::{Finding, path_of, written};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::workload::WorkloadKind;
use crate::system::{Service, Workload};

pub(super) const CHECK: Check = check!("probe-missing", Warn, One(run));

fn no_probe<'c>(cx: &'c Context<'c>, service: &Service, workload: &Workload) -> Finding<'c> {
    let (path, name) = (path_of(service, workload), workload.name.get());
    cx.find(&CHECK, format!("`{path}` has no port to ask it for its health on"))
        .at_key(Origin::spec(workload.at), "no `port`")
        .note("a worker that hangs keeps running and does nothing, and a broken version is rolled out to all pods")
        .help(format!(
            "serve `/livez` and `/readyz` in the worker and write `port = 9090` below `[workloads.{name}]`"
        ))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        // health without a port is an error of its own
        let asks = written(service, workload).is_some_and(|table| table.health.is_some());
        if *workload.kind.get() == WorkloadKind::Worker && workload.health.is_err() && !asks {
            found.push(no_probe(cx, service, workload));
        }
    }
}
