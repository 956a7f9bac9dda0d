//! `tests.ics`: when people try out what the runbook says, for any calendar.
//!
//! RFC 5545 (iCalendar). Each kind is one event that recurs by a rule, so nothing depends on the day of the build; moments are
//! in UTC, which needs no definition of a zone.

use std::fmt::Write as _;

use crate::Environment;
use crate::spec::environment::Period;
use crate::system::rehearsal::{Kind, LASTS, Rehearsal};

/// The file, below the environment's folder.
pub(super) const FILE: &str = "tests.ics";

/// Octets of a line, its end aside (section 3.1).
const LINE: usize = 75;

const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// The calendar; none where nothing is asked for.
pub(super) fn print(environment: &Environment) -> Option<String> {
    let rehearsals = environment.system.rehearsals();
    if rehearsals.is_empty() {
        return None;
    }
    let system = &environment.system;
    let mut out = String::new();
    let mut line = |text: &str| fold(text, &mut out);
    line("BEGIN:VCALENDAR");
    line("VERSION:2.0");
    line("PRODID:-//specc//recovery tests//EN");
    for rehearsal in &rehearsals {
        let (name, word) = (system.name.get(), rehearsal.kind.word());
        let at = moment(rehearsal);
        line("BEGIN:VEVENT");
        line(&format!("UID:{word}.{}.{name}@specc", environment.name));
        // when it was written is nobody's business; the property is required
        line(&format!("DTSTAMP:{at}"));
        line(&format!("DTSTART:{at}"));
        line(&format!("DURATION:PT{}H", LASTS / 60));
        line(&format!("RRULE:{}", rule(rehearsal)));
        line(&format!(
            "SUMMARY:{}",
            escaped(&format!("{name} in {}: {}", environment.name, title(rehearsal.kind)))
        ));
        line(&format!("DESCRIPTION:{}", escaped(&description(environment, rehearsal.kind))));
        line("END:VEVENT");
    }
    line("END:VCALENDAR");
    Some(out)
}

/// What is tried out, for people.
pub(super) fn title(kind: Kind) -> &'static str {
    match kind {
        Kind::Failover => "a standby becomes the primary",
        Kind::Site => "the other site takes the writes and gives them back",
        Kind::Restore => "restore a backup by hand",
        Kind::Rebuild => "rebuild a namespace from nothing",
    }
}

fn description(environment: &Environment, kind: Kind) -> String {
    let databases: Vec<&str> =
        environment.system.rehearsed(kind).map(|(_, database)| database.object.get().as_str()).collect();
    let mut text = "Do what RUNBOOK.md says, and tick off its section \"Tests that people do\".".to_owned();
    if !databases.is_empty() {
        let _ = write!(text, "\nDatabases: {}", databases.join(", "));
    }
    text
}

/// `YYYYMMDDTHHMMSSZ`: a date with UTC time (section 3.3.5, form 2).
fn moment(rehearsal: &Rehearsal) -> String {
    let (year, month, day) = rehearsal.date();
    format!("{year:04}{month:02}{day:02}T{:02}{:02}00Z", rehearsal.minute / 60, rehearsal.minute % 60)
}

/// The same weekday of the same week of the month (section 3.3.10); the first day is one of the days of the rule.
fn rule(rehearsal: &Rehearsal) -> String {
    let weekday = usize::try_from(rehearsal.weekday()).ok().and_then(|at| WEEKDAYS.get(at)).unwrap_or(&"MO");
    let by = format!("BYDAY={}{weekday}", rehearsal.week());
    match rehearsal.period {
        Period::Monthly => format!("FREQ=MONTHLY;{by}"),
        Period::Quarterly => format!("FREQ=MONTHLY;INTERVAL=3;{by}"),
        Period::Yearly => format!("FREQ=YEARLY;BYMONTH={};{by}", rehearsal.date().1),
    }
}

/// Text of a property (section 3.3.11).
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// One line, in pieces of [`LINE`] octets that begin with a space (section 3.1), none of which splits a character.
fn fold(text: &str, out: &mut String) {
    let mut used = 0;
    for character in text.chars() {
        if used + character.len_utf8() > LINE {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(character);
        used += character.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_characters() {
        let mut out = String::new();
        fold(&"\u{e9}".repeat(80), &mut out);
        assert!(out.split("\r\n").all(|line| line.len() <= LINE), "{out:?}");
        assert_eq!(out.replace("\r\n ", ""), format!("{}\r\n", "\u{e9}".repeat(80)));
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(escaped("a, b; c\\d\ne"), "a\\, b\\; c\\\\d\\ne");
    }
}
