//! A production workload that may run with one pod.

use super::context::{Finding, path_of, written};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::spec::environment::Tier;
use crate::spec::workload::{Rollout, WorkloadKind};
use crate::system::{Service, Workload};

pub(super) const CHECK: Check = check!("single-replica-in-prod", Deny, One(run));

fn single<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    fewest: Traced<u32>,
) -> Finding<'c> {
    let title = format!(
        "`{}` may run with a single pod in `{}`, an environment of tier prod",
        path_of(service, workload),
        cx.environment()
    );
    cx.find(&CHECK, title)
        .at(fewest.origin(), "one pod")
        .at_key(Origin::spec(workload.at), "one pod")
        .also(cx.system.environment.tier.origin(), "serves users")
        .note("each drain of its node, and each crash, is an outage")
        .help("write 2 or more, or delete the line: prod's default is at least 3")
        .maybe_help((*workload.kind.get() == WorkloadKind::Worker).then(|| {
            "or, if there must never be two, say so: `replicas = 1` and `rollout = \"recreate\"`".to_owned()
        }))
}

/// Whether the spec says that there must never be two: such as a process that puts others' work into a queue.
fn must_be_alone(service: &Service, workload: &Workload) -> bool {
    let Some(table) = written(service, workload) else { return false };
    *workload.kind.get() == WorkloadKind::Worker
        && table.replicas.is_some()
        && table.rollout.is_some_and(|rollout| *rollout.get() == Rollout::Recreate)
}

fn run(cx: &Context<'_>, found: &mut Found) {
    if !cx.is_tier(Tier::Prod) {
        return;
    }
    for (service, workload) in cx.system.workloads() {
        if must_be_alone(service, workload) {
            continue;
        }
        if let Some(fewest) = workload.replicas.fewest().filter(|fewest| *fewest.get() == 1) {
            found.push(single(cx, (service, workload), *fewest));
        }
    }
}
