//! Modes of files.

use std::borrow::Cow;

use super::{Invalid, Value, scan};

/// Who may read and execute a file: three octal digits behind a zero, as `chmod` takes them. Nobody writes to a file of a
/// ConfigMap, so no digit has the bit for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileMode(u16);

impl FileMode {
    /// The bits, as the API takes them: in a decimal number.
    pub fn bits(self) -> i32 {
        i32::from(self.0)
    }
}

impl Value for FileMode {
    const WHAT: &'static str = "a mode of a file that is only read";
    const EXAMPLES: &'static [&'static str] = &["0444", "0555"];
    const MAX_LEN: usize = 4;

    fn pattern() -> Cow<'static, str> {
        "^0[0145][0145][0145]$".into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let digits = text.strip_prefix('0').filter(|rest| rest.len() == 3);
        let Some(bits) = digits.and_then(|digits| u16::from_str_radix(digits, 8).ok()) else {
            return Err(Invalid::of::<Self>(text, "a mode has three octal digits behind a zero"));
        };
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Invalid::of::<Self>(text, "a mode has three octal digits behind a zero"));
        }
        if bits & 0o222 != 0 {
            let why = "nobody can write to a file of a ConfigMap";
            let readable = format!("write `0{:03o}`", bits & !0o222);
            return Err(Invalid::of::<Self>(text, why).with_help(readable));
        }
        Ok(Self(bits))
    }

    fn text(&self) -> Cow<'_, str> {
        format!("0{:03o}", self.0).into()
    }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, agrees, refuses};
    use super::*;

    #[test]
    fn modes() {
        accepts::<FileMode>(&[("0444", "0444"), ("0555", "0555")]);
        refuses::<FileMode>(&[
            ("444", "behind a zero", "`0444`"),
            ("0+44", "behind a zero", "`0444`"),
            ("0755", "nobody can write", "write `0555`"),
        ]);
        assert_eq!(FileMode::parse("0440").unwrap().bits(), 288);
    }

    #[test]
    fn the_pattern_says_the_same() {
        agrees::<FileMode>();
    }
}
