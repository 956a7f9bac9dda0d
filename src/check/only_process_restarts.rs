//! A process that is replaced after some requests, with no other beside it.

use super::context::{Finding, path_of, written};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::spec::workload::Load;
use crate::system::{Service, Workload};

pub(super) const CHECK: Check = check!("only-process-restarts", Error, One(run));

fn alone<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    requests: &Traced<Load>,
) -> Finding<'c> {
    let (path, name) = (path_of(service, workload), workload.name.get());
    let finding = cx
        .find(&CHECK, format!("the only process of `{path}` ends after {} requests", requests.get().get()))
        .at(requests.origin(), "then it is replaced");
    let finding = match cx.node(workload.workers.origin()) {
        Some(_) => finding.also(workload.workers.origin(), "one process"),
        None => finding.also_key(Origin::spec(workload.at), "one process, since `workers` says nothing"),
    };
    finding
        .note("nobody answers until the next one has started; with one process the server itself ends, and Kubernetes counts a crash")
        .help(format!("write `workers = 2` or more below `[workloads.{name}]`, or delete `max_requests`"))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let server = written(service, workload).and_then(|table| table.server.as_ref());
        let requests = server.and_then(|server| server.max_requests.as_ref());
        if let Some(requests) = requests.filter(|_| *workload.workers.get() == 1) {
            found.push(alone(cx, (service, workload), requests));
        }
    }
}
