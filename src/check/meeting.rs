//! When two schedules meet: what runs for a while, and a base backup. Not a check itself.

use crate::value::{Cron, Value};

const DAY: u64 = 24 * 60;
/// Minutes that a base backup is given before something else begins.
const BACKUP: u64 = 60;

/// The schedule of base backups as five fields; none where it cannot be read, or runs so often that it meets everything,
/// and is meant to.
pub(super) fn of_backup(six_fields: &str) -> Option<Cron> {
    let (_, five) = six_fields.split_once(' ')?;
    Cron::parse(five).ok().filter(|schedule| schedule.times().len() <= 4)
}

/// A run and a base backup that meet, in minutes of the day: the backup begins while the run lasts, or the run begins less
/// than an hour after it.
pub(super) fn of(run: &Cron, lasts: u64, backup: &Cron) -> Option<(u64, u64)> {
    let starts: Vec<u64> = backup.times();
    let within =
        |start: &u64, run: u64| (start + DAY - run) % DAY < lasts || (run + DAY - start) % DAY < BACKUP;
    run.times()
        .into_iter()
        .find_map(|run| starts.iter().find(|start| within(start, run)).map(|start| (run, *start)))
}

/// A minute of the day as people say it.
pub(super) fn clock(minute: u64) -> String {
    format!("{}:{:02}", minute / 60, minute % 60)
}
