//! Spans of time.

use std::borrow::Cow;

use super::{Invalid, Value, quoted, scan};

/// A span of time, in milliseconds, more than zero.
///
/// A grammar of specc's own, a subset of what Prometheus reads (`promtool`, durations): whole numbers with
/// the units `d`, `h`, `m`, `s`, `ms`, long before short, and after the first part no part as long as the
/// unit before it, so that `1h30m` is the only way to say it in two parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(u64);

/// The units from long to short, each with its milliseconds and how many of it make the unit before.
const UNITS: &[(&str, u64, u64)] =
    &[("d", 86_400_000, u64::MAX), ("h", 3_600_000, 24), ("m", 60_000, 60), ("s", 1000, 60), ("ms", 1, 1000)];
const DIGITS: usize = 9;
/// 999999999 days, and a millisecond less than another.
const MOST: u64 = 1_000_000_000 * 86_400_000 - 1;

impl Duration {
    /// So many milliseconds, for computed spans; they may be zero.
    pub fn from_millis(millis: u64) -> Self {
        Self(millis.min(MOST))
    }

    /// So many seconds, for computed spans; they may be zero.
    pub fn from_seconds(seconds: u64) -> Self {
        Self::from_millis(seconds.saturating_mul(1000))
    }

    /// The span in milliseconds.
    pub fn millis(self) -> u64 {
        self.0
    }

    /// The span in seconds, rounded up: for fields of Kubernetes that count seconds.
    pub fn seconds_ceil(self) -> u64 {
        self.0.div_ceil(1000)
    }

    /// The form that Go's `time.ParseDuration` and Gateway API (GEP-2257) read: without days.
    pub fn go_text(self) -> String {
        self.written(UNITS.get(1..).unwrap_or_default())
    }

    fn written(self, units: &[(&str, u64, u64)]) -> String {
        let mut rest = self.0;
        let mut out = String::new();
        for (unit, length, _) in units {
            if rest >= *length {
                out.push_str(&(rest / length).to_string());
                out.push_str(unit);
                rest %= length;
            }
        }
        if out.is_empty() { "0s".to_owned() } else { out }
    }
}

impl Value for Duration {
    const WHAT: &'static str = "a duration";
    const EXAMPLES: &'static [&'static str] = &["30s", "200ms", "1h30m", "30d"];
    const MAX_LEN: usize = 24;

    fn pattern() -> Cow<'static, str> {
        let first = "[1-9][0-9]{0,8}";
        let millis = "(?:[1-9][0-9]{0,2}ms)?";
        let seconds = format!("(?:(?:[1-9]|[1-5][0-9])s)?{millis}");
        let minutes = format!("(?:(?:[1-9]|[1-5][0-9])m)?{seconds}");
        let hours = format!("(?:(?:[1-9]|1[0-9]|2[0-3])h)?{minutes}");
        format!("^(?:{first}d{hours}|{first}h{minutes}|{first}m{seconds}|{first}s{millis}|{first}ms)$").into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let mut total = 0;
        let mut rest = text;
        let mut units = UNITS;
        while !rest.is_empty() {
            let (number, unit, after) = part(rest);
            let at = units.iter().position(|(name, ..)| *name == unit).ok_or_else(|| explain(text))?;
            let (_, length, whole) = units.get(at).ok_or_else(|| explain(text))?;
            let count = scan::whole(number, DIGITS).ok_or_else(|| explain(text))?;
            if total > 0 && count >= *whole {
                return Err(explain(text));
            }
            total += count * length;
            units = units.get(at + 1..).unwrap_or_default();
            rest = after;
        }
        Ok(Self(total))
    }

    fn text(&self) -> Cow<'_, str> {
        self.written(UNITS).into()
    }
}

