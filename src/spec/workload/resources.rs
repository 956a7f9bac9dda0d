//! Limits of CPU, memory and time, which may also be left out.

use std::borrow::Cow;

use crate::value::{Bytes, Cpu, Duration, Invalid, Value};

/// A limit, or the word `none`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit<T> {
    /// at most so much
    At(T),
    /// as much as there is
    None,
}

/// A limit of CPU.
pub type CpuLimit = Limit<Cpu>;
/// A limit of memory.
pub type MemoryLimit = Limit<Bytes>;

/// What a limit is called in messages.
pub trait Limited: Value {
    /// its name with the article
    const LIMIT: &'static str;
    /// what may be written
    const LIMITS: &'static [&'static str];
}

impl Limited for Cpu {
    const LIMIT: &'static str = "a CPU limit";
    const LIMITS: &'static [&'static str] = &["2", "none"];
}

impl Limited for Bytes {
    const LIMIT: &'static str = "a memory limit";
    const LIMITS: &'static [&'static str] = &["1Gi", "none"];
}

impl Limited for Duration {
    const LIMIT: &'static str = "a limit of time";
    const LIMITS: &'static [&'static str] = &["30s", "none"];
}

impl<T: Limited> Value for Limit<T> {
    const WHAT: &'static str = T::LIMIT;
    const EXAMPLES: &'static [&'static str] = T::LIMITS;
    const MAX_LEN: usize = T::MAX_LEN;
    fn pattern() -> Cow<'static, str> {
        format!("^none$|{}", T::pattern()).into()
    }
    fn parse(text: &str) -> Result<Self, Invalid> {
        if text == "none" { Ok(Limit::None) } else { T::parse(text).map(Limit::At) }
    }
    fn text(&self) -> Cow<'_, str> {
        match self {
            Limit::At(limit) => limit.text(),
            Limit::None => "none".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_an_amount_or_none() {
        assert_eq!(CpuLimit::parse("none").unwrap(), Limit::None);
        assert_eq!(CpuLimit::parse("500m").unwrap(), Limit::At(Cpu::from_millis(500)));
        assert_eq!(MemoryLimit::parse("1Gi").unwrap().text(), "1Gi");
        assert!(MemoryLimit::parse("no").is_err());
    }
}
