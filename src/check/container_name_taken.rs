//! Two containers of one pod with the same name.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::system::{Service, Workload};
use crate::text::Text;

pub(super) const CHECK: Check = check!("container-name-taken", Error, One(run));

fn taken<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    name: &Text,
    (first, second): (Origin, Origin),
) -> Finding<'c> {
    let path = path_of(service, workload);
    cx.find(&CHECK, format!("two containers of `{path}` are called `{name}`"))
        .at_key(second, "the second")
        .also_key(
            first,
            if first == Origin::spec(workload.at) {
                "the program itself has the workload's name"
            } else {
                "the first"
            },
        )
        .note("the API refuses the pod: logs, probes and commands find a container by its name")
        .help("give one of them another name")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let mut seen = vec![(workload.name.get(), Origin::spec(workload.at))];
        for container in workload.containers() {
            let name = container.name.get();
            match seen.iter().find(|(other, _)| *other == name) {
                Some((_, first)) => {
                    found.push(taken(cx, (service, workload), name, (*first, container.because)));
                }
                None => seen.push((name, container.because)),
            }
        }
    }
}
