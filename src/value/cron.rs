//! Cron schedules.

mod field;

use std::borrow::Cow;

use self::field::{FIELDS, Field, Set};
use super::{Invalid, Value, quoted, scan};

/// A cron schedule of five fields, as `CronJob.spec.schedule` takes it (`robfig/cron` v3, standard parser):
/// minute, hour, day of month, month, day of week, each a list of `*`, values, ranges, with steps. Months and
/// days of the week have English three-letter names.
///
/// Narrower than that parser: no descriptors such as `@daily`, no zone before the fields, no step longer than
/// the field. A range that runs backwards is left to [`Value::doubt`], since no pattern of bearable length
/// finds it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cron {
    /// the fields as written, one space between
    text: String,
    minutes: Set,
    hours: Set,
    days: Set,
    months: Set,
    weekdays: Set,
}

const DAY: u64 = 24 * 60;
/// After 400 years the Gregorian calendar begins anew, on the same day of the week.
const CALENDAR_YEARS: u16 = 400;

impl Cron {
    /// The schedule with a leading field for seconds, as `ScheduledBackup` of CloudNativePG takes it.
    pub fn with_seconds(&self) -> String {
        format!("0 {}", self.text)
    }

    /// Every day at this hour and minute.
    pub fn daily(hour: u8, minute: u8) -> Self {
        let every = |field: &Field| Set {
            bits: (field.least..=field.most).fold(0, |bits, n| bits | 1 << n),
            star: true,
        };
        let [minutes, hours, days, months, weekdays] = FIELDS.each_ref().map(every);
        let at = |all: Set, one: u8| Set { bits: all.bits & 1 << one.min(59), star: false };
        Self {
            text: format!("{minute} {hour} * * *"),
            minutes: at(minutes, minute),
            hours: at(hours, hour),
            days,
            months,
            weekdays,
        }
    }

    /// The schedule with every minute moved by so many, and around within its hour: hours and days stay the same.
    #[must_use]
    pub fn moved_in_hour(&self, by: u32) -> Self {
        let by = u8::try_from(by % 60).unwrap_or(0);
        let moved: Vec<u8> = (0..60_u8).filter(|minute| self.minutes.has((minute + 60 - by) % 60)).collect();
        let bits = moved.iter().fold(0, |bits, minute| bits | 1 << minute);
        if bits == self.minutes.bits {
            return self.clone();
        }
        let minutes: Vec<String> = moved.iter().map(u8::to_string).collect();
        let rest = self.text.split_once(' ').map_or("", |(_, rest)| rest);
        let text = format!("{} {rest}", minutes.join(","));
        Self { text, minutes: Set { bits, star: false }, ..self.clone() }
    }

    /// The hours, 0 to 23, in which it runs: to see whether a change of clocks hits it.
    pub fn hours(&self) -> impl Iterator<Item = u8> {
        (0..24).filter(|hour| self.hours.has(*hour))
    }

    /// The shortest gap between two runs in minutes, exact over the whole calendar, as if clocks never
    /// changed. `None` if it never runs.
    pub fn min_interval(&self) -> Option<u64> {
        let times = self.times();
        let (first, last) = (times.first()?, times.last()?);
        let within = times.iter().zip(times.iter().skip(1)).map(|(one, next)| next - one).min();
        let across = self.min_days()? * DAY - (last - first);
        Some(within.map_or(across, |within| within.min(across)))
    }

    /// The longest gap between two runs in minutes, exact over the whole calendar, as if clocks never changed. `None` if
    /// it never runs.
    pub fn max_interval(&self) -> Option<u64> {
        let times = self.times();
        let (first, last) = (times.first()?, times.last()?);
        let within = times.iter().zip(times.iter().skip(1)).map(|(one, next)| next - one).max();
        let across = self.max_days()? * DAY - (last - first);
        Some(within.map_or(across, |within| within.max(across)))
    }

    /// The minutes of a day in which it runs, in order.
    pub fn times(&self) -> Vec<u64> {
        (0..24_u8)
            .filter(|hour| self.hours.has(*hour))
            .flat_map(|hour| (0..60_u8).map(move |minute| (hour, minute)))
            .filter(|(_, minute)| self.minutes.has(*minute))
            .map(|(hour, minute)| u64::from(hour) * 60 + u64::from(minute))
            .collect()
    }