/// The first number, its unit and what follows.
fn part(text: &str) -> (&str, &str, &str) {
    let digit = |c: char| c.is_ascii_digit() || c == '.';
    let end = text.find(|c| !digit(c)).unwrap_or(text.len());
    let (number, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    let end = rest.find(digit).unwrap_or(rest.len());
    let (unit, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
    (number, unit, after)
}

fn explain(text: &str) -> Invalid {
    let refuse = |why: &str| Invalid::of::<Duration>(text, why);
    let (number, unit, after) = part(text);
    let alone = after.is_empty();
    if number.is_empty() {
        return refuse("it does not begin with a number");
    }
    if alone && unit.is_empty() && scan::whole(number, DIGITS).is_some() {
        return refuse("the unit is missing")
            .with_help(format!("write `{number}s` for seconds, `{number}ms` or `{number}m`"));
    }
    let mut rest = text;
    let mut sum: Option<u64> = Some(0);
    while !rest.is_empty() {
        let (number, unit, after) = part(rest);
        if !UNITS.iter().any(|(name, ..)| *name == unit) {
            return wrong_unit(text, number, unit);
        }
        sum = sum.and_then(|sum| sum.checked_add(amount(number, unit)?));
        rest = after;
    }
    let refusal = if text.contains('.') {
        refuse("a part of it is not a whole number")
    } else if sum == Some(0) {
        return refuse("it is no time at all").with_help("write at least `1ms`, or leave the field out");
    } else if alone {
        refuse("a whole number of at most nine digits, without leading zero, must stand before the unit")
    } else {
        refuse("its parts must go from long to short, and no part may fill the unit before it")
    };
    match sum {
        Some(sum @ 1..=MOST) => scan::propose::<Duration>(refusal, &Duration(sum).text()),
        _ => refusal,
    }
}

fn wrong_unit(text: &str, number: &str, unit: &str) -> Invalid {
    let count = scan::whole(number, DIGITS);
    let write = |factor: u64, right: &str| {
        let proposal =
            count.and_then(|count| count.checked_mul(factor)).map(|count| format!("{count}{right}"));
        proposal.filter(|proposal| Duration::parse(proposal).is_ok() && text == format!("{number}{unit}"))
    };
    let (why, proposal) = match unit {
        "M" | "min" | "mins" | "minutes" | "minute" => ("minutes are `m`", write(1, "m")),
        "S" | "sec" | "secs" | "seconds" | "second" => ("seconds are `s`", write(1, "s")),
        "H" | "hr" | "hrs" | "hours" | "hour" => ("hours are `h`", write(1, "h")),
        "D" | "day" | "days" => ("days are `d`", write(1, "d")),
        "w" | "W" | "week" | "weeks" => ("weeks are written in days", write(7, "d")),
        "y" | "Y" | "year" | "years" => ("years have different lengths", write(365, "d")),
        "mo" | "month" | "months" => ("months have different lengths", write(30, "d")),
        "us" | "µs" | "μs" | "ns" => ("nothing is shorter than a millisecond", None),
        _ => ("", None),
    };
    let shown = if unit.is_empty() { "a missing unit".to_owned() } else { quoted(unit) };
    let reason = if why.is_empty() {
        format!("{shown} is not a unit")
    } else {
        format!("{shown} is not a unit, {why}")
    };
    let refusal = Invalid::of::<Duration>(text, reason);
    match proposal {
        Some(proposal) => refusal.with_help(format!("write `{proposal}`")),
        None => {
            refusal.with_help("units are `d`, `h`, `m`, `s` and `ms`, each after a whole number: `1h30m`")
        }
    }
}

/// Milliseconds of a number that may have a fraction, if they are whole.
fn amount(number: &str, unit: &str) -> Option<u64> {
    let (_, length, _) = UNITS.iter().find(|(name, ..)| *name == unit)?;
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let digits =
        |text: &str| !text.is_empty() && text.len() <= DIGITS && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) {
        return None;
    }
    let scale = 10_u128.pow(u32::try_from(part.len()).ok()?);
    let count: u128 = format!("{whole}{part}").parse().ok()?;
    let scaled = count * u128::from(*length);
    if scaled.is_multiple_of(scale) { u64::try_from(scaled / scale).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, refuses};
    use super::*;

    #[test]
    fn spans() {
        accepts::<Duration>(&[
            ("200ms", "200ms"),
            ("30s", "30s"),
            ("90s", "1m30s"),
            ("1h30m", "1h30m"),
            ("90m", "1h30m"),
            ("30d", "30d"),
            ("720h", "30d"),
            ("1d23h59m59s999ms", "1d23h59m59s999ms"),
            ("1d1ms", "1d1ms"),
            ("999999999d23h59m59s999ms", "999999999d23h59m59s999ms"),
        ]);
        refuses::<Duration>(&[
            ("1.5h", "not a whole number", "write `1h30m`"),
            ("0.5s", "not a whole number", "write `500ms`"),
            ("5M", "minutes are `m`", "write `5m`"),
            ("1y", "years", "write `365d`"),
            ("2w", "weeks", "write `14d`"),
            ("30", "the unit is missing", "write `30s`"),
            ("5 m", "` m` is not a unit", "`1h30m`"),
            ("10min", "minutes are `m`", "write `10m`"),
            ("100us", "shorter than a millisecond", "units are"),
            ("30m1h", "from long to short", "write `1h30m`"),
            ("1h90m", "from long to short", "write `2h30m`"),
            ("1h30", "a missing unit is not a unit", "units are"),
            ("0s", "no time at all", "`1ms`"),
            ("05m", "without leading zero", "write `5m`"),
            ("-5m", "does not begin with a number", "`30s`"),
            ("h", "does not begin with a number", "`30s`"),
        ]);
    }

    #[test]
    fn conversions() {
        let span = Duration::parse("1d1s1ms").unwrap();
        assert_eq!((span.millis(), span.seconds_ceil()), (86_401_001, 86_402));
        assert_eq!(span.go_text(), "24h1s1ms");
        assert_eq!(Duration::from_seconds(90).to_string(), "1m30s");
        assert_eq!(Duration::from_seconds(0).to_string(), "0s");
        assert_eq!(Duration::from_seconds(u64::MAX).to_string(), "999999999d23h59m59s999ms");
    }
}
