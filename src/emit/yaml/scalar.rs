//! How a string or number is written: plain, quoted once or twice, or as a block.
//!
//! The rules lean to quotes: a needless pair costs two bytes, a missing one costs the meaning.

use std::fmt::Write as _;

use super::class::{COLON, CONTROL, Classes, MARK, NEWLINE, SPACE, TAB, WIDE, WORD, classes, is_visible};
use super::pad;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Plain,
    Single,
    Double,
    Block,
}

/// Writes a value; the lines of a block begin after `indent` spaces.
pub(super) fn string(text: &str, indent: usize, out: &mut String) {
    match style(text, classes(text)) {
        Style::Plain => out.push_str(text),
        Style::Single => single(text, out),
        Style::Double => double(text, out),
        Style::Block => block(text, indent, out),
    }
}

/// Writes a key, always on one line.
pub(super) fn key(text: &str, out: &mut String) {
    let classes = classes(text);
    match style(text, classes) {
        Style::Plain if classes & COLON == 0 => out.push_str(text),
        Style::Plain | Style::Single => single(text, out),
        Style::Double | Style::Block => double(text, out),
    }
}

/// Whether a key is written as it is, to hold the fields of the API to what is said of them.
pub(super) fn is_plain_key(text: &str) -> bool {
    let mut out = String::new();
    key(text, &mut out);
    out == text
}

/// Writes a number.
pub(super) fn int(number: i64, out: &mut String) {
    match u8::try_from(number) {
        Ok(digit @ 0..=9) => out.push(char::from(b'0' + digit)),
        // Writing to a String cannot fail.
        _ => drop(write!(out, "{number}")),
    }
}

fn style(text: &str, classes: Classes) -> Style {
    if classes & (CONTROL | NEWLINE | TAB | WIDE) != 0 {
        let visible = classes & CONTROL == 0
            && (classes & WIDE == 0 || text.chars().all(|c| matches!(c, '\n' | '\t') || is_visible(c)));
        if !visible || classes & (NEWLINE | TAB) == TAB {
            return Style::Double;
        }
        if classes & NEWLINE != 0 {
            return if fits_block(text) { Style::Block } else { Style::Double };
        }
    }
    line_style(text.as_bytes(), classes)
}

/// The style of one visible line.
fn line_style(text: &[u8], classes: Classes) -> Style {
    let word = text.strip_prefix(b"--").or(text.strip_prefix(b"-")).unwrap_or(text);
    let is_bare = word.len() == text.len();
    let begins_plain = match word {
        [] if is_bare => return Style::Double,
        [b'a'..=b'z' | b'A'..=b'Z', ..] if is_reserved(word) => return Style::Double,
        [b'a'..=b'z' | b'A'..=b'Z', ..] => true,
        [b'0'..=b'9', ..] if classes & WORD == 0 => return Style::Double,
        [b'0'..=b'9' | b'_' | b'/' | b'$' | b'(' | b'^' | 0x80.., ..] => is_bare,
        // `~`, `=` and `<<` are among these, and numbers that begin with a plus or a dot.
        _ => false,
    };
    let stays_plain = classes & MARK == 0
        && (classes & SPACE == 0 || text.last() != Some(&b' '))
        && (classes & COLON == 0 || !has_separator(text));
    if begins_plain && stays_plain { Style::Plain } else { Style::Single }
}

/// A colon before a space or at the end, which would end a key.
fn has_separator(text: &[u8]) -> bool {
    text.last() == Some(&b':') || text.windows(2).any(|pair| pair == b": ")
}

/// Words of YAML 1.1 and 1.2 in any case, those that some readers add, and `e1`, which a reader may take for a number.
fn is_reserved(word: &[u8]) -> bool {
    const WORDS: [&[u8]; 12] =
        [b"y", b"n", b"no", b"on", b"yes", b"off", b"nan", b"inf", b"null", b"true", b"false", b"infinity"];
    match word {
        [b'y' | b'n' | b'o' | b'i' | b't' | b'f' | b'Y' | b'N' | b'O' | b'I' | b'T' | b'F', ..] => {
            word.len() <= 8 && WORDS.iter().any(|reserved| reserved.eq_ignore_ascii_case(word))
        }
        [b'e' | b'E', rest @ ..] => {
            let in_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'_' | b'.');
            !rest.is_empty() && rest.iter().all(in_number)
        }
        _ => false,
    }
}

/// Whether each reader gives a block back as it was: its first line shows the indentation, and no line is only blank.
fn fits_block(text: &str) -> bool {
    !text.starts_with([' ', '\t', '\n'])
        && text
            .split('\n')
            .all(|line| line.is_empty() || line.bytes().any(|byte| !matches!(byte, b' ' | b'\t')))
}

