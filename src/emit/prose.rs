//! Documents for people from templates, with every value escaped on its way in: `md` for Markdown, `sh` for a shell.

use minijinja::{
    AutoEscape, Environment as Templates, UndefinedBehavior, Value, syntax::SyntaxConfig, value::Serde,
};
use serde::Serialize;

/// Renders the first of `templates`, pairs of name and text, which may include the others.
pub(super) fn render(templates: &[(&'static str, &'static str)], values: impl Serialize) -> String {
    let mut known = Templates::new();
    known.set_undefined_behavior(UndefinedBehavior::Strict);
    known.set_auto_escape_callback(|_| AutoEscape::None);
    let syntax =
        SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    if let Ok(syntax) = syntax {
        known.set_syntax(syntax);
    }
    known.add_filter("md", |value: Value| escape(&value.to_string()));
    known.add_filter("sh", |value: Value| quote(&value.to_string()));
    let rendered =
        templates.iter().try_for_each(|(name, text)| known.add_template(name, text)).and_then(|()| {
            let first = templates.first().map_or("", |(name, _)| name);
            known.get_template(first)?.render(Value::from(Serde(values)))
        });
    // the templates are part of the program: tests render them with every branch taken
    rendered.unwrap_or_else(|error| format!("this document could not be made: {error}\n"))
}

/// Text that Markdown shows as it is, in a cell of a table as well.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '@' | '~' | '&' | '!' => {
                out.push('\\');
                out.push(character);
            }
            '\n' | '\r' => out.push(' '),
            character => out.push(character),
        }
    }
    out
}

/// A word of a POSIX shell (IEEE Std 1003.1, 2.2 "Quoting"): in single quotes unless no character of it means anything.
fn quote(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+,=".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_shell() {
        for (text, expected) in [
            ("orders-api", "orders-api"),
            ("https://orders.acme.dev/v1", "https://orders.acme.dev/v1"),
            ("", "''"),
            ("a b", "'a b'"),
            ("$(x)", "'$(x)'"),
            ("it's", "'it'\\''s'"),
        ] {
            assert_eq!(quote(text), expected);
        }
    }
}
