//! Names of environment variables.

use std::borrow::Cow;

use super::{Invalid, Value, scan};

/// The name of an environment variable: a C identifier, which every shell and runtime can read (POSIX 8.1;
/// Kubernetes allows more).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnvName(pub(super) String);

impl Value for EnvName {
    const WHAT: &'static str = "the name of an environment variable";
    const EXAMPLES: &'static [&'static str] = &["LOG_LEVEL", "POD_IP"];

    fn pattern() -> Cow<'static, str> {
        "^[A-Za-z_][A-Za-z0-9_]*$".into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let problem = scan::stranger(text, allowed, "letters, digits and `_`").or_else(|| {
            text.starts_with(|c: char| c.is_ascii_digit()).then(|| "it begins with a digit".to_owned())
        });
        match problem {
            None => Ok(Self(text.to_owned())),
            Some(problem) => {
                let folded: String = text.chars().map(|c| if allowed(c) { c } else { '_' }).collect();
                let first = if text.starts_with(|c: char| c.is_ascii_digit()) { "_" } else { "" };
                Err(Invalid::of::<Self>(text, problem).with_help(format!("write `{first}{folded}`")))
            }
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
    fn variables() {
        accepts::<EnvName>(&[("A", "A"), ("_x9", "_x9"), ("LOG_LEVEL", "LOG_LEVEL")]);
        refuses::<EnvName>(&[
            ("log-level", "`-` may not stand in it", "write `log_level`"),
            ("2ND", "begins with a digit", "write `_2ND`"),
            ("A B", "a space may not", "write `A_B`"),
        ]);
    }
}
