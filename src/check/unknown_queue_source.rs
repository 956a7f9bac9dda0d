//! An autoscaler that asks a database which the service does not have.

use super::context::{Finding, listed, path_of};
use super::{Check, Context, Found};
use crate::diagnostic::suggest::nearest;
use crate::spec::workload::Queue;
use crate::system::{Replicas, Service, Workload};
use crate::value::Value;

pub(super) const CHECK: Check = check!("unknown-queue-source", Error, One(run));

fn unknown<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    queue: &Queue,
) -> Finding<'c> {
    let (path, name) = (path_of(service, workload), queue.database.get().text().into_owned());
    let known: Vec<&str> = service.databases.iter().map(|d| d.name.get().as_str()).collect();
    let finding = cx
        .find(
            &CHECK,
            format!("`{path}` scales by the database `{name}`, which `{}` does not have", service.stem),
        )
        .at(queue.database.origin(), "no database of this name");
    if let Some(managed) = service.managed.iter().find(|managed| *managed.name.get() == *name) {
        return finding
            .also(managed.host.origin(), "run by others: KEDA has no account there")
            .help("scale by `cpu` or `rps`, or let CloudNativePG run the database");
    }
    match nearest(&name, known.iter().copied()) {
        Some(near) => finding.help(format!("did you mean `\"{near}\"`?")),
        None if known.is_empty() => finding.help(format!("declare `[databases.{name}]`")),
        None => finding.help(format!("write one of {}", listed(&known))),
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        if let Replicas::Auto { targets, .. } = &workload.replicas
            && let Some(queue) = &targets.queue
            && !service.databases.iter().any(|d| *d.name.get() == *queue.database.get().text())
        {
            found.push(unknown(cx, (service, workload), queue));
        }
    }
}
