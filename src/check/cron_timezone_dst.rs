//! A schedule in an hour that a change of clocks skips or repeats.

mod zones;

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::Traced;
use crate::system::{Service, Workload};
use crate::value::Cron;

pub(super) const CHECK: Check = check!("cron-timezone-dst", Warn, One(run));

fn clocks_change<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    schedule: &Traced<Cron>,
    hour: u8,
) -> Finding<'c> {
    let (path, zone) = (path_of(service, workload), workload.timezone.get());
    let title = format!("`{path}` is due in an hour that `{zone}` skips or repeats twice a year");
    cx.find(&CHECK, title)
        .at(schedule.origin(), format!("runs between {hour}:00 and {hour}:59"))
        .also(workload.timezone.origin(), "clocks change in this zone")
        .note(
            "on the night when clocks go forward the run is left out, and when they go back it may run twice",
        )
        .help("move it to an hour that every day has once, or write `timezone = \"Etc/UTC\"`")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let Some(schedule) = &workload.schedule else { continue };
        let changing = zones::changing_hours(workload.timezone.get());
        // a schedule that runs in every hour loses or gains one run of many
        if schedule.get().hours().count() == 24 {
            continue;
        }
        if let Some(hour) = schedule.get().hours().find(|hour| changing.contains(hour)) {
            found.push(clocks_change(cx, (service, workload), schedule, hour));
        }
    }
}
