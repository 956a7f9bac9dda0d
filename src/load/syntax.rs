//! What is wrong with a file's TOML, in words that say what to write.
//!
//! The `toml` crate finds the mistakes; its words are for those who know TOML's grammar. Here they become ours, and
//! mistakes that only follow from others on the same line are left out. No title repeats a value, which may be a secret.

use std::ops::Range;

use super::parse::Slip;
use super::unclosed::Open;
use crate::diagnostic::Diagnostic;
use crate::source::{Place, SourceId};

const CODE: &str = "toml-syntax";

fn duplicate_key(source: SourceId, text: &str, slip: &Slip, first: Option<Range<usize>>) -> Diagnostic {
    let key = text.get(slip.span.clone()).unwrap_or("");
    let found = if slip.message.starts_with("cannot extend") {
        Diagnostic::error("duplicate-key", format!("`{key}` has a value and cannot have keys of its own"))
            .at(Place::new(source, slip.span.clone()), "used as a table here")
            .help("write all its keys in one place, either in braces or under a table header")
    } else {
        Diagnostic::error("duplicate-key", format!("`{key}` is defined twice"))
            .at(Place::new(source, slip.span.clone()), "defined again here")
            .help("keep one of the two; the keys of one table stand under one header")
    };
    match first {
        Some(range) => found.also(Place::new(source, range), "first defined here"),
        None => found,
    }
}

/// The finding for a bracket, brace or multi-line string without an end.
pub(super) fn unclosed(source: SourceId, text: &str, open: &Open) -> Diagnostic {
    let start = open.span.start;
    let (what, close) = match open.opener {
        '[' if text.get(..start).is_some_and(|t| line_start(t).trim().is_empty()) => ("a table header", "]"),
        '[' => ("an array", "]"),
        '{' => ("an inline table", "}"),
        '"' => ("a multi-line string", "\"\"\""),
        _ => ("a multi-line string", "'''"),
    };
    Diagnostic::error(CODE, format!("{what} is never closed"))
        .at(Place::new(source, start..start + open.opener.len_utf8()), "opened here")
        .help(format!("write `{close}` where it ends"))
}

/// Whether the message says that something has no end.
pub(super) fn is_unclosed(message: &str) -> bool {
    ["unclosed array,", "unclosed inline table", "invalid multi-line basic string, expected `\"`"]
        .iter()
        .chain(&["invalid multi-line literal string, expected `'`"])
        .any(|start| message.starts_with(start))
}

/// Whether the message says that the parser's own limit on nesting was hit.
pub(super) fn is_too_deep(message: &str) -> bool {
    message.starts_with("cannot recurse") || message.starts_with("recursion limit")
}

/// Whether the message says that a key was defined before.
pub(super) fn is_duplicate(message: &str) -> bool {
    message.starts_with("duplicate key") || message.starts_with("cannot extend")
}

/// Whether the mistake is inside one value or is about one key, so that the rest of the line was understood.
fn is_local(message: &str) -> bool {
    is_duplicate(message) || (is_value(message) && !message.starts_with("string values"))
}

fn is_value(message: &str) -> bool {
    NUMBERS.iter().chain(&DATES).any(|start| message.starts_with(start))
        || [
            "string values",
            "invalid boolean",
            "invalid float",
            "missing escaped",
            "too few unicode",
            "invalid value",
        ]
        .iter()
        .any(|start| message.starts_with(start))
}

/// The slips in the order of the file, without those that follow from another one on their line.
pub(super) fn without_cascades(text: &str, mut slips: Vec<Slip>) -> Vec<Slip> {
    slips.sort_by_key(|slip| (slip.span.start, slip.span.end));
    if let Some(marker) = conflict_marker(text, &slips) {
        return vec![marker];
    }
    let mut kept: Vec<Slip> = Vec::new();
    let mut line = Vec::new();
    let mut line_end = 0;
    for slip in slips {
        if slip.span.start > line_end {
            keep(text, std::mem::take(&mut line), &mut kept);
        }
        if line.is_empty() {
            let rest = text.get(slip.span.start..).unwrap_or("");
            line_end = slip.span.start + rest.find('\n').unwrap_or(rest.len());
        }
        line.push(slip);
    }
    keep(text, line, &mut kept);
    kept
}

