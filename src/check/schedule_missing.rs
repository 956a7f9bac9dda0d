//! A scheduled workload without a schedule.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::workload::WorkloadKind;
use crate::system::{Service, Workload};

pub(super) const CHECK: Check = check!("schedule-missing", Error, One(run));

fn no_schedule<'c>(cx: &'c Context<'c>, service: &Service, workload: &Workload) -> Finding<'c> {
    cx.find(&CHECK, format!("`{}` is a `cron` without a `schedule`", path_of(service, workload)))
        .at_key(Origin::spec(workload.at), "when shall it run?")
        .also(workload.kind.origin(), "runs on a schedule")
        .help(format!(
            "write `schedule = \"15 4 * * *\"` below `[workloads.{}]`: minute, hour, day, month, day of the week",
            workload.name.get()
        ))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        if *workload.kind.get() == WorkloadKind::Cron && workload.schedule.is_none() {
            found.push(no_schedule(cx, service, workload));
        }
    }
}
