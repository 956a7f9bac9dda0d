//! Less time to finish work than the work may take.

use super::context::{Call, Finding, noun, path_of};
use super::{Check, Context, Found};
use crate::spec::workload::WorkloadKind;
use crate::system::{Service, Workload};
use crate::value::{Duration, Value};

pub(super) const CHECK: Check = check!("drain-below-timeout", Deny, One(run));

const WHY: &str =
    "with each rollout and each node that is drained, what takes longer is cut off in the middle";

fn request_cut<'c>(cx: &'c Context<'c>, service: &Service, workload: &Workload) -> Finding<'c> {
    let (drain, timeout) = (workload.drain.get().text(), workload.timeout.get().text());
    let path = path_of(service, workload);
    cx.find(&CHECK, format!("`{path}` has {drain} to finish requests that may take {timeout}"))
        .at(workload.drain.origin(), format!("less than {timeout}"))
        .also(workload.timeout.origin(), "the longest request that it promises to finish")
        .note(WHY)
        .help("delete `drain`, which is `timeout` unless it is written")
        .help(format!("or promise less: `timeout = \"{drain}\"`"))
}

fn call_cut<'c>(cx: &'c Context<'c>, call: &Call<'_>) -> Finding<'c> {
    let (workload, external) = (call.workload, call.external);
    let (drain, worst) = (workload.drain.get().text(), Duration::from_millis(external.patience().worst()));
    let (path, called) =
        (path_of(call.service, workload), noun(call.service, "externals", external.name.get()));
    let needed = Duration::from_seconds(worst.seconds_ceil());
    cx.find(
        &CHECK,
        format!(
            "`{path}` has {drain} to finish work in which a call of `{called}` may take {}",
            worst.text()
        ),
    )
    .at(workload.drain.origin(), format!("less than {}", worst.text()))
    .at(call.edge.written.origin(), format!("may take {}", worst.text()))
    .also(external.timeout.origin(), format!("{} = {}", external.patience().worst_terms(), worst.text()))
    .note(WHY)
    .help(format!(
        "write `drain = \"{}\"` or more below `[workloads.{}]`",
        needed.text(),
        workload.name.get()
    ))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads().filter(|(_, workload)| workload.answers()) {
        // a default is no promise
        let is_promised = cx.node(workload.timeout.origin()).is_some();
        if is_promised && workload.drain.get() < workload.timeout.get() {
            found.push(request_cut(cx, service, workload));
        }
    }
    for call in cx.calls().iter().filter(|call| *call.workload.kind.get() == WorkloadKind::Worker) {
        if call.external.patience().worst() > call.workload.drain.get().millis() {
            found.push(call_cut(cx, call));
        }
    }
}
