//! One field of a cron schedule: its numbers, its names, its pattern.

use super::super::quoted;

/// What a field counts and in which bounds.
pub(super) struct Field {
    /// one of what it counts, for messages
    pub(super) what: &'static str,
    pub(super) least: u8,
    pub(super) most: u8,
    /// lower-case names of the values from `least` on
    names: &'static [&'static str],
    /// pattern of the numbers, one leading zero allowed
    numbers: &'static str,
    /// pattern of the steps
    steps: &'static str,
}

/// The five fields in their order.
pub(super) const FIELDS: [Field; 5] = [
    Field {
        what: "a minute",
        least: 0,
        most: 59,
        names: &[],
        numbers: "[0-5]?[0-9]",
        steps: "[1-9]|[1-5][0-9]",
    },
    Field {
        what: "an hour",
        least: 0,
        most: 23,
        names: &[],
        numbers: "[01]?[0-9]|2[0-3]",
        steps: "[1-9]|1[0-9]|2[0-3]",
    },
    Field {
        what: "a day of month",
        least: 1,
        most: 31,
        names: &[],
        numbers: "0?[1-9]|[12][0-9]|3[01]",
        steps: "[1-9]|[12][0-9]|3[01]",
    },
    Field {
        what: "a month",
        least: 1,
        most: 12,
        names: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        numbers: "0?[1-9]|1[0-2]",
        steps: "[1-9]|1[0-2]",
    },
    Field {
        what: "a day of week",
        least: 0,
        most: 6,
        names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
        numbers: "0?[0-6]",
        steps: "[1-6]",
    },
];

/// The values of a field, one bit each, and whether it names all of them with `*`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Set {
    pub(super) bits: u64,
    pub(super) star: bool,
}

impl Set {
    pub(super) fn has(self, value: u8) -> bool {
        self.bits >> value & 1 == 1
    }
}

/// One entry of a list: the values from `first` to `last`, every `step`th.
pub(super) struct Entry {
    pub(super) first: u8,
    pub(super) last: u8,
    step: u8,
    star: bool,
}

impl Field {
    /// Accepts what [`Field::entries`] accepts.
    pub(super) fn pattern(&self) -> String {
        let either = |letter: char| ['[', letter, letter.to_ascii_uppercase(), ']'];
        let folded =
            |name: &&str| std::iter::once('|').chain(name.chars().flat_map(either)).collect::<String>();
        let names: String = self.names.iter().map(folded).collect();
        let value = format!("(?:{}{names})", self.numbers);
        let entry = format!("(?:[*?]|{value}(?:-{value})?)(?:/(?:{}))?", self.steps);
        format!("{entry}(?:,{entry})*")
    }

    /// The entries of a field's text, or what is wrong with it.
    pub(super) fn entries(&self, text: &str) -> Result<Vec<Entry>, String> {
        text.split(',').map(|entry| self.entry(entry)).collect()
    }

    fn entry(&self, text: &str) -> Result<Entry, String> {
        let (range, step) = text.split_once('/').map_or((text, None), |(range, step)| (range, Some(step)));
        let step_value = match step {
            None => 1,
            Some(step) => self.step(step)?,
        };
        if matches!(range, "*" | "?") {
            return Ok(Entry { first: self.least, last: self.most, step: step_value, star: step_value == 1 });
        }
        let (first, last) = if let Some((first, last)) = range.split_once('-') {
            (self.value(first)?, self.value(last)?)
        } else {
            let first = self.value(range)?;
            (first, if step.is_some() { self.most } else { first })
        };
        Ok(Entry { first, last, step: step_value, star: false })
    }

    fn step(&self, text: &str) -> Result<u8, String> {
        let plain =
            !text.starts_with('0') && text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        let step = if plain { text.parse::<u8>().ok() } else { None };
        step.filter(|step| (1..=self.most).contains(step)).ok_or_else(|| {
            format!("{} is not a step of {}, a number from 1 to {}", quoted(text), self.what, self.most)
        })
    }

    fn value(&self, text: &str) -> Result<u8, String> {
        let named = self.names.iter().zip(self.least..).find(|(name, _)| name.eq_ignore_ascii_case(text));
        if let Some((_, value)) = named {
            return Ok(value);
        }
        let plain = text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = if plain { text.parse::<u8>().ok() } else { None };
        number.filter(|number| (self.least..=self.most).contains(number)).ok_or_else(|| {
            if text == "7" && self.what == "a day of week" {
                return "`7` is not a day of week, Sunday is `0`".to_owned();
            }
            let names = match (self.names.first(), self.names.last()) {
                (Some(first), Some(last)) => format!(" or a name from `{first}` to `{last}`"),
                _ => String::new(),
            };
            let (least, most) = (self.least, self.most);
            format!("{} is not {}, a number from {least} to {most}{names}", quoted(text), self.what)
        })
    }
}

impl Entry {
    pub(super) fn add_to(&self, set: &mut Set) {
        set.star |= self.star;
        for value in (self.first..=self.last).step_by(usize::from(self.step)) {
            set.bits |= 1 << value;
        }
    }
}
