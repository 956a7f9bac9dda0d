//! Names of Kubernetes objects that allow dots.

use std::borrow::Cow;

use super::{Invalid, Value, scan};

/// The name of a Secret, a `ConfigMap` or a volume snapshot class: labels with dots between, at most 253
/// characters (Kubernetes `IsDNS1123Subdomain`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subdomain(pub(super) String);

impl Value for Subdomain {
    const WHAT: &'static str = "an object name";
    const EXAMPLES: &'static [&'static str] = &["orders-db", "tls.acme.dev"];
    const MAX_LEN: usize = 253;

    fn pattern() -> Cow<'static, str> {
        format!(r"^{0}(?:\.{0})*$", scan::LABEL).into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        match scan::dns_problem(text, Self::MAX_LEN, false) {
            None => Ok(Self(text.to_owned())),
            Some(problem) => {
                let fixed: Vec<_> = text.split('.').map(scan::as_label).filter(|l| !l.is_empty()).collect();
                let refusal = Invalid::of::<Self>(text, problem);
                if fixed.is_empty() {
                    return Err(refusal);
                }
                Err(refusal.with_help(format!("write `{}`", fixed.join("."))))
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
    fn object_names() {
        accepts::<Subdomain>(&[("0a", "0a"), ("a.b-c.d", "a.b-c.d")]);
        accepts::<Subdomain>(&[(&"a".repeat(253), &"a".repeat(253))]);
        refuses::<Subdomain>(&[
            ("Orders_DB", "`O` may not stand in it", "write `orders-db`"),
            ("a..b", "a part of it is empty", "write `a.b`"),
            ("a.", "ends with a dot", "write `a`"),
            ("-a.b", "begin or end with `-`", "write `a.b`"),
            ("_", "may not stand", "`orders-db`"),
        ]);
    }
}
