//! Makes foreign text safe to print: what could move a cursor, colour a line, hide or reorder text becomes a visible escape.
//!
//! Every human format sends all text through here, whoever wrote it. It knows nothing of diagnostics.

use std::fmt::Write as _;

/// Longest text of one message, in characters: names in spec files may be 64 KiB long, messages may not.
const LONGEST: usize = 2000;

/// Whether `c` does something else than standing there: control characters (ANSI and OSC sequences begin with one),
/// marks that reorder text (UAX #9), characters that cannot be seen, and the private planes, which [`super::full`] uses itself.
pub(super) fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
            | '\u{e0000}'..='\u{10ffff}')
}

fn push(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if is_hostile(c) => {
            // writing to a String cannot fail
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        }
        c => out.push(c),
    }
}

/// `text` on one line, every hostile character as an escape (`\n`, `\u{1b}`); cut with `...` after 2,000 characters.
pub fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(LONGEST));
    for (index, c) in text.chars().enumerate() {
        if index == LONGEST {
            out.push_str("...");
            break;
        }
        push(&mut out, c);
    }
    out
}

/// Like [`one_line`] for each line of `text`: line breaks of our own messages stay, a carriage return before one goes.
pub fn lines(text: &str) -> Vec<String> {
    text.lines().map(one_line).collect()
}

/// A piece of a source line as it is shown: tabs are four columns, everything else as in [`one_line`], nothing is cut.
/// The result of a concatenation is the concatenation of the results, so offsets can be mapped.
pub(super) fn source(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => out.push_str("    "),
            c => push(&mut out, c),
        }
    }
    out
}

/// Breaks `text` into lines of at most `width` characters. Breaks stand at spaces outside of backticks; lines that begin
/// with a space are code to paste and stay whole, and so does a word that is too long.
pub(super) fn wrap(text: &str, width: usize) -> String {
    let wrapped: Vec<String> = lines(text).iter().map(|line| wrap_line(line, width)).collect();
    wrapped.join("\n")
}

fn wrap_line(line: &str, width: usize) -> String {
    if line.starts_with(' ') || line.chars().count() <= width {
        return line.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for word in words(line) {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            out.push('\n');
            used = 0;
        } else if used > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += length;
    }
    out
}

/// The words of a line, where what stands in backticks is one word with its neighbours.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let balanced = line.matches('`').count().is_multiple_of(2);
    let mut quoted = false;
    line.split(move |c: char| {
        quoted ^= c == '`' && balanced;
        c == ' ' && !quoted
    })
    .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_characters_become_escapes() {
        assert_eq!(one_line("a\x1b[31mb\u{9b}c\u{202e}d\r\n\t"), "a\\u{1b}[31mb\\u{9b}c\\u{202e}d\\r\\n\\t");
        assert_eq!(one_line("grün 日本 🦀"), "grün 日本 🦀");
        assert_eq!(lines("a\r\n  b\u{7}"), ["a", "  b\\u{7}"]);
        assert_eq!(source("\tx\u{0}"), "    x\\u{0}");
        assert_eq!(one_line(&"x".repeat(9999)).len(), LONGEST + 3);
    }

    #[test]
    fn wrapping_keeps_code_whole() {
        assert_eq!(wrap("one two three", 8), "one two\nthree");
        assert_eq!(wrap("write `image = \"x\"` here", 10), "write\n`image = \"x\"`\nhere");
        assert_eq!(
            wrap("below:\n    a = 1 # a long line to paste", 10),
            "below:\n    a = 1 # a long line to paste"
        );
        assert_eq!(wrap("an odd ` is only a character", 12), "an odd ` is\nonly a\ncharacter");
    }
}
