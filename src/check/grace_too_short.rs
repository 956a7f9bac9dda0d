//! A grace period that ends before the work does.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::system::{Service, Workload};
use crate::value::Duration;

pub(super) const CHECK: Check = check!("grace-too-short", Error, One(run));

/// The wait before the process is told to stop, and where it is written.
fn wait(workload: &Workload) -> (u64, Option<Origin>) {
    match &workload.pre_stop {
        Some(hook) => match &hook.sleep {
            Some(sleep) => (sleep.get().seconds_ceil(), Some(sleep.origin())),
            None => (0, None),
        },
        None => (if workload.is_serving() { 5 } else { 0 }, None),
    }
}

fn too_short<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    grace: &Traced<Duration>,
    needed: u64,
) -> Finding<'c> {
    let path = path_of(service, workload);
    let title = format!("the pods of `{path}` are killed before they have finished their work");
    let finding = cx
        .find(&CHECK, title)
        .at(grace.origin(), format!("less than {needed} s"))
        .also(workload.drain.origin(), "time to finish work");
    let finding = match wait(workload).1 {
        Some(at) => finding.also(at, "the wait before that counts too"),
        None => finding,
    };
    finding
        .note(format!(
            "from the request to stop they wait {} s and then may work for `drain`",
            wait(workload).0
        ))
        .help("delete `grace`, which follows from both, or make it longer, or `drain` shorter")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let Some(grace) = workload.pod.as_ref().and_then(|pod| pod.grace.as_ref()) else { continue };
        let needed = wait(workload).0.saturating_add(workload.drain.get().seconds_ceil());
        if grace.get().seconds_ceil() < needed {
            found.push(too_short(cx, (service, workload), grace, needed));
        }
    }
}
