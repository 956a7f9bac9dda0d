//! Names of objects in another namespace.

use std::borrow::Cow;

use super::{Invalid, Value, scan};

/// An object in a namespace: `ingress/public`. The namespace is a DNS label of at most 63 characters, the name
/// a DNS subdomain (Kubernetes `IsDNS1123Label`, `IsDNS1123Subdomain`); together at most 253 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NamespacedName {
    namespace: String,
    name: String,
}

impl NamespacedName {
    /// The namespace.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The name of the object.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Value for NamespacedName {
    const WHAT: &'static str = "a namespace and a name";
    const EXAMPLES: &'static [&'static str] = &["ingress/public"];
    const MAX_LEN: usize = 253;

    fn pattern() -> Cow<'static, str> {
        format!(r"^{}/{1}(?:\.{1})*$", scan::LABEL_63, scan::LABEL).into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let refuse = |why: String| Invalid::of::<Self>(text, why);
        let Some((namespace, name)) = text.split_once('/') else {
            let help = "write the namespace, `/` and the name, for example `ingress/public`";
            return Err(refuse("the namespace is missing".to_owned()).with_help(help));
        };
        if let Some(problem) = scan::label_problem(namespace, 63) {
            return Err(refuse(format!("its namespace is wrong: {problem}")));
        }
        match scan::dns_problem(name, Self::MAX_LEN, false) {
            None => Ok(Self { namespace: namespace.to_owned(), name: name.to_owned() }),
            Some(problem) => Err(refuse(format!("its name is wrong: {problem}"))),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        format!("{}/{}", self.namespace, self.name).into()
    }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, refuses};
    use super::*;

    #[test]
    fn names() {
        accepts::<NamespacedName>(&[("ingress/public", "ingress/public"), ("1/a.b", "1/a.b")]);
        refuses::<NamespacedName>(&[
            ("public", "the namespace is missing", "`ingress/public`"),
            ("a.b/c", "its namespace is wrong: `.` may not stand", "`ingress/public`"),
            ("a/B", "its name is wrong: `B` may not stand", "`ingress/public`"),
            ("a/b/c", "its name is wrong: `/` may not stand", "`ingress/public`"),
            ("/b", "its namespace is wrong: a part of it is empty", "`ingress/public`"),
        ]);
        let name = NamespacedName::parse("ingress/public").unwrap();
        assert_eq!((name.namespace(), name.name()), ("ingress", "public"));
    }
}
