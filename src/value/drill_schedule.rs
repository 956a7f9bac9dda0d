//! When a restore is tried out.

use std::borrow::Cow;

use super::{Cron, Invalid, Value};

/// `weekly`, `monthly`, or a schedule of one's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrillSchedule {
    written: String,
    cron: Cron,
}

/// Sundays, and the first of a month, at four: hours after the base backup of the night.
const WORDS: &[(&str, &str)] = &[("weekly", "0 4 * * 0"), ("monthly", "0 4 1 * *")];

impl DrillSchedule {
    /// When it runs.
    pub fn cron(&self) -> &Cron {
        &self.cron
    }
}

impl Value for DrillSchedule {
    const WHAT: &'static str = "`weekly`, `monthly` or a cron schedule";
    const EXAMPLES: &'static [&'static str] = &["weekly", "monthly", "30 5 * * 6"];
    const MAX_LEN: usize = Cron::MAX_LEN;

    fn pattern() -> Cow<'static, str> {
        let cron = Cron::pattern();
        let cron = cron.trim_start_matches('^').trim_end_matches('$');
        format!("^(?:weekly|monthly|{cron})$").into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        let word = WORDS.iter().find(|(word, _)| *word == text);
        if word.is_none() && !text.contains(' ') {
            return Err(Invalid::of::<Self>(
                text,
                "it is neither of the words, and a schedule has five fields",
            ));
        }
        let cron = Cron::parse(word.map_or(text, |(_, cron)| cron))?;
        let written = if word.is_some() { text.to_owned() } else { cron.text().into_owned() };
        Ok(Self { written, cron })
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.written)
    }

    fn doubt(&self) -> Option<Invalid> {
        self.cron.doubt()
    }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, refuses};
    use super::*;

    #[test]
    fn words_and_schedules() {
        accepts::<DrillSchedule>(&[
            ("weekly", "weekly"),
            ("monthly", "monthly"),
            ("5  4 * * 6", "5 4 * * 6"),
        ]);
        refuses::<DrillSchedule>(&[
            ("weeekly", "neither", "weekly"),
            ("0 0 4 * * 0", "6 fields", "0 4 * * 0"),
        ]);
        let days = |text| DrillSchedule::parse(text).unwrap().cron().min_interval().unwrap() / (24 * 60);
        assert_eq!((days("weekly"), days("monthly")), (7, 28));
    }
}
