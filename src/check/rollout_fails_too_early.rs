//! A rollout that counts as failed before its pods can be ready.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::Traced;
use crate::spec::workload::WorkloadKind;
use crate::system::{Service, Workload};
use crate::value::Duration;

pub(super) const CHECK: Check = check!("rollout-fails-too-early", Error, One(run));

/// Seconds that a new pod must stay ready unless the spec says otherwise.
const MIN_READY: u64 = 10;

fn too_early<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    deadline: &Traced<Duration>,
    needed: u64,
) -> Finding<'c> {
    let path = path_of(service, workload);
    let title = format!("a rollout of `{path}` counts as failed before a pod that starts slowly is ready");
    let finding = cx.find(&CHECK, title).at(deadline.origin(), format!("a start may take {needed} s"));
    let finding = match &workload.health {
        Ok(health) => finding.also(health.startup.origin(), "time that a start may take"),
        Err(_) => finding,
    };
    finding
        .note("a pod may take `startup` to start and must then stay ready for `min_ready`")
        .help("delete `deadline`, which follows from both, or make it longer")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let is_rolled =
            matches!(workload.kind.get(), WorkloadKind::Http | WorkloadKind::Grpc | WorkloadKind::Worker);
        let Some(rolling) = workload.rolling.as_ref().filter(|_| is_rolled) else { continue };
        let Some(deadline) = &rolling.deadline else { continue };
        let startup = workload.health.as_ref().map_or(0, |health| health.startup.get().seconds_ceil());
        let ready = rolling.min_ready.as_ref().map_or(MIN_READY, |ready| ready.get().seconds_ceil());
        let needed = startup.saturating_add(ready);
        if deadline.get().seconds_ceil() <= needed {
            found.push(too_early(cx, (service, workload), deadline, needed));
        }
    }
}
