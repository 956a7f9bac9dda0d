//! People try out a recovery while the backup is made, or a drill runs.

use super::context::noun;
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::system::rehearsal::{LASTS, Rehearsal};
use crate::value::{Cron, Value};

pub(super) const CHECK: Check = check!("recovery-test-meets-backup", Warn, One(run));

const DAY: u64 = 24 * 60;
/// Minutes that a base backup or a drill is given before a test begins.
const BEFORE: u64 = 60;

/// The minute of the day at which one begins while the test lasts, or too short a time before it.
fn meets(rehearsal: &Rehearsal, schedule: &Cron) -> Option<u64> {
    let (Ok(test), Ok(lasts)) = (u64::try_from(rehearsal.minute), u64::try_from(LASTS)) else { return None };
    let times = schedule.times();
    // what runs at all hours meets everything, and is meant to
    let within = |start: &u64| (start + DAY - test) % DAY < lasts || (test + DAY - start) % DAY < BEFORE;
    times.iter().copied().find(within).filter(|_| times.len() <= 4)
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for rehearsal in cx.system.rehearsals() {
        for (service, database) in cx.system.rehearsed(rehearsal.kind) {
            let backup = database.backup.as_ref().and_then(|backup| {
                let five = backup.schedule.get().split_once(' ').map(|(_, five)| five)?;
                Some(("base backup", Cron::parse(five).ok()?, backup.schedule.origin()))
            });
            let drill = database
                .drill
                .as_ref()
                .map(|drill| ("drill", drill.schedule.get().clone(), drill.schedule.origin()));
            for (what, schedule, origin) in backup.into_iter().chain(drill) {
                let Some(start) = meets(&rehearsal, &schedule) else { continue };
                let clock = |minute: u64| format!("{}:{:02}", minute / 60, minute % 60);
                let test = u64::try_from(rehearsal.minute).unwrap_or(0);
                let path = noun(service, "databases", database.name.get());
                let title = format!(
                    "people try out `{}` of `{path}` at {}, and its {what} begins at {}",
                    rehearsal.kind.word(),
                    clock(test),
                    clock(start)
                );
                found.push(
                    cx.find(&CHECK, title)
                        .at(rehearsal.because, format!("takes {} hours, all in UTC", LASTS / 60))
                        .also(origin, format!("the {what}"))
                        .also_key(Origin::spec(database.at), format!("its {what}"))
                        .note(format!("the primary moves while the {what} runs, which then fails or says little about the time that it took"))
                        .help("write another hour in `from`: an hour after the one and two hours before the next"),
                );
            }
        }
    }
}
