//! A worker that nobody can ask whether it works, and a server that nobody asks whether requests are welcome.

use super::context::{Finding, path_of, written};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::spec::workload::{ProbeKind, WorkloadKind};
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

fn not_asked<'c>(
    cx: &'c Context<'c>,
    service: &Service,
    workload: &Workload,
    off: &Traced<ProbeKind>,
) -> Finding<'c> {
    cx.find(&CHECK, format!("nobody asks `{}` whether requests are welcome", path_of(service, workload)))
        .at(off.origin(), "no readiness")
        .note("its Service sends requests to pods that still start, and a rollout goes on although the new version answers nothing")
        .help("ask for readiness: by a path, `health = { ready = \"/readyz\" }`, or at least by `health.readiness.probe = \"tcp\"`")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        // health without a port is an error of its own
        let asks = written(service, workload).is_some_and(|table| table.health.is_some());
        if *workload.kind.get() == WorkloadKind::Worker && workload.health.is_err() && !asks {
            found.push(no_probe(cx, service, workload));
        }
        let of_none = |probe: &Traced<ProbeKind>| *probe.get() == ProbeKind::None;
        let health = written(service, workload).and_then(|table| table.health.as_ref());
        let own = health.and_then(|health| health.readiness.as_ref()).and_then(|own| own.probe);
        let off = own.or(health.and_then(|health| health.probe)).filter(of_none);
        if let Some(off) = off.filter(|_| workload.is_serving()) {
            found.push(not_asked(cx, service, workload, &off));
        }
    }
}
