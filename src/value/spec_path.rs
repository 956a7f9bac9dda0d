//! Paths of things in the spec.

use std::borrow::Cow;

use super::{Invalid, Value, scan};

/// Where a thing stands in the specs of a project: the service, then the table and the name of each thing on the way, with
/// dots between.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpecPath(String);

impl Value for SpecPath {
    const WHAT: &'static str = "the path of a thing";
    const EXAMPLES: &'static [&'static str] =
        &["orders.databases.main", "orders.workloads.store.volumes.data", "orders"];
    const MAX_LEN: usize = 253;

    fn pattern() -> Cow<'static, str> {
        let name = "[a-z][a-z0-9]*(?:-+[a-z0-9]+)*";
        let noun = "(?:workloads|databases|caches|queues|externals|secrets)";
        format!(r"^{name}(?:\.{noun}\.{name}(?:\.volumes\.{name})?)?$").into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let refusal = |why: &str| Invalid::of::<Self>(text, why);
        let is_name = |part: &str| {
            scan::label_problem(part, usize::MAX).is_none()
                && part.starts_with(|c: char| c.is_ascii_lowercase())
        };
        let parts: Vec<&str> = text.split('.').collect();
        let names: Vec<&str> = parts.iter().copied().step_by(2).collect();
        if parts.len().is_multiple_of(2) || parts.len() > 5 {
            return Err(refusal("it is not a service, a table and a name"));
        }
        if !names.iter().all(|name| is_name(name)) {
            return Err(refusal("a name has lower-case letters, digits and `-`, and begins with a letter"));
        }
        let nouns = ["workloads", "databases", "caches", "queues", "externals", "secrets"];
        if parts.get(1).is_some_and(|noun| !nouns.contains(noun)) {
            return Err(refusal("behind the service comes a table such as `databases`"));
        }
        if parts.get(3).is_some_and(|noun| *noun != "volumes") {
            return Err(refusal("behind the thing only `volumes` may come"));
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
    fn paths_of_things() {
        accepts::<SpecPath>(&[
            ("orders", "orders"),
            ("orders.databases.main", "orders.databases.main"),
            ("orders.workloads.store.volumes.data", "orders.workloads.store.volumes.data"),
        ]);
        refuses::<SpecPath>(&[
            ("orders.databases", "a table and a name", "orders.databases.main"),
            ("orders.tables.main", "a table such as `databases`", "orders.databases.main"),
            ("Orders", "lower-case", "orders.databases.main"),
            ("orders.workloads.store.files.x", "only `volumes`", "orders.databases.main"),
        ]);
    }
}
