//! Keys and values of Kubernetes labels and annotations.

use std::borrow::Cow;

use super::{Invalid, Value, scan};

/// The key of a label or an annotation: a name of at most 63 characters, before it optionally a DNS name and
/// `/` (Kubernetes `IsLabelKey`). The whole is held to 253 characters; Kubernetes would take 317.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelKey(pub(super) String);

/// The value of a label: empty, or at most 63 letters, digits and inner `-`, `_`, `.` (Kubernetes
/// `IsLabelValue`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelValue(pub(super) String);

fn name_problem(text: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    if text.is_empty() {
        return Some("its name is missing".to_owned());
    }
    if let Some(problem) = scan::stranger(text, allowed, "letters, digits, `-`, `_` and `.`") {
        return Some(problem);
    }
    let inner = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric());
    if inner(text.chars().next()) || inner(text.chars().next_back()) {
        return Some("it does not begin and end with a letter or digit".to_owned());
    }
    (text.len() > 63).then(|| format!("its name has {} characters, at most 63 are allowed", text.len()))
}

impl Value for LabelKey {
    const WHAT: &'static str = "a label key";
    const EXAMPLES: &'static [&'static str] = &["team", "app.kubernetes.io/name"];
    const MAX_LEN: usize = 253;

    fn pattern() -> Cow<'static, str> {
        let name = "[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
        format!(r"^(?:{0}(?:\.{0})*/)?{name}$", scan::LABEL).into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let (prefix, name) = text.split_once('/').map_or((None, text), |(prefix, name)| (Some(prefix), name));
        let problem = prefix
            .and_then(|prefix| scan::dns_problem(prefix, Self::MAX_LEN, false))
            .map(|problem| format!("what stands before `/` is no DNS name: {problem}"))
            .or_else(|| name_problem(name));
        match problem {
            None => Ok(Self(text.to_owned())),
            Some(problem) => Err(Invalid::of::<Self>(text, problem)),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

impl Value for LabelValue {
    const WHAT: &'static str = "a label value";
    const EXAMPLES: &'static [&'static str] = &["team-checkout", "v1.2"];
    const MAX_LEN: usize = 63;

    fn pattern() -> Cow<'static, str> {
        "^(?:[A-Za-z0-9]+(?:[-._]+[A-Za-z0-9]+)*)?$".into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        if text.is_empty() {
            return Ok(Self(String::new()));
        }
        scan::bounded::<Self>(text)?;
        match name_problem(text) {
            None => Ok(Self(text.to_owned())),
            Some(problem) => {
                let fold = |c: char| if c.is_ascii_alphanumeric() || "-._".contains(c) { c } else { '-' };
                let folded: String = text.chars().map(fold).collect();
                let fixed = folded.trim_matches(|c: char| !c.is_ascii_alphanumeric());
                let refusal = Invalid::of::<Self>(text, problem);
                Err(if fixed.is_empty() { refusal } else { refusal.with_help(format!("write `{fixed}`")) })
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
    fn label_keys() {
        let longest = format!("{}/{}", "a".repeat(189), "b".repeat(63));
        accepts::<LabelKey>(&[("team", "team"), ("a.io/b_C.d", "a.io/b_C.d"), (&longest, &longest)]);
        refuses::<LabelKey>(&[
            ("Acme.io/team", "before `/`", "`team`"),
            ("/team", "before `/`", "`team`"),
            ("a.io/", "its name is missing", "`team`"),
            ("a/b/c", "`/` may not stand in it", "`team`"),
            ("_team", "begin and end", "`team`"),
        ]);
        refuses::<LabelKey>(&[(&"a".repeat(64), "its name has 64", "`team`")]);
    }

    #[test]
    fn label_values() {
        accepts::<LabelValue>(&[("", ""), ("a", "a"), ("1.2-rc_1", "1.2-rc_1")]);
        refuses::<LabelValue>(&[
            ("feature/x", "`/` may not", "write `feature-x`"),
            ("1.0+build", "`+` may not", "write `1.0-build`"),
            ("-a", "begin and end", "write `a`"),
        ]);
    }
}
