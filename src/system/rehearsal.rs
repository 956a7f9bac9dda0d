//! What people try out of recovery: `[recovery.tests]` of an environment, with the day of each first time.
//!
//! Drills run by themselves; these need somebody who reads the runbook. There is no clock here: the spec says when the
//! first is, and the rest is arithmetic.

use crate::origin::Origin;
use crate::spec::environment::{EnvironmentFile, Period};
use crate::value::{Timestamp, date_of};

use super::{Database, Service, System};

/// Minutes that people have for one.
pub const LASTS: i64 = 120;

/// What is tried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// a standby becomes the primary
    Failover,
    /// the other site takes the writes
    Site,
    /// somebody restores a backup by hand
    Restore,
    /// a namespace is rebuilt
    Rebuild,
}

impl Kind {
    /// Its key in the spec.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Failover => "failover",
            Kind::Site => "site",
            Kind::Restore => "restore",
            Kind::Rebuild => "rebuild",
        }
    }

    /// Whether there is something to try out with a database.
    pub fn concerns(self, database: &Database) -> bool {
        match self {
            Kind::Failover => *database.instances.get() > 1,
            Kind::Site => database.site.is_some(),
            Kind::Restore => database.backup.is_some(),
            Kind::Rebuild => false,
        }
    }
}

/// Something that people try out again and again.
#[derive(Clone, Debug)]
pub struct Rehearsal {
    /// what
    pub kind: Kind,
    /// its value in the spec
    pub because: Origin,
    /// how often
    pub period: Period,
    /// the first day, since 2000-01-01
    pub day: i64,
    /// when it begins, in minutes of the day in UTC
    pub minute: i64,
}

impl Rehearsal {
    /// Year, month and day of the first.
    pub fn date(&self) -> (i64, i64, i64) {
        date_of(self.day)
    }

    /// The day of the week, Monday being 0.
    pub fn weekday(&self) -> i64 {
        // 2000-01-01 was a Saturday
        (self.day + 5).rem_euclid(7)
    }

    /// Which of its weekdays of the month it is; -1 for the last, where not every month has a fifth.
    pub fn week(&self) -> i64 {
        let (_, _, day) = self.date();
        let week = (day - 1) / 7 + 1;
        if week > 4 { -1 } else { week }
    }
}

/// All that are asked for; each kind begins a week after the one before.
pub fn all(file: &EnvironmentFile) -> Vec<Rehearsal> {
    const WEEK: i64 = 7;
    let Some(tests) = file.recovery.as_ref().and_then(|recovery| recovery.tests.as_ref()) else {
        return Vec::new();
    };
    let asked = [
        (Kind::Failover, tests.failover),
        (Kind::Site, tests.site),
        (Kind::Restore, tests.restore),
        (Kind::Rebuild, tests.rebuild),
    ];
    let first: &Timestamp = tests.from.get();
    let (_, _, _, minute) = first.in_utc();
    let one = |(weeks, (kind, period)): (i64, (Kind, crate::origin::Traced<Period>))| Rehearsal {
        kind,
        because: period.origin(),
        period: *period.get(),
        day: first.day() + weeks * WEEK,
        minute,
    };
    (0..).zip(asked.into_iter().filter_map(|(kind, period)| Some((kind, period?)))).map(one).collect()
}

impl System {
    /// What people try out here.
    pub fn rehearsals(&self) -> Vec<Rehearsal> {
        all(&self.environment.file)
    }

    /// The databases that it concerns.
    pub fn rehearsed(&self, kind: Kind) -> impl Iterator<Item = (&Service, &Database)> {
        let all =
            self.services.iter().flat_map(|service| service.databases.iter().map(move |d| (service, d)));
        all.filter(move |(_, database)| kind.concerns(database))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value as _;

    fn on(text: &str) -> Rehearsal {
        let at = Timestamp::parse(text).unwrap();
        let because = Origin::rule(crate::origin::DRILL);
        Rehearsal {
            kind: Kind::Failover,
            because,
            period: Period::Monthly,
            day: at.day(),
            minute: at.in_utc().3,
        }
    }

    #[test]
    fn a_day_has_its_weekday_and_its_week() {
        let tuesday = on("2026-01-13T09:00:00Z");
        assert_eq!((tuesday.weekday(), tuesday.week(), tuesday.minute), (1, 2, 540));
        let saturday = on("2000-01-01T00:00:00Z");
        assert_eq!((saturday.weekday(), saturday.week()), (5, 1));
        let fifth = on("2026-12-31T23:30:00-01:00");
        assert_eq!((fifth.date(), fifth.weekday(), fifth.week(), fifth.minute), ((2027, 1, 1), 4, 1, 30));
        assert_eq!(on("2026-03-31T09:00:00Z").week(), -1);
    }
}