    /// The longest gap between two days on which it runs.
    fn max_days(&self) -> Option<u64> {
        let (mut longest, mut first, mut before, mut count) = (None, None, None, 0);
        // 1 January 2000 was a Saturday
        let mut weekday = 6;
        for year in 2000..2000 + CALENDAR_YEARS {
            for month in 1..=12 {
                for day in 1..=days_of(year, month) {
                    if self.months.has(month) && self.runs_on(day, weekday) {
                        longest = longest.max(before.map(|before| count - before));
                        first.get_or_insert(count);
                        before = Some(count);
                    }
                    weekday = (weekday + 1) % 7;
                    count += 1;
                }
            }
        }
        let around = first.zip(before).map(|(first, last)| count - last + first);
        longest.max(around)
    }

    /// The shortest gap between two days on which it runs.
    fn min_days(&self) -> Option<u64> {
        let mut shortest = None;
        let (mut first, mut before) = (None, None);
        let mut count = 0;
        // 1 January 2000 was a Saturday
        let mut weekday = 6;
        for year in 2000..2000 + CALENDAR_YEARS {
            for month in 1..=12 {
                for day in 1..=days_of(year, month) {
                    if self.months.has(month) && self.runs_on(day, weekday) {
                        let gap = before.map(|before| count - before);
                        shortest = [shortest, gap].into_iter().flatten().min();
                        first.get_or_insert(count);
                        before = Some(count);
                        if shortest == Some(1) {
                            return shortest;
                        }
                    }
                    weekday = (weekday + 1) % 7;
                    count += 1;
                }
            }
        }
        let around = first.zip(before).map(|(first, last)| count - last + first);
        [shortest, around].into_iter().flatten().min()
    }

    /// Both day fields hold if one of them is `*`, else either one does.
    fn runs_on(&self, day: u8, weekday: u8) -> bool {
        let (by_day, by_weekday) = (self.days.has(day), self.weekdays.has(weekday));
        if self.days.star || self.weekdays.star { by_day && by_weekday } else { by_day || by_weekday }
    }

    /// Whether its days occur in none of its months.
    fn never_runs(&self) -> bool {
        let dated = |month| (1..=days_of(2000, month)).any(|day| self.days.has(day));
        self.weekdays.star && !(1..=12).any(|month| self.months.has(month) && dated(month))
    }
}

fn days_of(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Value for Cron {
    const WHAT: &'static str = "a cron schedule";
    const EXAMPLES: &'static [&'static str] = &["15 2 * * *", "*/10 8-18 * * MON-FRI", "0 0 1,15 */3 ?"];
    const MAX_LEN: usize = 253;

    fn pattern() -> Cow<'static, str> {
        let fields: Vec<_> = FIELDS.iter().map(Field::pattern).collect();
        format!("^{}$", fields.join(" +")).into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let refuse = |why: String| Invalid::of::<Self>(text, why);
        let fields: Vec<&str> = text.split(' ').filter(|field| !field.is_empty()).collect();
        let &[minutes, hours, days, months, weekdays] = fields.as_slice() else {
            return Err(miscounted(text, &fields));
        };
        if text.starts_with(' ') || text.ends_with(' ') {
            let refusal = refuse("it begins or ends with a space".to_owned());
            return Err(scan::propose::<Self>(refusal, text.trim_matches(' ')));
        }
        let mut sets = [Set::default(); 5];
        for ((field, written), set) in FIELDS.iter().zip(&fields).zip(&mut sets) {
            for entry in field.entries(written).map_err(|why| explain(text, written, &why))? {
                entry.add_to(set);
            }
        }
        let text = [minutes, hours, days, months, weekdays].join(" ");
        let [minutes, hours, days, months, weekdays] = sets;
        Ok(Self { text, minutes, hours, days, months, weekdays })
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.text)
    }

    /// A range that runs backwards, and a date that never comes.
    fn doubt(&self) -> Option<Invalid> {
        for (field, written) in FIELDS.iter().zip(self.text.split(' ')) {
            let entries = field.entries(written).unwrap_or_default();
            let backwards =
                entries.iter().zip(written.split(',')).find(|(entry, _)| entry.first > entry.last);
            if let Some((entry, range)) = backwards {
                let (first, last) = (entry.first, entry.last);
                let what = format!("the range `{range}` in {} runs backwards", quoted(&self.text));
                let (least, most) = (field.least, field.most);
                return Some(Invalid::doubt(
                    what,
                    format!("write two ranges: `{first}-{most},{least}-{last}`"),
                ));
            }
        }
        self.never_runs().then(|| {
            Invalid::doubt(
                format!("{} never runs: its months have no such day", quoted(&self.text)),
                "write a day that occurs; for the end of a month take the first day of the next one",
            )
        })
    }
}