/// Keeps of the slips of one line all that are independent, or else the most telling one.
fn keep(text: &str, mut line: Vec<Slip>, kept: &mut Vec<Slip>) {
    line.dedup_by(|a, b| a.span == b.span);
    if line.iter().all(|slip| is_local(&slip.message)) {
        kept.append(&mut line);
        return;
    }
    let spaced = |slip: &Slip| {
        slip.message.starts_with("string values")
            && text.get(slip.span.clone()).is_some_and(|excerpt| excerpt.contains(' '))
    };
    let telling = line.iter().position(|slip| !is_value(&slip.message));
    let chosen = if line.first().is_some_and(spaced) { telling.unwrap_or(0) } else { 0 };
    kept.extend(line.into_iter().nth(chosen));
}

/// The first line that begins a conflict of a merge, if it was misread.
fn conflict_marker(text: &str, slips: &[Slip]) -> Option<Slip> {
    const MARKER: &str = "<<<<<<< ";
    let at = if text.starts_with(MARKER) { 0 } else { text.find(&format!("\n{MARKER}"))? + 1 };
    let rest = text.get(at..)?;
    let end = at + rest.find('\n').unwrap_or(rest.len());
    let misread = slips.iter().any(|slip| (at..=end).contains(&slip.span.start));
    misread.then(|| Slip { span: at..at + MARKER.len() - 1, message: CONFLICT.to_owned() })
}

const CONFLICT: &str = "conflict marker";
const NUMBERS: [&str; 14] = [
    "`_` may only",
    "integers with a radix",
    "invalid binary",
    "invalid exponent",
    "invalid fraction",
    "invalid hexadecimal",
    "invalid integer",
    "invalid mantissa",
    "invalid octal",
    "radix must",
    "redundant integer",
    "redundant numeric",
    "unexpected leading zero",
    "unexpected sign",
];
const DATES: [&str; 5] =
    ["invalid date", "invalid time", "invalid offset", "invalid datetime", "invalid date-time"];

/// Our words for `slip`.
pub(super) fn rewrite(source: SourceId, text: &str, slip: &Slip, first: Option<Range<usize>>) -> Diagnostic {
    if is_duplicate(&slip.message) {
        return duplicate_key(source, text, slip, first);
    }
    let line = Line::at(text, slip);
    let (title, label, help) = words(&slip.message, &line);
    let found = Diagnostic::error(CODE, title).at(Place::new(source, slip.span.clone()), label).help(help);
    let expected = slip.message.split_once(", expected ").map(|(_, e)| e);
    match expected {
        Some(expected) if DATES.iter().any(|d| slip.message.starts_with(d)) => {
            found.note(format!("expected {expected}"))
        }
        _ => found,
    }
}

/// The line of a mistake.
struct Line<'t> {
    /// the whole line, trimmed
    whole: &'t str,
    /// what the mistake covers
    excerpt: &'t str,
    /// what stands from the mistake on
    rest: &'t str,
}

impl<'t> Line<'t> {
    fn at(text: &'t str, slip: &Slip) -> Self {
        let before = text.get(..slip.span.start).map_or("", line_start);
        let start = slip.span.start - before.len();
        let line = text.get(start..).and_then(|t| t.split('\n').next()).unwrap_or("");
        Line {
            whole: line.trim(),
            excerpt: text.get(slip.span.clone()).unwrap_or(""),
            rest: line.get(before.len()..).unwrap_or(""),
        }
    }

    /// The line's key with its backquotes, if it is a plain one.
    fn key(&self) -> String {
        let plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        let key = self.whole.split(|c| !plain(c)).next().unwrap_or("");
        if (1..=64).contains(&key.len()) { format!("`{key}`") } else { "a key".to_owned() }
    }
}

