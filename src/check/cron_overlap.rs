//! A scheduled run that may last longer than the time to the next one.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::Traced;
use crate::system::{Service, Workload};
use crate::value::{Cron, Duration};

pub(super) const CHECK: Check = check!("cron-overlap", Deny, One(run));

fn overlap<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    schedule: &Traced<Cron>,
    minutes: u64,
) -> Finding<'c> {
    let path = path_of(service, workload);
    let (deadline, every) = (workload.deadline.get(), Duration::from_seconds(minutes * 60));
    let title = format!("`{path}` is due again after {every}, and one run may take {deadline}");
    let finding = cx.find(&CHECK, title);
    let finding = match cx.node(workload.deadline.origin()) {
        Some(_) => finding
            .at(workload.deadline.origin(), format!("a run may take {deadline}"))
            .also(schedule.origin(), format!("due again after {every}")),
        None => finding
            .at(schedule.origin(), format!("due again after {every}"))
            .note(format!("without a `deadline` a run may take {deadline}")),
    };
    finding
        .note(
            "a run that is due while another is going is skipped, so a slow run silently costs the next one",
        )
        .help(format!("write `deadline = \"{every}\"` or less below `[workloads.{}]`", workload.name.get()))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let Some(schedule) = &workload.schedule else { continue };
        let Some(minutes) = schedule.get().min_interval() else { continue };
        if workload.deadline.get().seconds_ceil() > minutes * 60 {
            found.push(overlap(cx, (service, workload), schedule, minutes));
        }
    }
}