fn miscounted(text: &str, fields: &[&str]) -> Invalid {
    let refuse = |why: String| Invalid::of::<Cron>(text, why);
    let count = fields.len();
    if text.starts_with("TZ=") || text.starts_with("CRON_TZ=") {
        return refuse("Kubernetes refuses a time zone in the schedule".to_owned())
            .with_help("write the zone into `timezone`, and only the five fields here");
    }
    let known = match text {
        "@yearly" | "@annually" => Some("0 0 1 1 *"),
        "@monthly" => Some("0 0 1 * *"),
        "@weekly" => Some("0 0 * * 0"),
        "@daily" | "@midnight" => Some("0 0 * * *"),
        "@hourly" => Some("0 * * * *"),
        _ => None,
    };
    if let Some(known) = known {
        return refuse("it does not show when it runs".to_owned()).with_help(format!("write `{known}`"));
    }
    if text.starts_with('@') {
        return refuse("it has no fixed times".to_owned())
            .with_help("write five fields, for example `*/30 * * * *` for every half hour");
    }
    let order = "five are needed: minute, hour, day of month, month, day of week";
    let refusal = refuse(format!("it has {count} {}, {order}", if count == 1 { "field" } else { "fields" }));
    match fields {
        [_, rest @ ..] if count == 6 => scan::propose::<Cron>(refusal, &rest.join(" ")),
        _ => refusal,
    }
}

