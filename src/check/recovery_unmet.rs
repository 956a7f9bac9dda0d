//! A promise about recovery that what is declared cannot keep.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::origin::Traced;
use crate::spec::database::Durability;
use crate::system::{Database, Service};
use crate::value::{Duration, Value};

pub(super) const CHECK: Check = check!("recovery-unmet", Error, One(run));

/// The shortest time in which the log is archived, and the time of an upload.
const SHORTEST_RPO: u64 = 120;
/// The time of an upload.
const UPLOAD: u64 = 60;

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
    database.backup.as_ref()?;
    if rpo.get().seconds_ceil() < SHORTEST_RPO {
        return Some(too_short(cx, &path, rpo, database));
    }
    let closed = database.parameters.get("archive_timeout")?;
    let seconds = seconds_of(closed.get())?;
    let loses = seconds.saturating_add(UPLOAD);
    // 0 switches it off: a segment is then closed when it is full, whenever that is
    (seconds == 0 || loses > rpo.get().seconds_ceil()).then(|| {
        let may = if seconds == 0 { "all since the last full segment".to_owned() } else { text(loses) };
        cx.find(&CHECK, format!("`{path}` promises to lose at most {written}, and may lose {may}"))
            .at(closed.origin(), "when a segment of the log is closed")
            .also(rpo.origin(), "the promise")
            .note("a segment is archived after it is closed, and its upload may take a minute")
            .help(format!(
                "delete `archive_timeout`: {}s follow from the promise",
                rpo.get().seconds_ceil() - UPLOAD
            ))
    })
}

/// No archive of the log keeps the promise; what else there is does not help.
fn too_short<'c>(
    cx: &'c Context<'c>,
    path: &str,
    rpo: &Traced<Duration>,
    database: &Database,
) -> Finding<'c> {
    let synchronous = database.synchronous.as_ref();
    let waits = synchronous.filter(|s| *s.durability.get() == Durability::Required);
    let mut finding = cx
        .find(
            &CHECK,
            format!(
                "`{path}` promises to lose at most {}, which no archive of the log keeps",
                rpo.get().text()
            ),
        )
        .at(rpo.origin(), "shorter than an upload")
        .note("a segment of the log is closed at most once a minute, and its upload may take another");
    finding = match waits {
        None => finding
            .also_key(database.synchronous_because, "no commit has to wait for a standby")
            .note("nothing is lost with one instance only where each commit waits for another one")
            .help(format!(
                "write `replication = {{ sync = 1, durability = \"required\" }}` with {} for the loss of one instance",
                if *database.instances.get() < 3 { "`instances = 3`" } else { "the instances that there are" }
            )),
        Some(_) => finding.note("each commit waits for a standby, so nothing is lost with one instance"),
    };
    finding = finding.note(match &database.site {
        None => "with the whole cluster, and without a second site, what was not archived is gone",
        Some(_) => {
            "the other site follows through the same archive, so it lacks as much when this one is lost"
        }
    });
    finding.help("write `rpo = \"2m\"`, or longer")
}

/// Seconds of a time as PostgreSQL takes it: a number with `ms`, `s`, `min`, `h` or `d`; a bare number counts seconds.
fn seconds_of(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
    let number: u64 = digits.trim().parse().ok()?;
    Some(match text.get(digits.len()..)?.trim() {
        "ms" => number.div_ceil(1000),
        "" | "s" => number,
        "min" => number.saturating_mul(60),
        "h" => number.saturating_mul(3600),
        "d" => number.saturating_mul(86_400),
        _ => return None,
    })
}

/// Seconds in whole minutes, as people say them.
fn text(seconds: u64) -> String {
    Duration::from_seconds(seconds.next_multiple_of(60)).text().into_owned()
}

/// What would keep the promise with the least change: a faster restore, or less to restore.
fn would_fit<'c>(finding: Finding<'c>, database: &Database, left: u64) -> Finding<'c> {
    const MIB: u64 = 1 << 20;
    const GIB: u64 = 1 << 30;
    if left == 0 {
        return finding
            .also(database.detect.origin(), "as long as the promise, or longer")
            .help("or a shorter `detect`, where an alert wakes somebody sooner");
    }
    let rate = database.storage.get().bytes().div_ceil(left).div_ceil(MIB);
    let finding = finding.help(format!(
        "or `restore_rate = \"{rate}Mi\"`, where a drill was as fast: it writes its figure into the log, and the report has the query"
    ));
    let size = database.restore_rate.get().bytes().saturating_mul(left) / GIB;
    if size == 0 {
        return finding;
    }
    finding.help(format!("or `storage = \"{size}Gi\"` for a new cluster: what is there never shrinks"))
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
    let finding = cx
        .find(
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
        .help(format!("write `rto = \"{}\"`", text(needed)));
    let left = rto.get().seconds_ceil().saturating_sub(database.detect.get().seconds_ceil());
    Some(would_fit(finding, database, left))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for database in &service.databases {
            let findings = [of_loss(cx, service, database), of_time(cx, service, database)];
            findings.into_iter().flatten().for_each(|finding| found.push(finding));
        }
    }
}
