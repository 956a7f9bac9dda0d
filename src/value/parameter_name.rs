//! Names of PostgreSQL settings.

use std::borrow::Cow;

use super::{Invalid, Value, scan};

/// The name of a setting of PostgreSQL, in lower case; those of extensions have a dot (PostgreSQL docs, 20.1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParameterName(String);

impl Value for ParameterName {
    const WHAT: &'static str = "the name of a PostgreSQL setting";
    const EXAMPLES: &'static [&'static str] = &["random_page_cost", "pg_stat_statements.max"];
    const MAX_LEN: usize = 63;

    fn pattern() -> Cow<'static, str> {
        r"^[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)?$".into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let word = |word: &str| {
            word.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
                && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        };
        let fits = text.split('.').count() <= 2 && text.split('.').all(word);
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::of::<Self>(text, "settings have lower-case letters, digits and `_`"))
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
        accepts::<ParameterName>(&[("work_mem", "work_mem"), ("a.b_c", "a.b_c")]);
        refuses::<ParameterName>(&[("Work_Mem", "lower-case", "random"), ("a.b.c", "lower-case", "random")]);
    }
}
