//! The same thing twice in one list of `uses`.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::system::{Edge, Service, Workload};
use crate::value::Value;

pub(super) const CHECK: Check = check!("duplicate-edge", Error, One(run));

fn twice<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    first: &Edge,
    second: &Edge,
) -> Finding<'c> {
    let title = format!("`{}` uses `{}` twice", path_of(service, workload), second.written.get().text());
    cx.find(&CHECK, title)
        .at(second.written.origin(), "leads to the same")
        .also(first.written.origin(), "used here already")
        .note("an edge gives variables and opens the network once; a second one hides which of them is meant")
        .help("delete one of the two")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        for (index, edge) in workload.edges.iter().enumerate() {
            let same = |other: &&Edge| match edge.target {
                Some(_) => other.target == edge.target,
                None => other.written.get() == edge.written.get(),
            };
            if let Some(first) = workload.edges.iter().take(index).find(same) {
                found.push(twice(cx, (service, workload), first, edge));
            }
        }
    }
}
