//! Names of things in the spec.

use std::borrow::Cow;

use super::{Invalid, Value, scan};

/// The name of a service, a workload or another thing: a DNS label that begins with a letter, since Services
/// are named after it (RFC 1035 label; Kubernetes `IsDNS1035Label`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(pub(super) String);

impl Value for Name {
    const WHAT: &'static str = "a name";
    const EXAMPLES: &'static [&'static str] = &["orders", "payments-api"];
    const MAX_LEN: usize = 63;

    fn pattern() -> Cow<'static, str> {
        "^[a-z][a-z0-9]*(?:-+[a-z0-9]+)*$".into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        if let Some(problem) = scan::label_problem(text, Self::MAX_LEN) {
            let fixed = scan::as_label(text);
            let refusal = Invalid::of::<Self>(text, problem);
            return Err(if fixed == text { refusal } else { scan::propose::<Self>(refusal, &fixed) });
        }
        if !text.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Err(Invalid::of::<Self>(text, "it does not begin with a letter"));
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
    fn names() {
        accepts::<Name>(&[("orders", "orders"), ("a", "a"), ("a--b", "a--b"), ("v2", "v2")]);
        refuses::<Name>(&[
            ("", "something must stand here", "`orders`"),
            ("Orders_API", "`O` may not stand in it", "write `orders-api`"),
            ("a.b", "`.` may not stand in it", "write `a-b`"),
            ("orders-", "begin or end with `-`", "write `orders`"),
            ("2fast", "does not begin with a letter", "`orders`"),
        ]);
        refuses::<Name>(&[(&"a".repeat(64), "64 characters, at most 63", "shorten")]);
    }
}