/// The part of `before` that stands on its last line.
fn line_start(before: &str) -> &str {
    before.rsplit('\n').next().unwrap_or("")
}

/// Title, label and help for a message of the `toml` crate.
fn words(message: &str, line: &Line<'_>) -> (String, &'static str, &'static str) {
    let starts = |start: &str| message.starts_with(start);
    let fixed = |title: &str, label, help| (title.to_owned(), label, help);
    if NUMBERS.iter().any(|start| starts(start)) {
        return fixed(
            "this is not a number as TOML writes it",
            "misread from here",
            "write digits without leading zeros, with `.` between digits only; text that looks like a number needs quotes",
        );
    }
    if DATES.iter().any(|start| starts(start)) {
        return fixed(
            "this is not a date or time",
            "no such date or time",
            "write dates as `2027-03-01` and times as `07:30:00`; text that begins with digits needs quotes",
        );
    }
    match message.split(", expected").next().unwrap_or(message) {
        CONFLICT => fixed(
            "the file has the conflict markers of an unfinished merge",
            "the conflict begins here",
            "decide which side stays, and delete the lines with `<<<<<<<`, `=======` and `>>>>>>>`",
        ),
        "string values must be quoted" | "invalid boolean" | "invalid float" => bare_value(line),
        "key with no value"
        | "missing value for key"
        | "missing value"
        | "invalid unquoted key"
        | "unquoted keys cannot be empty"
        | "invalid key"
        | "invalid key-value pair" => bad_key(message, line),
        "missing comma between array elements" => fixed(
            "a comma is missing between two items of an array",
            "write `,` here",
            "items of an array are separated by commas: `[1, 2]`",
        ),
        "missing comma between key-value pairs" | "extra assignment between key-value pairs" => fixed(
            "a comma is missing between two entries of an inline table",
            "a new entry begins before this",
            "entries are separated by commas: `{ a = 1, b = 2 }`",
        ),
        "extra comma in array" | "extra comma in inline table" => {
            fixed("there is a comma too many", "nothing stands before this comma", "delete it")
        }
        "unexpected `=` in array" => fixed(
            "an array has no keys",
            "this `=` stands in an array",
            "close the array with `]` before the next key, or write its items as tables: `[{ key = 1 }]`",
        ),
        "missing array opening" => {
            fixed("a `]` closes nothing", "no `[` stands before it", "write the `[` or delete the `]`")
        }
        "missing inline table opening" => {
            fixed("a `}` closes nothing", "no `{` stands before it", "write the `{` or delete the `}`")
        }
        "missing key for inline table element"
        | "missing assignment between key-value pairs"
        | "invalid inline table element" => fixed(
            "an entry of an inline table is not `key = value`",
            "expected an entry here",
            "write entries as `{ a = 1, b = 2 }`; TOML has no templates and no `:`",
        ),
        "unclosed table" | "unclosed array table" | "missing table open" | "invalid table" => fixed(
            "a table header is not closed",
            "expected the closing bracket here",
            "write `[name]` or `[name.part]`; a name with other characters than letters, digits, `-` and `_` stands in quotes",
        ),
        "unexpected key or value" | "unexpected content" => fixed(
            "a line has more than one key with its value",
            "nothing may follow here",
            "begin a new line; a string with spaces or quotes in it needs quotes around all of it",
        ),
        "extra `=`" => fixed("there is an `=` too many", "a value belongs here", "write `key = value`"),
        "invalid basic string"
        | "invalid literal string"
        | "invalid string"
        | "invalid multi-line basic string"
        | "invalid multi-line literal string"
        | "missing opening quote" => bad_string(message),
        "missing escaped value" => fixed(
            "a backslash begins no known escape",
            "not an escape",
            "write `\\\\` for a backslash, or put the text in single quotes, where a backslash is itself",
        ),
        "too few unicode value digits" | "invalid value" => fixed(
            "an escape names no character",
            "not the number of a character",
            "`\\u` takes 4 hexadecimal digits, `\\U` takes 8, `\\x` takes 2",
        ),
        "carriage return must be followed by newline" => fixed(
            "a carriage return stands without its newline",
            "here",
            "save the file with line ends LF or CRLF",
        ),
        "invalid comment character" | "unexpected content between comment and newline" => {
            fixed("a comment has a control character", "here", "delete it")
        }
        "keys cannot be multi-line basic strings" | "keys cannot be multi-line literal strings" => fixed(
            "a key is a multi-line string",
            "this key",
            "write it in single or double quotes, on one line",
        ),
        _ => fixed("this is not TOML", "not understood", "write `key = value` or `[table]`"),
    }
}

