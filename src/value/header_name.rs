//! Names of HTTP headers.

use std::borrow::Cow;

use super::{Invalid, Value, scan};

/// The name of an HTTP header: letters, digits and ``!#$%&'*+-.^_`|~`` (RFC 9110, 5.6.2), at most 256 characters as in the
/// Gateway API.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HeaderName(String);

impl Value for HeaderName {
    const WHAT: &'static str = "the name of a header";
    const EXAMPLES: &'static [&'static str] = &["X-Request-Id"];
    const MAX_LEN: usize = 256;

    fn pattern() -> Cow<'static, str> {
        "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$".into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        match scan::stranger(text, allowed, "letters, digits and `-`") {
            None => Ok(Self(text.to_owned())),
            Some(problem) => Err(Invalid::of::<Self>(text, problem)),
        }
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
    fn names() {
        accepts::<HeaderName>(&[("X-Api-Key", "X-Api-Key"), ("cookie", "cookie")]);
        refuses::<HeaderName>(&[("X Y", "space", "X-Request-Id"), ("X:", "`:`", "X-Request-Id")]);
    }
}
