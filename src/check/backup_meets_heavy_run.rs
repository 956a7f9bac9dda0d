//! A base backup that is made while a heavy run works on the same database.

use std::collections::BTreeSet;

use super::context::{noun, path_of, written};
use super::meeting::{self, clock};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::system::{Database, Workload};
use crate::value::{TimeZone, Value};

pub(super) const CHECK: Check = check!("backup-meets-heavy-run", Warn, One(run));

/// Whether its clock is that of the backups. Other zones move against it twice a year, so nothing is said of them.
fn is_universal(workload: &Workload) -> bool {
    let zone = workload.timezone.get().as_str();
    zone == TimeZone::UTC.as_str()
        || ["UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu", "Etc/GMT"].contains(&zone)
}

fn uses(workload: &Workload, database: &Database) -> bool {
    database.callers.iter().any(|caller| caller.object.get() == workload.object.get())
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads().filter(|(_, workload)| is_universal(workload)) {
        let heavy = written(service, workload).and_then(|table| table.run.as_ref()?.heavy);
        let Some(heavy) = heavy.filter(|heavy| *heavy.get()) else { continue };
        let Some(schedule) = &workload.schedule else { continue };
        // of the shards of a database the first that it meets says it for all
        let mut told = BTreeSet::new();
        for database in service.databases.iter().filter(|database| uses(workload, database)) {
            let Some(backup) = &database.backup else { continue };
            let Some(backups) = meeting::of_backup(backup.schedule.get()) else { continue };
            let lasts = workload.deadline.get().seconds_ceil().div_ceil(60);
            let Some((at, start)) = meeting::of(schedule.get(), lasts, &backups) else { continue };
            if !told.insert(database.name.get()) {
                continue;
            }
            let (path, database_path) =
                (path_of(service, workload), noun(service, "databases", database.stack.get()));
            let title = format!(
                "a heavy run of `{path}` at {} meets the base backup of `{database_path}` at {}",
                clock(at),
                clock(start)
            );
            found.push(
                cx.find(&CHECK, title)
                    .at(schedule.origin(), format!("may last {lasts} minutes"))
                    .also(heavy.origin(), "says that it is heavy")
                    .also(workload.deadline.origin(), format!("lets it last {}", workload.deadline.get().text()))
                    .also(backup.schedule.origin(), "the base backup")
                    .also_key(
                        Origin::spec(database.at),
                        "the base backup, at half past midnight unless `schedule` says otherwise",
                    )
                    .note("a base backup reads the whole volume: both take longer, and so do all who wait for the database")
                    .help("let the run begin an hour after the backup or later, and end before the next"),
            );
        }
    }
}
