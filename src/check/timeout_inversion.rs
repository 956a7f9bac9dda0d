//! A caller that gives up before the one that it calls.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::system::{Edge, Service, Target, Workload};
use crate::value::Value;

pub(super) const CHECK: Check = check!("timeout-inversion", Deny, One(run));

fn inverted<'c>(
    cx: &'c Context<'c>,
    (service, caller): (&Service, &Workload),
    edge: &Edge,
    (theirs, called): (&Service, &Workload),
) -> Finding<'c> {
    let (one, other) = (path_of(service, caller), path_of(theirs, called));
    let (short, long) = (caller.timeout.get().text(), called.timeout.get().text());
    let file = if service.stem == theirs.stem { "" } else { &format!(" of `{}`", theirs.stem) };
    cx.find(&CHECK, format!("`{one}` gives up after {short}, and `{other}`, which it calls, works for up to {long}"))
        .at(caller.timeout.origin(), format!("{short} for the whole request"))
        .also_key(called.timeout.origin(), format!("{long} for the part of it"))
        .also(edge.written.origin(), "calls it")
        .note("the caller answers with an error, and the work goes on without anybody who wants its result; a retry doubles it")
        .help(format!(
            "write a `timeout` of less than `\"{short}\"` below `[workloads.{}]`{file}, or a longer one than `\"{long}\"` below `[workloads.{}]`",
            called.name.get(),
            caller.name.get()
        ))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, caller) in cx.system.workloads().filter(|(_, w)| w.answers()) {
        for edge in &caller.edges {
            let Some(Target::Workload(id)) = edge.target else { continue };
            let Some((theirs, called)) = cx.system.workload(id).filter(|(_, w)| w.answers()) else {
                continue;
            };
            // a default is no promise
            let is_promised = [caller, called].iter().all(|w| cx.node(w.timeout.origin()).is_some());
            if is_promised && caller.timeout.get() < called.timeout.get() {
                found.push(inverted(cx, (service, caller), edge, (theirs, called)));
            }
        }
    }
}
