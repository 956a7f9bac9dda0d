//! Keys of Secrets and `ConfigMap`s.

use std::borrow::Cow;

use super::{Invalid, Value, scan};

/// A key of a Secret or a `ConfigMap`, which is a file name as well (Kubernetes `IsConfigMapKey`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretKey(pub(super) String);

impl Value for SecretKey {
    const WHAT: &'static str = "a key of a secret";
    const EXAMPLES: &'static [&'static str] = &["api_key", "tls.crt"];
    const MAX_LEN: usize = 253;

    fn pattern() -> Cow<'static, str> {
        r"^\.?[-_a-zA-Z0-9][-._a-zA-Z0-9]*$".into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        if let Some(problem) = scan::stranger(text, allowed, "letters, digits, `-`, `_` and `.`") {
            let fixed: String = text.chars().map(|c| if allowed(c) { c } else { '_' }).collect();
            let refusal = Invalid::of::<Self>(text, problem);
            return Err(scan::propose::<Self>(refusal, &fixed));
        }
        if text == "." || text.starts_with("..") {
            return Err(Invalid::of::<Self>(
                text,
                "it becomes a file name and may not be `.` or begin with `..`",
            ));
        }
        Ok(Self(text.to_owned()))
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, refuses};
    use super::*;

    #[test]
    fn keys() {
        accepts::<SecretKey>(&[("api_key", "api_key"), (".env", ".env"), ("a..b", "a..b"), ("-", "-")]);
        refuses::<SecretKey>(&[
            (".", "may not be `.`", "`api_key`"),
            ("..", "begin with `..`", "`api_key`"),
            ("..data", "begin with `..`", "`api_key`"),
            ("a/b", "`/` may not stand in it", "write `a_b`"),
        ]);
    }
}
