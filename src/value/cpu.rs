//! CPU quantities.

use std::borrow::Cow;

use super::{Invalid, Value, scan};

/// An amount of CPU time, in thousandths of a core: 1 to 256000.
///
/// The subset of Kubernetes quantities (`resource.Quantity`) in which people write it: `500m`, `2`, `0.5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cpu(u64);

/// No node of a public cloud has more cores to give to one container; more is an `m` that was left out.
const MOST: u64 = 256_000;

impl Cpu {
    /// So many thousandths of a core, for computed amounts: they are not held to the 256 cores of the grammar.
    pub fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Thousandths of a core.
    pub fn millis(self) -> u64 {
        self.0
    }
}

impl Value for Cpu {
    const WHAT: &'static str = "a CPU quantity";
    const EXAMPLES: &'static [&'static str] = &["500m", "2", "0.5"];
    const MAX_LEN: usize = 7;

    fn pattern() -> Cow<'static, str> {
        let millis = "(?:[1-9][0-9]{0,4}|1[0-9]{5}|2[0-4][0-9]{4}|25[0-5][0-9]{3}|256000)m";
        let part = "(?:[1-9][0-9]{0,2}|0[1-9][0-9]?|00[1-9])";
        let cores = "(?:[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])";
        format!(r"^(?:{millis}|0\.{part}|{cores}(?:\.[0-9]{{1,3}})?|256(?:\.0{{1,3}})?)$").into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        read(text).filter(|millis| (1..=MOST).contains(millis)).map(Self).ok_or_else(|| explain(text))
    }

    fn text(&self) -> Cow<'_, str> {
        if self.0.is_multiple_of(1000) {
            (self.0 / 1000).to_string().into()
        } else {
            format!("{}m", self.0).into()
        }
    }
}

/// Thousandths of a core, not yet held to the range.
fn read(text: &str) -> Option<u64> {
    if let Some(millis) = text.strip_suffix('m') {
        return scan::whole(millis, 6);
    }
    let (cores, part) = text.split_once('.').unwrap_or((text, "0"));
    let cores = if cores == "0" { 0 } else { scan::whole(cores, 3)? };
    let digits = !part.is_empty() && part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    let part: u64 = if digits { format!("{part:0<3}").parse().ok()? } else { return None };
    Some(cores * 1000 + part)
}

fn explain(text: &str) -> Invalid {
    let refuse = |why: &str| Invalid::of::<Cpu>(text, why);
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.strip_prefix(number).unwrap_or_default();
    if let Some(millis) = read(text) {
        if millis == 0 {
            return refuse("a container without CPU cannot run");
        }
        let refusal = refuse("it is more than 256 cores");
        return match scan::whole(text, 6).filter(|number| *number <= MOST) {
            Some(number) => {
                refusal.with_help(format!("write `{number}m` for {number} thousandths of a core"))
            }
            None => refusal.with_help("write at most `256`"),
        };
    }
    if matches!(unit, "Ki" | "Mi" | "Gi" | "Ti" | "k" | "M" | "G" | "T") {
        return refuse(&format!("`{unit}` is a unit of memory"))
            .with_help("write cores (`0.5`) or thousandths of a core (`500m`)");
    }
    if unit == "m" && number.contains('.') {
        return refuse("nothing is finer than a thousandth of a core")
            .with_help("write a whole number before `m`");
    }
    if unit.is_empty() && text.split_once('.').is_some_and(|(_, part)| part.len() > 3) {
        return refuse("nothing is finer than a thousandth of a core")
            .with_help("write at most three digits after the point");
    }
    if let Some(rest) = text.strip_prefix('.') {
        return scan::propose::<Cpu>(refuse("a digit before the point is missing"), &format!("0.{rest}"));
    }
    refuse("it is neither cores (`2`, `0.5`) nor thousandths of a core (`500m`)")
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, refuses};
    use super::*;

    #[test]
    fn amounts() {
        accepts::<Cpu>(&[
            ("500m", "500m"),
            ("2", "2"),
            ("0.5", "500m"),
            ("2000m", "2"),
            ("1.250", "1250m"),
            ("0.001", "1m"),
            ("256", "256"),
            ("256.000", "256"),
            ("256000m", "256"),
        ]);
        refuses::<Cpu>(&[
            ("0", "cannot run", "`500m`"),
            ("0.000", "cannot run", "`500m`"),
            ("500", "more than 256 cores", "write `500m`"),
            ("256001m", "more than 256 cores", "at most `256`"),
            ("512Mi", "unit of memory", "`500m`"),
            ("1.5m", "finer than a thousandth", "whole number"),
            ("0.0005", "finer than a thousandth", "three digits"),
            (".5", "digit before the point", "write `0.5`"),
            ("1e3", "neither cores", "`500m`"),
            ("+1", "neither cores", "`500m`"),
            ("500 m", "neither cores", "`500m`"),
            ("01", "neither cores", "`500m`"),
        ]);
        assert_eq!(Cpu::parse("0.5").unwrap(), Cpu::from_millis(500));
        assert!(Cpu::parse("2").unwrap() > Cpu::parse("1999m").unwrap());
        assert_eq!(Cpu::from_millis(512_500).to_string(), "512500m");
    }
}
