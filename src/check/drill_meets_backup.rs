//! A drill that runs while the backup is made.

use std::collections::BTreeSet;

use super::context::noun;
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::system::database::DRILL_REMOVAL;
use crate::value::{Cron, Value};

pub(super) const CHECK: Check = check!("drill-meets-backup", Warn, One(run));

const DAY: u64 = 24 * 60;
/// Minutes that a base backup is given before a drill begins.
const BACKUP: u64 = 60;

/// The backup that begins while a drill lasts, or that a drill follows too soon; both in minutes of the day.
fn meets(drill: &Cron, lasts: u64, backup: &Cron) -> Option<(u64, u64)> {
    let starts: Vec<u64> = backup.times();
    let within =
        |start: &u64, drill: u64| (start + DAY - drill) % DAY < lasts || (drill + DAY - start) % DAY < BACKUP;
    drill
        .times()
        .into_iter()
        .find_map(|drill| starts.iter().find(|start| within(start, drill)).map(|start| (drill, *start)))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        // shards are moved within the hour alike, so that one of them mostly says it for all
        let mut told = BTreeSet::new();
        for database in &service.databases {
            let (Some(drill), Some(backup)) = (&database.drill, &database.backup) else { continue };
            let lasts = drill.timeout.get().seconds_ceil().saturating_add(DRILL_REMOVAL).div_ceil(60);
            // six fields, seconds first
            let Some(five) = backup.schedule.get().split_once(' ').map(|(_, five)| five) else { continue };
            let Ok(schedule) = Cron::parse(five) else { continue };
            // backups at all hours meet every drill, and are meant to
            let is_seldom = schedule.times().len() <= 4;
            let Some((at, start)) = meets(drill.schedule.get(), lasts, &schedule).filter(|_| is_seldom)
            else {
                continue;
            };
            let clock = |minute: u64| format!("{}:{:02}", minute / 60, minute % 60);
            if !told.insert(database.name.get()) {
                continue;
            }
            let path = noun(service, "databases", database.stack.get());
            let title =
                format!("a drill of `{path}` at {} meets the base backup of {}", clock(at), clock(start));
            found.push(
                cx.find(&CHECK, title)
                    .at(drill.schedule.origin(), format!("may last {lasts} minutes"))
                    .also(backup.schedule.origin(), "the base backup")
                    .also_key(Origin::spec(database.at), "the base backup, at half past midnight unless `schedule` says otherwise")
                    .note("both read the same disks and the same store, so each takes longer, and the time of the drill says little")
                    .help("let the drill begin an hour after the backup or later, and end before the next"),
            );
        }
    }
}
