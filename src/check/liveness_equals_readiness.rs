//! One path for liveness and readiness.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::system::{Question, Service, Workload};
use crate::text::Text;

pub(super) const CHECK: Check = check!("liveness-equals-readiness", Warn, One(run));

fn same_path<'c>(
    cx: &'c Context<'c>,
    service: &Service,
    workload: &Workload,
    (live, ready): (&Traced<Text>, &Traced<Text>),
) -> Finding<'c> {
    let path = path_of(service, workload);
    cx.find(&CHECK, format!("`{path}` asks `{}` both whether it lives and whether it is ready", live.get()))
        .at(live.origin(), "a failure restarts the process")
        .at(ready.origin(), "the path that restarts the process as well")
        .also(ready.origin(), "a failure only keeps requests away")
        .note("if the path checks a database, an outage of the database restarts every pod on top of it")
        .help("give liveness a path that checks nothing outside of the process: `health = { live = \"/livez\", ready = \"/readyz\" }`")
}

/// The path of a probe that asks by a GET.
fn path(question: &Result<Question, Origin>) -> Option<&Traced<Text>> {
    question.as_ref().ok()?.path()
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let Ok(health) = &workload.health else { continue };
        if let Some(paths) = path(&health.live).zip(path(&health.ready))
            && paths.0.get() == paths.1.get()
        {
            found.push(same_path(cx, service, workload, paths));
        }
    }
}
