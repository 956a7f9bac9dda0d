//! Moments in time.

use std::borrow::Cow;

use super::{Invalid, Value, scan};

/// A moment with its zone: RFC 3339 `date-time` with an upper-case `T` and `Z`, of this century.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Timestamp(String);

/// Microseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

impl Timestamp {
    /// The text, as it is written out.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same with an offset in numbers: PostgreSQL reads its recovery target before it knows any name of a zone, `Z` included.
    pub fn with_offset(&self) -> String {
        self.0.strip_suffix('Z').map_or_else(|| self.0.clone(), |moment| format!("{moment}+00:00"))
    }

    /// Microseconds since 2000-01-01T00:00:00Z, by which moments of different zones compare.
    pub fn microseconds(&self) -> i64 {
        let number = |from: usize, to: usize| self.0.get(from..to).and_then(|t| t.parse().ok()).unwrap_or(0);
        let day = day_of(number(0, 4), number(5, 7), number(8, 10));
        let seconds: i64 = (number(11, 13) * 60 + number(14, 16)) * 60 + number(17, 19);
        let rest = self.0.get(19..).unwrap_or("Z");
        let zone = rest.find(['Z', '+', '-']).unwrap_or(0);
        let (fraction, zone) = rest.split_at(zone);
        let digits = fraction.trim_start_matches('.');
        let micro: i64 = format!("{digits:0<6}").parse().unwrap_or(0);
        let offset = zone.get(1..).and_then(|zone| zone.split_once(':')).map_or(0, |(hours, minutes)| {
            let minutes = hours.parse().unwrap_or(0) * 60 + minutes.parse().unwrap_or(0);
            if zone.starts_with('-') { -minutes } else { minutes }
        });
        day * DAY + (seconds - offset * 60) * 1_000_000 + micro
    }

    /// Year, month, day and minute of the day, in UTC.
    pub fn in_utc(&self) -> (i64, i64, i64, i64) {
        let (year, month, day) = date_of(self.day());
        (year, month, day, self.microseconds().rem_euclid(DAY) / 60_000_000)
    }

    /// Days since 2000-01-01, in UTC.
    pub fn day(&self) -> i64 {
        self.microseconds().div_euclid(DAY)
    }
}

/// Days since 2000-01-01 of a day in the proleptic Gregorian calendar, counted from March so that a leap day comes last.
pub fn day_of(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let before = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // 730,426 is what the rest gives for 2000-01-01
    before + (month * 153 + 2) / 5 + day - 730_426
}

/// Year, month and day of a day since 2000-01-01: what [`day_of`] takes apart again.
pub fn date_of(day: i64) -> (i64, i64, i64) {
    // a year has at least 365 days, so the first guess is never too early
    let mut year = 2000 + day.div_euclid(365);
    while day_of(year, 1, 1) > day {
        year -= 1;
    }
    let month = (1..=12).rev().find(|month| day_of(year, *month, 1) <= day).unwrap_or(1);
    (year, month, day - day_of(year, month, 1) + 1)
}

fn days_in(year: i64, month: i64) -> i64 {
    let next = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    day_of(next.0, next.1, 1) - day_of(year, month, 1)
}

