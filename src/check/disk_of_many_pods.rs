//! A disk that one node has at a time, for a workload of several pods.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::spec::workload::{AccessMode, Rollout, WorkloadKind};
use crate::system::{Replicas, Service, Volume, Workload};

pub(super) const CHECK: Check = check!("disk-of-many-pods", Error, One(run));

fn several<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    volume: &Volume,
    pods: &Traced<u32>,
) -> Finding<'c> {
    let path = path_of(service, workload);
    let title = format!(
        "`{path}` may have {} pods, and one node at a time can have its disk `{}`",
        pods.get(),
        volume.name.get()
    );
    let finding = cx
        .find(&CHECK, title)
        .at_key(Origin::spec(volume.table.at), "read and written by the pods of one node")
        .also(pods.origin(), format!("{} pods", pods.get()));
    let finding = match cx.node(pods.origin()) {
        Some(_) => finding,
        None => finding.note(format!(
            "{} is what `{}` gives a workload that says nothing",
            pods.get(),
            cx.environment()
        )),
    };
    finding
        .note("pods on other nodes wait for ever for the disk")
        .help("write `replicas = 1`, or `kind = \"stateful\"` for a disk for each pod, or `access = \"read-write-many\"` if the storage can do that")
}

fn rolled<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    volume: &Volume,
) -> Finding<'c> {
    let path = path_of(service, workload);
    cx.find(
        &CHECK,
        format!("`{path}` is rolled pod by pod, and its disk `{}` can be with one only", volume.name.get()),
    )
    .at(workload.rollout.origin(), "the new pod comes before the old one goes")
    .also_key(Origin::spec(volume.table.at), "one node at a time")
    .note("the new pod waits for the disk that the old one has, and the old one for the new to be ready")
    .help("delete `rollout`: a workload with such a disk is replaced at once")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        if matches!(workload.kind.get(), WorkloadKind::Stateful | WorkloadKind::Cron | WorkloadKind::Job) {
            continue;
        }
        let most = match &workload.replicas {
            Replicas::Fixed(count) => Some(count),
            Replicas::Auto { max, .. } => Some(max),
            Replicas::None(_) => None,
        };
        for volume in workload.volumes.iter().filter(|v| v.is_claim()) {
            if volume
                .table
                .access
                .is_some_and(|a| matches!(a.get(), AccessMode::ReadWriteMany | AccessMode::ReadOnlyMany))
            {
                continue;
            }
            match most {
                Some(pods) if *pods.get() > 1 => found.push(several(cx, (service, workload), volume, pods)),
                _ if *workload.rollout.get() == Rollout::Rolling => {
                    found.push(rolled(cx, (service, workload), volume));
                }
                _ => {}
            }
        }
    }
}
