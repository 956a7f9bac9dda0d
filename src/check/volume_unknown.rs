//! A container that mounts a volume which the workload does not have, or waits for a container that there is not.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::diagnostic::suggest::nearest;
use crate::origin::Traced;
use crate::system::{Service, Workload};
use crate::text::Text;

pub(super) const CHECK: Check = check!("volume-unknown", Error, One(run));

fn unknown<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    what: &str,
    (of, name): (&Traced<Text>, &Traced<Text>),
    known: &[&str],
) -> Finding<'c> {
    let (path, of) = (path_of(service, workload), of.get());
    let near = nearest(name.get(), known.iter().copied());
    let help = near.map_or_else(
        || format!("declare it: `[workloads.{}.{what}s.{}]`", workload.name.get(), name.get()),
        |near| format!("did you mean `{near}`?"),
    );
    cx.find(
        &CHECK,
        format!("the container `{of}` of `{path}` names a {what} `{}`, which there is not", name.get()),
    )
    .at(name.origin(), format!("no {what} of this name"))
    .help(help)
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let volumes: Vec<&str> = workload.volumes.iter().map(|v| v.name.get().as_str()).collect();
        let own = workload.mounts.iter().map(|mount| (&workload.name, mount));
        let further = workload.containers().flat_map(|c| c.mounts.iter().map(|mount| (&c.name, mount)));
        for (container, mount) in own.chain(further) {
            if !volumes.contains(&mount.volume.get().as_str()) {
                found.push(unknown(cx, (service, workload), "volume", (container, &mount.volume), &volumes));
            }
        }
        for (table, containers) in [("sidecar", &workload.sidecars), ("init container", &workload.init)] {
            let names: Vec<&str> = containers.iter().map(|c| c.name.get().as_str()).collect();
            for container in containers {
                for after in container.after.iter().filter(|name| !names.contains(&name.get().as_str())) {
                    found.push(unknown(cx, (service, workload), table, (&container.name, after), &names));
                }
            }
        }
    }
}
