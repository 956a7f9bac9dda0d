//! Paths of files beside the spec.

use std::borrow::Cow;

use super::{Invalid, Value, scan};

/// A path relative to the file that names it, with `/` between its parts. Whether it leaves the project is judged when the
/// file is read, since only then is it known where the naming file stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilePath(String);

impl FilePath {
    /// The path relative to the project's root, for a path that a file in `folder` (relative to the root, without closing
    /// `/`, empty for the root) names.
    pub fn below(&self, folder: &str) -> String {
        if folder.is_empty() { self.0.clone() } else { format!("{folder}/{}", self.0) }
    }
}

impl Value for FilePath {
    const WHAT: &'static str = "a path of a file beside the spec";
    const EXAMPLES: &'static [&'static str] = &["../files/orders.toml", "logo.png"];
    const MAX_LEN: usize = 1024;

    fn pattern() -> Cow<'static, str> {
        "^[-A-Za-z0-9_.@%+=,~][-A-Za-z0-9_.@%+=,~/]*$".into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        if text.starts_with('/') {
            let why = "it begins with `/`, and only files of the project can be named";
            return Err(Invalid::of::<Self>(text, why).with_help(
                "write the path relative to the file that names it, such as `../files/orders.toml`",
            ));
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.@%+=,~/".contains(c);
        match scan::stranger(text, allowed, "letters, digits and `-_.@%+=,~/`") {
            Some(problem) => Err(Invalid::of::<Self>(text, problem)),
            None => Ok(Self(text.to_owned())),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, agrees, refuses};
    use super::*;

    #[test]
    fn paths() {
        accepts::<FilePath>(&[("a.toml", "a.toml"), ("../a/b.json", "../a/b.json")]);
        refuses::<FilePath>(&[
            ("/etc/passwd", "begins with `/`", "relative to the file"),
            ("a\\b", "`\\` may not stand", "`../files/orders.toml`"),
        ]);
        assert_eq!(FilePath::parse("../x").unwrap().below("services"), "services/../x");
        assert_eq!(FilePath::parse("x").unwrap().below(""), "x");
    }

    #[test]
    fn the_pattern_says_the_same() {
        agrees::<FilePath>();
    }
}
