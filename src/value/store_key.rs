//! Keys of a secret store.

use std::borrow::Cow;

use super::{Invalid, Value, scan};

/// The key of a secret in a store: words with `/` between them, such as a path in Vault or a name in a cloud's secret
/// manager. Letters, digits and `_.+=@-` are what the stores that External Secrets reads have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoreKey(String);

impl Value for StoreKey {
    const WHAT: &'static str = "a key of the secret store";
    const EXAMPLES: &'static [&'static str] = &["checkout/orders/signing"];
    const MAX_LEN: usize = 256;

    fn pattern() -> Cow<'static, str> {
        "^[A-Za-z0-9_.+=@-]+(?:/[A-Za-z0-9_.+=@-]+)*$".into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let allowed = |c: char| c.is_ascii_alphanumeric() || "_.+=@-/".contains(c);
        let problem = match scan::stranger(text, allowed, "letters, digits and `_.+=@-/`") {
            None if text.split('/').any(str::is_empty) => {
                Some("a `/` stands at its beginning or end, or beside another".to_owned())
            }
            problem => problem,
        };
        problem.map_or_else(|| Ok(Self(text.to_owned())), |problem| Err(Invalid::of::<Self>(text, problem)))
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
        accepts::<StoreKey>(&[("prod/a/b", "prod/a/b"), ("my-secret_1", "my-secret_1")]);
        refuses::<StoreKey>(&[
            ("/a", "at its beginning", "checkout"),
            ("a//b", "beside another", "checkout"),
            ("a b", "space", "checkout"),
        ]);
    }
}
