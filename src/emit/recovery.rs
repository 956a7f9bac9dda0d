//! What a loss of a database costs: two sums, each term with where it comes from.
//!
//! The report and the runbook show the same figures. A term that nobody has measured is never given a number.

use serde::Serialize;

use crate::Environment;
use crate::origin::{Origin, Why};
use crate::system::Database;
use crate::value::{Duration, Value as _};

/// The operator closes a segment of the log after five minutes where nothing says otherwise.
const USUAL_ARCHIVE_TIMEOUT: &str = "5m";

/// A part of a sum.
#[derive(Serialize)]
pub(super) struct Term {
    /// what it is
    what: String,
    /// how much
    value: String,
    /// where that comes from
    from: &'static str,
}

/// What a loss costs.
#[derive(Serialize)]
pub(super) struct Recovery {
    /// the cluster
    database: String,
    /// the longest time whose changes are gone
    pub(super) loses: String,
    /// the time until it works again, as far as it is known
    pub(super) returns: String,
    /// terms of the first
    losing: Vec<Term>,
    /// terms of the second
    returning: Vec<Term>,
    /// how far back a restore reaches
    kept: String,
    /// how far back it must reach
    promised: Option<String>,
    /// where backups are
    path: String,
}

/// Seconds in whole minutes, as people say them.
pub(super) fn minutes(seconds: u64) -> String {
    Duration::from_seconds(seconds.next_multiple_of(60)).text().into_owned()
}

/// The time to copy a full volume back.
pub(super) fn copy_seconds(database: &Database) -> u64 {
    database.storage.get().bytes().div_ceil(database.restore_rate.get().bytes().max(1))
}

/// The terms of one database.
pub(super) fn of(environment: &Environment, database: &Database) -> Recovery {
    let from = |origin: Origin| {
        environment.tracer.with(|trace| match origin.why(trace) {
            Why::Spec(_) => "declared",
            Why::Rule(_, []) => "assumed",
            Why::Rule(..) => "the tier's default",
        })
    };
    let measured = |origin: Origin| if from(origin) == "declared" { "measured" } else { from(origin) };
    let term = |what: &str, value: String, from: &'static str| Term { what: what.to_owned(), value, from };
    let closed = database.parameters.get("archive_timeout").map(|text| text.get().to_string());
    let (mut losing, mut returning) = (Vec::new(), Vec::new());
    let Some(backup) = &database.backup else {
        return Recovery {
            database: database.object.get().to_string(),
            loses: "everything: no backups".to_owned(),
            returns: "never".to_owned(),
            losing,
            returning,
            kept: "-".to_owned(),
            promised: None,
            path: "-".to_owned(),
        };
    };
    let source = match (&closed, &database.rpo) {
        (Some(_), Some(rpo)) => from(rpo.origin()),
        (Some(_), None) => "declared",
        (None, _) => "the operator's default",
    };
    losing.push(term(
        "a segment of the log is closed (`archive_timeout`)",
        closed.unwrap_or_else(|| USUAL_ARCHIVE_TIMEOUT.to_owned()),
        source,
    ));
    losing.push(term("its upload", "1m".to_owned(), "assumed"));
    let (storage, rate, detect) = (&database.storage, &database.restore_rate, &database.detect);
    let copy = copy_seconds(database);
    returning.push(term(
        "somebody notices and decides",
        detect.get().text().into_owned(),
        from(detect.origin()),
    ));
    returning.push(Term {
        what: format!(
            "a full volume is copied back: {} ({}) / {} a second",
            storage.get().text(),
            from(storage.origin()),
            rate.get().text()
        ),
        value: minutes(copy),
        from: measured(rate.origin()),
    });
    returning.push(term(
        "the log behind the base backup is replayed",
        "?".to_owned(),
        "unknown until a drill",
    ));
    returning.push(term(
        "the server starts and workloads move to it",
        "?".to_owned(),
        "unknown until a drill",
    ));
    let loses = match &database.rpo {
        Some(rpo) => rpo.get().text().into_owned(),
        None => "6m".to_owned(),
    };
    Recovery {
        database: database.object.get().to_string(),
        loses,
        returns: minutes(detect.get().seconds_ceil().saturating_add(copy)),
        losing,
        returning,
        kept: backup.retention.get().text().into_owned(),
        promised: database.window.as_ref().map(|window| window.get().text().into_owned()),
        path: backup.path.get().to_string(),
    }
}
