//! A drill that runs while the backup is made.

use std::collections::BTreeSet;

use super::context::noun;
use super::meeting::{self, clock};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::system::database::DRILL_REMOVAL;

pub(super) const CHECK: Check = check!("drill-meets-backup", Warn, One(run));

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        // shards are moved within the hour alike, so that one of them mostly says it for all
        let mut told = BTreeSet::new();
        for database in &service.databases {
            let (Some(drill), Some(backup)) = (&database.drill, &database.backup) else { continue };
            let lasts = drill.timeout.get().seconds_ceil().saturating_add(DRILL_REMOVAL).div_ceil(60);
            let Some(schedule) = meeting::of_backup(backup.schedule.get()) else { continue };
            let Some((at, start)) = meeting::of(drill.schedule.get(), lasts, &schedule) else { continue };
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
