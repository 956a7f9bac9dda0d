//! A workload that uses itself.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::system::{Edge, Service, Target, Workload};

pub(super) const CHECK: Check = check!("self-edge", Error, One(run));

fn itself<'c>(cx: &'c Context<'c>, service: &Service, workload: &Workload, edge: &Edge) -> Finding<'c> {
    cx.find(&CHECK, format!("`{}` uses itself", path_of(service, workload)))
        .at(edge.written.origin(), "leads back to where it begins")
        .also_key(Origin::spec(workload.at), "this workload")
        .note("a request that a pod sends to its own Service waits for a pod of the same kind, and can block them all")
        .help("call the function inside of the program, and delete the item from `uses`")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        for edge in &workload.edges {
            let Some(Target::Workload(id)) = edge.target else { continue };
            if cx.system.workload(id).is_some_and(|(_, target)| std::ptr::eq(target, workload)) {
                found.push(itself(cx, service, workload, edge));
            }
        }
    }
}