fn block(text: &str, indent: usize, out: &mut String) {
    let body = text.trim_end_matches('\n');
    let newlines = text.len() - body.len();
    out.push_str(match newlines {
        0 => "|-",
        1 => "|",
        _ => "|+",
    });
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            pad(indent, out);
            out.push_str(line);
        }
    }
    // The caller ends the last line.
    out.extend(std::iter::repeat_n('\n', newlines.saturating_sub(1)));
}

fn single(text: &str, out: &mut String) {
    out.push('\'');
    for (index, part) in text.split('\'').enumerate() {
        if index > 0 {
            out.push_str("''");
        }
        out.push_str(part);
    }
    out.push('\'');
}

pub(super) fn double(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            _ if is_visible(character) => out.push(character),
            // Writing to a String cannot fail.
            _ => drop(match u32::from(character) {
                code @ 0..=0xffff => write!(out, "\\u{code:04X}"),
                code => write!(out, "\\U{code:08X}"),
            }),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> String {
        let mut out = String::new();
        string(text, 2, &mut out);
        out
    }

    #[test]
    fn ordinary_values_are_plain() {
        for text in [
            "api",
            "orders-api",
            "500m",
            "64Mi",
            "12s",
            "25%",
            "Europe/Berlin",
            "15 2 * * *",
            "/healthz",
            "registry.acme.dev/checkout/orders:1.2@sha256:00",
            "http://orders-cache:6379/0",
            "max-age=31536000; includeSubDomains",
            "tracecontext,baggage",
            "--maxmemory",
            "-c",
            "$(POD_IP)",
            "10.0.0.0/8",
            "Größe",
            "application/json",
            "nothing",
            "noon",
            "east",
        ] {
            assert_eq!(value(text), text);
        }
    }

    #[test]
    fn whatever_a_reader_could_take_for_something_else_is_quoted() {
        for text in [
            "",
            "y",
            "No",
            "ON",
            "null",
            "True",
            "1",
            "0.1",
            "1_000",
            "0x1F",
            "0o7",
            "1e3",
            "12:30:45",
            "2001-01-01",
            "2001-01-01T00:00:00Z",
            "1,000",
            "e5",
            "-inf",
            "NaN",
            "-E1",
            "0x1p4",
            "-1",
            "--1",
        ] {
            assert_eq!(value(text), format!("\"{text}\""));
        }
        for text in [
            "~", "=", "<<", "+1", "-1m", ".5", ".inf", "-.inf", "- a", "-", "---", "...", "key: v", "key:",
            "a #b", "#", "{{ x }}", "[a]", "*", "&a", "!t", "|", ">", "%Y", "@a", "`a", "? a", ", a", " a",
            "a ", "\\n", "\"a\"",
        ] {
            assert_eq!(value(text), format!("'{text}'"));
        }
        assert_eq!(value("it's"), "'it''s'");
    }

    #[test]
    fn what_is_not_visible_is_escaped() {
        assert_eq!(value("a\tb"), r#""a\tb""#);
        assert_eq!(value("a\r\nb"), r#""a\r\nb""#);
        assert_eq!(value("\0\u{85}\u{2028}\u{feff}"), r#""\u0000\u0085\u2028\uFEFF""#);
        assert_eq!(value("\u{202e}\u{10ffff}\"\\"), r#""\u202E\U0010FFFF\"\\""#);
        assert_eq!(value("\u{1f600}"), "\u{1f600}");
    }

    #[test]
    fn text_whose_lines_a_reader_could_lose_is_no_block() {
        for text in ["\na", " a\nb", "\ta\nb", "a\n  \nb", "a\n\u{2028}", "\n", "a\n \t"] {
            assert!(value(text).starts_with('"'), "{text:?}");
        }
        assert_eq!(value("a\n\tb # c\n"), "|\n  a\n  \tb # c");
    }

    #[test]
    fn keys_stay_on_their_line_and_hold_no_plain_colon() {
        let mut out = String::new();
        for text in ["app.kubernetes.io/name", "a:b", "on", "a\nb"] {
            key(text, &mut out);
            out.push(' ');
        }
        assert_eq!(out, r#"app.kubernetes.io/name 'a:b' "on" "a\nb" "#);
    }

    #[test]
    fn numbers() {
        let mut out = String::new();
        for number in [0, 9, 10, -1, i64::MAX, i64::MIN] {
            int(number, &mut out);
            out.push(' ');
        }
        assert_eq!(out, "0 9 10 -1 9223372036854775807 -9223372036854775808 ");
    }
}
