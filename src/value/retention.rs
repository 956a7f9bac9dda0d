//! How long backups are kept.

use std::borrow::Cow;

use super::{Invalid, Value, scan};

/// Days, weeks or months: `30d`, `4w`, `6m`, as Barman takes them (`^[1-9][0-9]*[dwm]$` of the `ObjectStore` definition).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Retention {
    number: u32,
    unit: char,
}

impl Retention {
    /// Seven days.
    pub const WEEK: Retention = Retention { number: 7, unit: 'd' };

    /// How many days it is at least; a month has 28.
    pub fn days(self) -> u32 {
        self.number.saturating_mul(match self.unit {
            'w' => 7,
            'm' => 28,
            _ => 1,
        })
    }

    /// How many days it is at most; a month has 31.
    pub fn most_days(self) -> u32 {
        if self.unit == 'm' { self.number.saturating_mul(31) } else { self.days() }
    }
}

impl Value for Retention {
    const WHAT: &'static str = "a time to keep backups";
    const EXAMPLES: &'static [&'static str] = &["30d", "4w", "6m"];
    const MAX_LEN: usize = 5;

    fn pattern() -> Cow<'static, str> {
        "^[1-9][0-9]{0,3}[dwm]$".into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let refusal = || Invalid::of::<Self>(text, "it is not a number of days, weeks or months");
        let unit = text.chars().next_back().filter(|c| "dwm".contains(*c)).ok_or_else(refusal)?;
        let digits = text.trim_end_matches(unit);
        let plain = !digits.starts_with('0') && digits.len() + 1 == text.len();
        let number = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
        match number.filter(|_| plain) {
            Some(number) => Ok(Self { number, unit }),
            None => Err(refusal()),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        format!("{}{}", self.number, self.unit).into()
    }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, refuses};
    use super::*;

    #[test]
    fn times() {
        accepts::<Retention>(&[("30d", "30d"), ("4w", "4w"), ("12m", "12m")]);
        refuses::<Retention>(&[
            ("30", "days", "30d"),
            ("0d", "days", "30d"),
            ("1y", "days", "30d"),
            ("dd", "days", "30d"),
        ]);
        assert_eq!(Retention::parse("2w").unwrap().days(), 14);
        let months = Retention::parse("2m").unwrap();
        assert_eq!((months.days(), months.most_days()), (56, 62));
    }
}
