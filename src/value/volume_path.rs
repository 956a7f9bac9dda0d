//! Paths inside of a volume.

use std::borrow::Cow;

use super::{Invalid, Value, quoted, scan};

/// A relative path inside of a volume (core/v1 `KeyToPath.path`: not absolute, no part `..`, and none that begins with it).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VolumePath(String);

impl Value for VolumePath {
    const WHAT: &'static str = "a path inside of a volume";
    const EXAMPLES: &'static [&'static str] = &["tls/ca.crt", "app.toml"];
    const MAX_LEN: usize = 1024;

    fn pattern() -> Cow<'static, str> {
        let part = r"\.?[-A-Za-z0-9_][-A-Za-z0-9_.]*";
        format!("^{part}(?:/{part})*$").into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        if let Some(rest) = text.strip_prefix('/') {
            let refusal = Invalid::of::<Self>(text, "it begins with `/`, and is inside of the volume");
            return Err(scan::propose::<Self>(refusal, rest));
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
        if let Some(problem) = scan::stranger(text, allowed, "letters, digits and `-_./`") {
            return Err(Invalid::of::<Self>(text, problem));
        }
        let wrong = text.split('/').find(|part| matches!(*part, "" | ".") || part.starts_with(".."));
        match wrong {
            Some(part) => Err(Invalid::of::<Self>(text, format!("{} may not be a part of it", quoted(part)))),
            None => Ok(Self(text.to_owned())),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, agrees, refuses};
    use super::*;

    #[test]
    fn paths() {
        accepts::<VolumePath>(&[
            ("a", "a"),
            ("tls/ca.crt", "tls/ca.crt"),
            (".env", ".env"),
            ("a/.b", "a/.b"),
        ]);
        refuses::<VolumePath>(&[
            ("/etc/a", "begins with `/`", "write `etc/a`"),
            ("a/../b", "`..` may not be a part", "`tls/ca.crt`"),
            ("..data", "`..data` may not be a part", "`tls/ca.crt`"),
            ("a//b", "may not be a part", "`tls/ca.crt`"),
            ("./a", "`.` may not be a part", "`tls/ca.crt`"),
            ("a b", "may not stand", "`tls/ca.crt`"),
        ]);
    }

    #[test]
    fn the_pattern_says_the_same() {
        agrees::<VolumePath>();
    }
}
