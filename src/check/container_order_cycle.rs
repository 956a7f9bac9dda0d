//! Containers that wait for each other.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::system::{Container, Service, Workload};

pub(super) const CHECK: Check = check!("container-order-cycle", Error, One(run));

fn cycle<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    (table, container): (&str, &Container),
) -> Finding<'c> {
    let (path, name) = (path_of(service, workload), container.name.get());
    let at = container.after.first().map_or(container.because, crate::origin::Traced::origin);
    cx.find(&CHECK, format!("`{path}.{table}.{name}` waits for itself"))
        .at(at, "leads back to where it began")
        .note("containers start one after the other, so each must come before or after another")
        .help("delete one of the names in `after`")
}

/// Whether `start` is reached from itself along `after`.
fn reaches_itself(start: &Container, all: &[Container]) -> bool {
    let mut reached: Vec<&str> = start.after.iter().map(|name| name.get().as_str()).collect();
    let mut next = 0;
    while let Some(name) = reached.get(next).copied() {
        let further = all.iter().filter(|c| c.name.get() == name).flat_map(|c| &c.after);
        for name in further.map(|name| name.get().as_str()) {
            if !reached.contains(&name) {
                reached.push(name);
            }
        }
        next += 1;
    }
    reached.contains(&start.name.get().as_str())
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        for (table, containers) in [("sidecars", &workload.sidecars), ("init", &workload.init)] {
            for container in containers.iter().filter(|c| reaches_itself(c, containers)) {
                found.push(cycle(cx, (service, workload), (table, container)));
            }
        }
    }
}
