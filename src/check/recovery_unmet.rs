//! A promise about recovery that what is declared cannot keep.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::system::{Database, Service};
use crate::value::{Duration, Value};

pub(super) const CHECK: Check = check!("recovery-unmet", Error, One(run));

/// The shortest time in which the log is archived, and the time of an upload.
const SHORTEST_RPO: u64 = 120;

fn of_loss<'c>(cx: &'c Context<'c>, service: &Service, database: &Database) -> Option<Finding<'c>> {
    let rpo = database.rpo.as_ref()?;
    let path = noun(service, "databases", database.name.get());
    let written = rpo.get().text();
    let is_promised = service
        .file
        .databases
        .get(database.name.get())
        .and_then(|table| table.value.recovery.as_ref()?.rpo)
        .is_some();
    if is_promised && database.backup.is_none() {
        return Some(
            cx.find(&CHECK, format!("`{path}` promises to lose at most {written}, and is not backed up"))
                .at(rpo.origin(), "the promise")
                .also_key(database.backup_because, "nothing here makes backups")
                .note("standbys repeat a mistaken change at once, so they are no recovery point")
                .help("write a table `backup`, and declare `object_store` below `[platform]`, or delete the promise"),
        );
    }
    (database.backup.is_some() && rpo.get().seconds_ceil() < SHORTEST_RPO).then(|| {
        cx.find(
            &CHECK,
            format!("`{path}` promises to lose at most {written}, which no archive of the log keeps"),
        )
        .at(rpo.origin(), "shorter than an upload")
        .note("a segment of the log is closed at most once a minute, and its upload may take another")
        .help("write `rpo = \"2m\"`, or longer")
    })
}

fn of_time<'c>(cx: &'c Context<'c>, service: &Service, database: &Database) -> Option<Finding<'c>> {
    let rto = database.rto.as_ref()?;
    let path = noun(service, "databases", database.name.get());
    let rate = database.restore_rate.get().bytes().max(1);
    let copy = database.storage.get().bytes().div_ceil(rate);
    let needed = database.detect.get().seconds_ceil().saturating_add(copy);
    if rto.get().seconds_ceil() >= needed {
        return None;
    }
    let text = |seconds: u64| Duration::from_seconds(seconds.next_multiple_of(60)).text().into_owned();
    Some(
        cx.find(
            &CHECK,
            format!(
                "`{path}` promises to work again after {}, and a restore may take {}",
                rto.get().text(),
                text(needed)
            ),
        )
        .at(rto.origin(), "the promise")
        .also(
            database.storage.origin(),
            format!(
                "{} of data at {} a second: {}",
                database.storage.get().text(),
                database.restore_rate.get().text(),
                text(copy)
            ),
        )
        .note(format!(
            "{} pass until somebody decides, and then a full volume is copied back",
            database.detect.get().text()
        ))
        .help(format!("write `rto = \"{}\"`", text(needed)))
        .help("or, where a drill was faster, its figure as `restore_rate`"),
    )
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for database in &service.databases {
            let findings = [of_loss(cx, service, database), of_time(cx, service, database)];
            findings.into_iter().flatten().for_each(|finding| found.push(finding));
        }
    }
}
