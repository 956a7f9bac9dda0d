//! One path for liveness and readiness.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::system::workload::Health;
use crate::system::{Service, Workload};

pub(super) const CHECK: Check = check!("liveness-equals-readiness", Warn, One(run));

fn same_path<'c>(
    cx: &'c Context<'c>,
    service: &Service,
    workload: &Workload,
    health: &Health,
) -> Finding<'c> {
    let (path, live) = (path_of(service, workload), health.live.get());
    cx.find(&CHECK, format!("`{path}` asks `{live}` both whether it lives and whether it is ready"))
        .at(health.live.origin(), "a failure restarts the process")
        .at(health.ready.origin(), "the path that restarts the process as well")
        .also(health.ready.origin(), "a failure only keeps requests away")
        .note("if the path checks a database, an outage of the database restarts every pod on top of it")
        .help("give liveness a path that checks nothing outside of the process: `health = { live = \"/livez\", ready = \"/readyz\" }`")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        match &workload.health {
            Ok(health) if health.live.get() == health.ready.get() => {
                found.push(same_path(cx, service, workload, health));
            }
            _ => {}
        }
    }
}
