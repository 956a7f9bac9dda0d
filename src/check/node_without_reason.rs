//! A part of the node that a pod takes, and nobody says why.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::system::{Service, Workload};

pub(super) const CHECK: Check = check!("node-without-reason", Error, One(run));

fn unsaid<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    (what, at): (String, Origin),
) -> Finding<'c> {
    let (path, name) = (path_of(service, workload), workload.name.get());
    cx.find(&CHECK, format!("`{path}` {what}, and no reason is given"))
        .at(at, "a part of the node")
        .note("who breaks into the pod has that part of the node as well, with what other pods keep there")
        .help(format!(
            "write the reason: `[workloads.{name}.pod.security]` with `reason = \"reads the node's metrics\"`"
        ))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        if workload.security().is_none() {
            workload.of_node().for_each(|part| found.push(unsaid(cx, (service, workload), part)));
        }
    }
}
