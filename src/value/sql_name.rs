//! Names of things in a PostgreSQL database.

use std::borrow::Cow;

use super::{Invalid, Value, scan};

/// The name of an extension or a schema: lower case, not of PostgreSQL's own (docs, 4.1.1 "Identifiers", 5.10 "Schemas").
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SqlName(String);

impl Value for SqlName {
    const WHAT: &'static str = "the name of an extension or a schema";
    const EXAMPLES: &'static [&'static str] = &["pg_trgm", "uuid-ossp"];
    const MAX_LEN: usize = 63;

    fn pattern() -> Cow<'static, str> {
        r"^[a-z_][a-z0-9_-]*$".into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let begins = text.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
        let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
        if begins && text.chars().all(known) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::of::<Self>(text, "names have lower-case letters, digits, `_` and `-`"))
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
        accepts::<SqlName>(&[("pg_trgm", "pg_trgm"), ("uuid-ossp", "uuid-ossp")]);
        refuses::<SqlName>(&[("Audit", "lower-case", "pg_trgm"), ("a.b", "lower-case", "pg_trgm")]);
    }
}