impl Value for Timestamp {
    const WHAT: &'static str = "a moment in time";
    const EXAMPLES: &'static [&'static str] = &["2026-11-29T14:30:00Z", "2026-11-29T15:30:00.5+01:00"];
    const MAX_LEN: usize = 32;

    fn pattern() -> Cow<'static, str> {
        let date = "20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])";
        let time = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,6})?";
        format!("^{date}T{time}(?:Z|[-+](?:0[0-9]|1[0-4]):[0-5][0-9])$").into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let refusal = |why: &str| Invalid::of::<Self>(text, why);
        let shaped = |text: &str| -> String {
            text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
        };
        let (Some(head), Some(rest)) = (text.get(..19), text.get(19..)) else {
            if shaped(text) == "0000-00-00" {
                return Err(refusal("it is a day without a time")
                    .with_help(format!("write `{text}T00:00:00Z` for its beginning in UTC")));
            }
            return Err(refusal("it is not written as `2026-11-29T14:30:00Z`"));
        };
        match shaped(head).as_str() {
            "0000-00-00T00:00:00" => {}
            "0000-00-00 00:00:00" | "0000-00-00t00:00:00" => {
                let with_t = text.replacen([' ', 't'], "T", 1);
                return Err(scan::propose::<Self>(
                    refusal("an upper-case `T` must stand between day and time"),
                    &with_t,
                ));
            }
            _ => return Err(refusal("it is not written as `2026-11-29T14:30:00Z`")),
        }
        let part = |from: usize, to: usize| head.get(from..to).unwrap_or("");
        let (month, day) = (part(5, 7), part(8, 10));
        let within = part(0, 2) == "20"
            && ("01"..="12").contains(&month)
            && ("01"..="31").contains(&day)
            && part(11, 13) <= "23"
            && part(14, 16) <= "59"
            && part(17, 19) <= "59";
        if !within {
            return Err(refusal("a part of it is out of range"));
        }
        let zone = rest.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(rest.len());
        let (fraction, zone) = rest.split_at(zone);
        if !(fraction.is_empty()
            || shaped(fraction) == format!(".{}", "0".repeat(fraction.len() - 1))
                && (2..=7).contains(&fraction.len()))
        {
            return Err(refusal("its seconds have one to six digits behind a point"));
        }
        if zone.is_empty() {
            return Err(refusal("it has no time zone")
                .with_help(format!("write `{text}Z` if it is UTC, or its offset, such as `{text}+01:00`")));
        }
        let offset = zone.get(1..).unwrap_or("");
        let offset_fits = shaped(zone) == "+00:00" || shaped(zone) == "-00:00";
        let fits = zone == "Z"
            || offset_fits
                && offset.get(..2).is_some_and(|hours| hours <= "14")
                && offset.get(3..) <= Some("59");
        if !fits {
            return Err(refusal("its time zone is neither `Z` nor an offset such as `+01:00`"));
        }
        Ok(Self(text.to_owned()))
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }

    fn doubt(&self) -> Option<Invalid> {
        let number = |from: usize, to: usize| self.0.get(from..to).and_then(|t| t.parse().ok()).unwrap_or(0);
        let (year, month, day): (i64, i64, i64) = (number(0, 4), number(5, 7), number(8, 10));
        let last = days_in(year, month);
        (day > last).then(|| {
            Invalid::doubt(
                format!("`{}` is on a day that does not exist", self.0),
                format!("that month has {last} days"),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, refuses};
    use super::*;

    #[test]
    fn moments() {
        accepts::<Timestamp>(&[
            ("2026-11-29T14:30:00Z", "2026-11-29T14:30:00Z"),
            ("2026-11-29T14:30:00.123456-05:30", "2026-11-29T14:30:00.123456-05:30"),
        ]);
        refuses::<Timestamp>(&[
            ("2026-11-29", "a day without a time", "T00:00:00Z"),
            ("2026-11-29T14:30:00", "no time zone", "2026-11-29T14:30:00Z"),
            ("2026-11-29 14:30:00Z", "upper-case `T`", "write `2026-11-29T14:30:00Z`"),
            ("2026-13-29T14:30:00Z", "out of range", "write for example"),
            ("2026-11-29T14:30:00CET", "time zone", "write for example"),
            ("2026-11-29T14:30:00.Z", "behind a point", "write for example"),
            ("yesterday", "not written as", "2026-11-29T14:30:00Z"),
        ]);
    }

    #[test]
    fn moments_compare_across_zones() {
        let at = |text: &str| Timestamp::parse(text).unwrap().microseconds();
        assert_eq!(at("2000-01-01T00:00:00Z"), 0);
        assert_eq!(at("2026-11-29T14:30:00Z"), at("2026-11-29T15:30:00+01:00"));
        assert_eq!(at("2026-11-29T14:30:00Z"), at("2026-11-29T09:00:00-05:30"));
        assert_eq!(at("2026-03-01T00:00:00Z") - at("2026-02-28T00:00:00Z"), DAY);
        assert_eq!(at("2024-03-01T00:00:00Z") - at("2024-02-28T00:00:00Z"), 2 * DAY);
        assert_eq!(at("2026-01-01T00:00:00.5Z") - at("2026-01-01T00:00:00Z"), 500_000);
        assert_eq!(Timestamp::parse("2000-01-02T00:30:00+01:00").unwrap().day(), 0);
        // 26 years with seven leap days, and November's beginning is day 304 of 2026
        assert_eq!(Timestamp::parse("2026-11-29T14:30:00Z").unwrap().day(), 26 * 365 + 7 + 304 + 28);
    }

    #[test]
    fn days_that_do_not_exist_are_doubted() {
        for day in -40_000..40_000 {
            let (year, month, of_month) = date_of(day);
            assert_eq!(day_of(year, month, of_month), day);
        }
        assert_eq!(
            Timestamp::parse("2026-01-01T00:30:00+01:00").unwrap().in_utc(),
            (2025, 12, 31, 23 * 60 + 30)
        );
        let doubt = |text: &str| Timestamp::parse(text).unwrap().doubt().map(|doubt| doubt.help.unwrap());
        assert_eq!(doubt("2026-02-29T00:00:00Z").as_deref(), Some("that month has 28 days"));
        assert_eq!(doubt("2026-11-31T00:00:00Z").as_deref(), Some("that month has 30 days"));
        assert_eq!(doubt("2024-02-29T00:00:00Z"), None);
        assert_eq!(doubt("2026-12-31T00:00:00Z"), None);
    }
}