fn bare_value(line: &Line<'_>) -> (String, &'static str, &'static str) {
    let lower = line.excerpt.trim().to_ascii_lowercase();
    let (title, label, help) = match lower.as_str() {
        "" => return no_value(line),
        "true" | "false" => {
            ("a boolean is written in lower case", "not a boolean", "write `true` or `false`")
        }
        "yes" | "no" | "on" | "off" | "y" | "n" => (
            "this is not a boolean",
            "not a boolean",
            "write `true` or `false`, or quotes around it for text",
        ),
        "null" | "nil" | "none" | "~" => (
            "TOML has no null",
            "not a value",
            "leave the key out; an overlay takes a value away with `remove = [\"path\"]`",
        ),
        word if word.starts_with(|c: char| c.is_ascii_digit()) && !word.contains(' ') => (
            "a value with a unit needs quotes",
            "neither a number nor a date",
            "write it in quotes, as in `timeout = \"5m\"`",
        ),
        _ => (
            "a string needs quotes",
            "neither a number, a date, a boolean nor a string",
            "write `key = \"text\"`",
        ),
    };
    (title.to_owned(), label, help)
}

fn no_value(line: &Line<'_>) -> (String, &'static str, &'static str) {
    (
        format!("{} has no value", line.key()),
        "expected a value here",
        "write `key = value`, or delete the line",
    )
}

fn bad_key(message: &str, line: &Line<'_>) -> (String, &'static str, &'static str) {
    let fixed = |title: &str, label, help| (title.to_owned(), label, help);
    let after_key =
        line.whole.trim_start_matches(|c: char| c.is_alphanumeric() || "_-.\"'".contains(c)).trim_start();
    if line.whole.starts_with("//") || line.whole.starts_with("/*") {
        return fixed("this is not how TOML writes a comment", "not a comment", "begin comments with `#`");
    }
    if line.whole.starts_with("- ") {
        return fixed("a list is not written with dashes", "not a key", "write `key = [\"a\", \"b\"]`");
    }
    if after_key.starts_with(':') {
        return fixed("a key and its value are joined by `:`", "misread from here", "write `key = value`");
    }
    match message.split(", expected").next().unwrap_or(message) {
        "unquoted keys cannot be empty" | "invalid key" if line.rest.starts_with('=') => {
            fixed("a key is missing", "expected a key before this", "write `key = value`")
        }
        "unquoted keys cannot be empty" | "invalid key" => fixed(
            "a key or table header has an empty part",
            "a name is missing here",
            "write a name on each side of a dot, and one between the brackets of a header",
        ),
        "invalid unquoted key" => fixed(
            "a key has a character that needs quotes",
            "this key",
            "write it in quotes; without them a key has only letters `a` to `z`, digits, `-` and `_`",
        ),
        _ => no_value(line),
    }
}

fn bad_string(message: &str) -> (String, &'static str, &'static str) {
    let fixed = |title: &str, label, help| (title.to_owned(), label, help);
    if message.contains("visible") || message.ends_with("characters") || message.ends_with("newline") {
        return fixed(
            "a string has a control character",
            "here",
            "write it as an escape in a string with double quotes, such as `\\t` or `\\u001b`",
        );
    }
    fixed(
        "a string has only one of its two quotes",
        "a quote is missing",
        "write the same quote on both sides; text over several lines stands between `\"\"\"` and `\"\"\"`",
    )
}
