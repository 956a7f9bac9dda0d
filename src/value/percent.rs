//! Percentages.

use std::fmt;

use super::Invalid;

/// A whole percentage, 1 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(u8);

impl Percent {
    /// So many percent.
    ///
    /// # Errors
    /// The number is not between 1 and 100.
    pub fn new(number: i64) -> Result<Self, Invalid> {
        match u8::try_from(number) {
            Ok(number @ 1..=100) => Ok(Self(number)),
            _ => Err(Invalid::doubt(
                format!("`{number}` is not a percentage"),
                "write a whole number between 1 and 100, for example `70`",
            )),
        }
    }

    /// The number.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::Percent;

    #[test]
    fn numbers() {
        assert_eq!(Percent::new(1).unwrap().get(), 1);
        assert_eq!(Percent::new(100).unwrap().to_string(), "100");
        for wrong in [0, -1, 101, 256 + 50] {
            assert!(Percent::new(wrong).unwrap_err().help.is_some());
        }
    }
}
