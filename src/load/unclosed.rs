//! Finding the bracket, brace or multi-line string that was never closed.
//!
//! The TOML parser reads such a statement up to the end of the file and reports each later line as a mistake. This
//! scanner follows strings and comments only as far as it must to name the opening character.

use std::ops::Range;

/// Something that was opened and not closed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Open {
    /// `[`, `{`, `"` or `'`
    pub(super) opener: char,
    /// from the opener to where the statement should have ended
    pub(super) span: Range<usize>,
}

/// The first thing in `text` that is never closed.
pub(super) fn find(text: &str) -> Option<Open> {
    let bytes = text.as_bytes();
    let rest = |at: usize| bytes.get(at..).unwrap_or(&[]);
    let mut open: Vec<(u8, usize)> = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += match byte {
            b'#' => line_length(rest(at)),
            b'"' | b'\'' => {
                let triple = [byte; 3];
                if rest(at).starts_with(&triple) {
                    match multi_line_length(rest(at), byte) {
                        Some(length) => length,
                        None if open.is_empty() => {
                            return Some(Open { opener: char::from(byte), span: at..text.len() });
                        }
                        None => text.len() - at,
                    }
                } else {
                    string_length(rest(at), byte)
                }
            }
            b'[' | b'{' => {
                open.push((byte, at));
                1
            }
            b']' | b'}' => {
                open.pop();
                1
            }
            b'\n' if open.last().is_some_and(|(opener, _)| statement_begins(rest(at + 1), *opener)) => break,
            _ => 1,
        };
    }
    let (opener, start) = *open.first()?;
    Some(Open { opener: char::from(opener), span: start..at.min(text.len()) })
}

/// Whether the line that `rest` begins with cannot be a part of what `opener` opened: a table header, or in an array a
/// key with its `=`.
fn statement_begins(rest: &[u8], opener: u8) -> bool {
    let line = rest.get(..line_length(rest)).unwrap_or(&[]);
    let line = String::from_utf8_lossy(line);
    let line = line.split('#').next().unwrap_or("").trim();
    let is_key = |c: char| c.is_alphanumeric() || "._-\"' ".contains(c);
    let header = line.trim_start_matches('[').trim_end_matches(']');
    // `[1]` may be an item of an array of arrays, a table is not called so.
    if line.starts_with('[') && line.ends_with(']') && header.chars().all(is_key) {
        return header.chars().any(char::is_alphabetic) && !header.starts_with(['"', '\'']);
    }
    let Some((key, _)) = line.split_once('=') else { return false };
    opener == b'[' && !key.trim().is_empty() && key.chars().all(is_key)
}

fn line_length(rest: &[u8]) -> usize {
    rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len())
}

/// Length of a one-line string with its quotes, or up to the end of the line.
fn string_length(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while let Some(&byte) = rest.get(at) {
        match byte {
            b'\n' => return at,
            b'\\' if quote == b'"' && rest.get(at + 1) != Some(&b'\n') => at += 1,
            _ if byte == quote => return at + 1,
            _ => {}
        }
        at += 1;
    }
    rest.len()
}

/// Length of a multi-line string with its quotes; none when it has no end.
fn multi_line_length(rest: &[u8], quote: u8) -> Option<usize> {
    let mut at = 3;
    while let Some(&byte) = rest.get(at) {
        if byte == b'\\' && quote == b'"' {
            at += 2;
        } else if rest.get(at..)?.starts_with(&[quote; 3]) {
            // Up to two quotes may stand before the three that close.
            let quotes = rest.get(at..)?.iter().take(5).take_while(|b| **b == quote).count();
            return Some(at + quotes);
        } else {
            at += 1;
        }
    }
    None
}

/// `text` with the statement of `open` made harmless, every other byte in its place.
pub(super) fn blank(text: &str, open: &Open) -> String {
    let before = text.get(..open.span.start).unwrap_or("");
    let after = text.get(open.span.end..).unwrap_or("");
    let blanks = open.span.len().saturating_sub(1);
    // A header is blanked into a comment, a value into a number.
    let at_line_start = before.rsplit('\n').next().unwrap_or("").trim().is_empty();
    let stand_in = if at_line_start { '#' } else { '0' };
    format!("{before}{stand_in}{}{after}", " ".repeat(blanks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_culprit_is_found_and_the_rest_is_kept() {
        for (text, opener, part) in [
            ("a = [1, 2\nb = 3\n[c]\n", '[', "[1, 2"),
            ("a = [\"x]\", # ]\n  'y'\nb = [\"z\"]\n", '[', "[\"x]\", # ]\n  'y'"),
            ("a = { b = [1]\n[c]\nd = 1\n", '{', "{ b = [1]"),
            ("a = [[1],\n[2]\n[c]\n", '[', "[[1],\n[2]"),
            ("a = \"\"\"x\nb = 1\n", '"', "\"\"\"x\nb = 1\n"),
            ("ok = [1]\nü = [1\n", '[', "[1\n"),
        ] {
            let open = find(text).unwrap();
            assert_eq!((open.opener, text.get(open.span.clone()).unwrap()), (opener, part), "{text}");
            let blanked = blank(text, &open);
            assert_eq!(blanked.len(), text.len());
            assert_eq!(find(&blanked), None, "{blanked}");
        }
        assert_eq!(find("a = [1]\nb = \"\"\"[\"\"\"\"\n'k[' = 1\n\"\\\"[\" = 2\n"), None);
    }
}
