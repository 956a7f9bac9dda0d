//! Paths as `remove` and `final` write them: `workloads.api.env."a.b"`.

use crate::text::Text;

/// What [`parse`] accepts, as a regular expression for schemas.
pub(super) const PATTERN: &str = r#"^[ \t]*([A-Za-z0-9_-]+|"([^"\\]|\\["\\])*"|'[^']*')([ \t]*\.[ \t]*([A-Za-z0-9_-]+|"([^"\\]|\\["\\])*"|'[^']*'))*[ \t]*$"#;

/// The parts of a dotted path in which parts with other characters than letters, digits, `-` and `_` stand in quotes;
/// none when it is not one.
pub(super) fn parse(path: &str) -> Option<Vec<Text>> {
    let mut parts = Vec::new();
    let mut rest = path;
    loop {
        rest = rest.trim_start_matches([' ', '\t']);
        let (part, after) = if let quote @ ('"' | '\'') = rest.chars().next()? {
            quoted(rest.get(1..)?, quote)?
        } else {
            let end = rest.find(|c: char| !is_bare(c)).unwrap_or(rest.len());
            if end == 0 {
                return None;
            }
            (rest.get(..end)?.to_owned(), rest.get(end..)?)
        };
        parts.push(Text::from(part));
        rest = after.trim_start_matches([' ', '\t']);
        if rest.is_empty() {
            return Some(parts);
        }
        rest = rest.strip_prefix('.')?;
    }
}

fn is_bare(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

/// The text up to `quote` and what follows it. In double quotes `\"` and `\\` are escapes; others are refused.
fn quoted(rest: &str, quote: char) -> Option<(String, &str)> {
    let mut part = String::new();
    let mut chars = rest.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            c if c == quote => return Some((part, rest.get(at + 1..)?)),
            '\\' if quote == '"' => part.push(chars.next().map(|(_, c)| c).filter(|c| "\"\\".contains(*c))?),
            c => part.push(c),
        }
    }
    None
}

/// `parts` as a path that [`parse`] reads back.
pub(super) fn show<T: AsRef<str>>(parts: &[T]) -> String {
    let show = |part: &T| {
        let part = part.as_ref();
        if !part.is_empty() && part.chars().all(is_bare) {
            part.to_owned()
        } else {
            format!("\"{}\"", part.replace('\\', "\\\\").replace('"', "\\\""))
        }
    };
    parts.iter().map(show).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_read_back_and_bad_ones_are_refused() {
        for path in ["a", "a.b-c_1", "a.\"b.c\".d", "\"\"", "\"a\\\"b\\\\\"", "\"ü\".x"] {
            assert_eq!(show(&parse(path).unwrap()), path);
        }
        assert_eq!(show(&parse("'a.b' . c").unwrap()), "\"a.b\".c");
        for path in ["", " ", ".", "a.", ".a", "a..b", "a b", "a.\"b", "\"\\n\"", "a[0]", "ü", "\"a\"b"] {
            assert_eq!(parse(path), None, "{path}");
        }
    }
}
