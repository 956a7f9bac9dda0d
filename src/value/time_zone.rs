//! Time zones.

use std::borrow::Cow;

use super::time_zone_names::NAMES;
use super::{Invalid, Value, scan};

/// A time zone by its name in the IANA database (RFC 6557; `CronJob.spec.timeZone`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeZone(&'static str);

impl TimeZone {
    /// The zone of universal time.
    pub const UTC: Self = Self("Etc/UTC");

    /// The name, as it is written out.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl Value for TimeZone {
    const WHAT: &'static str = "a time zone";
    const EXAMPLES: &'static [&'static str] = &["Europe/Berlin", "Etc/UTC"];
    const MAX_LEN: usize = 32;

    fn pattern() -> Cow<'static, str> {
        format!("^(?:{})$", NAMES.join("|").replace('+', r"\+")).into()
    }

    fn choices() -> Option<&'static [&'static str]> {
        Some(NAMES)
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        if let Some(name) = NAMES.binary_search(&text).ok().and_then(|at| NAMES.get(at)) {
            return Ok(Self(name));
        }
        scan::bounded::<Self>(text)?;
        let refusal = Invalid::of::<Self>(text, "the IANA database has no zone of this name");
        let folded = text.trim().replace(' ', "_");
        Err(match NAMES.iter().find(|name| name.eq_ignore_ascii_case(&folded)) {
            Some(name) => refusal.with_help(format!("write `{name}`")),
            None => {
                refusal.with_help("write a continent and a city, for example `Europe/Berlin`, or `Etc/UTC`")
            }
        })
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, refuses};
    use super::*;

    #[test]
    fn zones() {
        accepts::<TimeZone>(&[
            ("Europe/Berlin", "Europe/Berlin"),
            ("UTC", "UTC"),
            ("Etc/GMT+5", "Etc/GMT+5"),
        ]);
        refuses::<TimeZone>(&[
            ("europe/berlin", "no zone of this name", "write `Europe/Berlin`"),
            ("America/New York", "no zone of this name", "write `America/New_York`"),
            ("Europe/Bern", "no zone of this name", "a continent and a city"),
            ("UTC+2", "no zone of this name", "`Etc/UTC`"),
            ("Local", "no zone of this name", "`Etc/UTC`"),
        ]);
        assert_eq!(TimeZone::parse("Etc/UTC"), Ok(TimeZone::UTC));
    }

    #[test]
    fn the_names_are_sorted_and_short() {
        assert!(NAMES.is_sorted_by(|one, next| one < next));
        assert_eq!(NAMES.iter().map(|name| name.len()).max(), Some(TimeZone::MAX_LEN));
        for name in NAMES {
            assert_eq!(TimeZone::parse(name).unwrap().as_str(), *name);
        }
    }
}