fn explain(text: &str, written: &str, why: &str) -> Invalid {
    let refusal = Invalid::of::<Cron>(text, why);
    if text.starts_with("TZ=") || text.starts_with("CRON_TZ=") {
        return miscounted(text, &[]);
    }
    if written.contains(['L', 'W', '#']) && why.contains("day of") {
        return refusal
            .with_help("`L`, `W` and `#` are not understood by Kubernetes: write the days as numbers");
    }
    if why.contains("Sunday is `0`") {
        return refusal.with_help("write `0` or `SUN`");
    }
    refusal.with_help(
        "a field is `*`, a value, a range `1-5` or a list `1,15`, each optionally with a step: `*/10`",
    )
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, refuses};
    use super::*;

    fn cron(text: &str) -> Cron {
        Cron::parse(text).unwrap()
    }

    #[test]
    fn a_schedule_moves_within_its_hour() {
        let moved = |text: &str, by| Cron::parse(text).unwrap().moved_in_hour(by).text().into_owned();
        assert_eq!(moved("30 0 * * *", 15), "45 0 * * *");
        assert_eq!(moved("50 1 * * SUN", 20), "10 1 * * SUN");
        assert_eq!(moved("*/20 * * * *", 5), "5,25,45 * * * *");
        // as often as before is the same
        assert_eq!(moved("*/20 * * * *", 40), "*/20 * * * *");
        assert_eq!(moved("* * * * *", 7), "* * * * *");
        let (cron, later) = (Cron::parse("0,30 4 * * *").unwrap(), Cron::parse("10,40 4 * * *").unwrap());
        assert_eq!(cron.moved_in_hour(10), later);
    }

    #[test]
    fn a_daily_schedule_is_the_one_that_is_written() {
        assert_eq!(Cron::daily(0, 30), Cron::parse("30 0 * * *").unwrap());
        assert_eq!(Cron::daily(23, 5), Cron::parse("5 23 * * *").unwrap());
    }

    #[test]
    fn schedules() {
        accepts::<Cron>(&[
            ("15 2 * * *", "15 2 * * *"),
            ("0  0   1,15 */3 ?", "0 0 1,15 */3 ?"),
            ("00 03 * jan-Mar SUN,wed", "00 03 * jan-Mar SUN,wed"),
            ("5/15 1-10/2 * * ?/2", "5/15 1-10/2 * * ?/2"),
        ]);
        refuses::<Cron>(&[
            ("@daily", "does not show when", "write `0 0 * * *`"),
            ("@every 5m", "no fixed times", "`*/30 * * * *`"),
            ("TZ=UTC 0 0 * * *", "a time zone in the schedule", "`timezone`"),
            ("CRON_TZ=UTC 0 0 * *", "a time zone in the schedule", "`timezone`"),
            ("0 0 2 * * *", "it has 6 fields, five are needed", "write `0 2 * * *`"),
            ("0 2 * *", "it has 4 fields", "`15 2 * * *`"),
            ("0 2 * * 7", "Sunday is `0`", "`SUN`"),
            ("60 2 * * *", "`60` is not a minute, a number from 0 to 59", "a field is"),
            ("*/60 * * * *", "`60` is not a step of a minute", "a field is"),
            ("*/0 * * * *", "`0` is not a step", "a field is"),
            ("0 24 * * *", "`24` is not an hour", "a field is"),
            ("0 0 0 * *", "`0` is not a day of month", "a field is"),
            ("0 0 L * *", "`L` is not a day of month", "not understood by Kubernetes"),
            ("0 0 * * MON#1", "is not a day of week", "not understood by Kubernetes"),
            ("0 0 * foo *", "or a name from `jan` to `dec`", "a field is"),
            ("0,, 0 * * *", "is not a minute", "a field is"),
            ("1-2-3 0 * * *", "is not a minute", "a field is"),
            (" 0 0 * * *", "begins or ends with a space", "write `0 0 * * *`"),
        ]);
        assert_eq!(cron("30 0 * * *").with_seconds(), "0 30 0 * * *");
        assert_eq!(cron("0 1-3,22/1 * * *").hours().collect::<Vec<_>>(), [1, 2, 3, 22, 23]);
    }

    #[test]
    fn doubts() {
        for fine in ["0 0 31 1 *", "0 0 29 2 *", "0 0 31 2 MON", "0 0 31 */2 *", "0 0 31 2,3 *"] {
            assert_eq!(cron(fine).doubt(), None, "{fine}");
        }
        for never in ["0 0 31 2 *", "0 0 30,31 FEB ?", "0 0 31 4,6,9,11 *"] {
            assert!(cron(never).doubt().unwrap().what.contains("never runs"), "{never}");
            assert_eq!(cron(never).min_interval(), None, "{never}");
        }
        let doubt = cron("0 0 * * FRI-MON").doubt().unwrap();
        assert!(doubt.what.contains("`FRI-MON`") && doubt.help.unwrap().contains("`5-6,0-1`"));
    }

    #[test]
    fn shortest_gaps() {
        let table = [
            ("* * * * *", 1),
            ("*/10 * * * *", 10),
            ("*/45 * * * *", 15),
            ("0 * * * *", 60),
            ("15 2 * * *", 1440),
            ("0 0,23 * * *", 60),
            ("59 23 1 * *", 28 * 1440),
            ("0 0 1,15 * *", 14 * 1440),
            ("0 0 * * MON", 7 * 1440),
            ("0 0 * * MON-FRI", 1440),
            ("0 0 13 * FRI", 1440),
            ("0 0 */2 * *", 1440),
            ("0 0 1 1 *", 365 * 1440),
            ("0 0 29 2 *", 1461 * 1440),
            ("0,30 0 1 1 *", 30),
            ("0 0,12 1 1 *", 720),
        ];
        for (text, minutes) in table {
            assert_eq!(cron(text).min_interval(), Some(minutes), "{text}");
        }
    }

    #[test]
    fn longest_gaps() {
        let table = [
            ("* * * * *", 1),
            ("15 2 * * *", 1440),
            ("0 0,23 * * *", 23 * 60),
            ("59 23 1 * *", 31 * 1440),
            ("0 0 * * MON", 7 * 1440),
            ("0 0 * * MON-FRI", 3 * 1440),
            ("0 0 29 2 *", 2921 * 1440),
            ("0,30 0 * * *", 1440 - 30),
        ];
        for (text, minutes) in table {
            assert_eq!(cron(text).max_interval(), Some(minutes), "{text}");
        }
        assert_eq!(cron("0 0 31 2 *").max_interval(), None);
    }
}
