//! Findings as text, in the format that the caller asks for. Prints nothing itself.

use std::collections::BTreeSet;
use std::fmt;

use super::protocol::{Report, Veil};
use super::{Diagnostic, Severity, concise, full, github, json};
use crate::source::{Place, Position, SourceMap, Span};

/// How findings are written: `--output-format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// with source lines, reasons and remedies
    #[default]
    Full,
    /// one line each
    Concise,
    /// one JSON document
    Json,
    /// workflow commands for annotations on GitHub
    Github,
}

/// The human formats show this many findings.
const SHOWN: usize = 100;

/// The findings in `format`, in the order given; ends in a newline unless it is empty.
///
/// Without findings it is empty, except for JSON, whose document has an empty list then. `color` and `width` (columns)
/// matter to [`Format::Full`] alone. Findings that hold secrets show no source text, and neither does any other
/// finding on the same lines. Of more than 100 findings the human formats show the worst and count the rest.
pub fn render(
    found: &[Diagnostic],
    sources: &SourceMap,
    format: Format,
    color: bool,
    width: usize,
) -> String {
    match format {
        Format::Json => json::document(found, sources),
        Format::Github => github::commands(found, sources),
        Format::Concise => all_concise(found, sources),
        Format::Full if found.is_empty() => String::new(),
        Format::Full => all_full(found, sources, full::Look { color, width: width.clamp(40, 240) }),
    }
}

fn all_concise(found: &[Diagnostic], sources: &SourceMap) -> String {
    let mut parts: Vec<String> = worst(found).iter().map(|d| concise::line(d, sources)).collect();
    if found.len() > SHOWN {
        parts.push(format!("and {} more: {} in all\n", found.len() - SHOWN, Tally::of(found)));
    }
    parts.concat()
}

fn all_full(found: &[Diagnostic], sources: &SourceMap, look: full::Look) -> String {
    let veil = Veil::over(found, sources);
    let draw = |d: &&Diagnostic| full::draw(&Report::new(d, sources, &veil), d.severity.word(), look) + "\n";
    let mut parts: Vec<String> = worst(found).iter().map(draw).collect();
    if found.len() > SHOWN {
        parts.push(format!("and {} more\n", found.len() - SHOWN));
    }
    let codes: BTreeSet<&str> = found.iter().map(|d| d.code).collect();
    let code = codes.first().filter(|_| codes.len() == 1).unwrap_or(&"<code>");
    parts.push(format!("{}\nfor more: specc explain {code}\n", Tally::of(found)));
    parts.concat()
}

/// The findings to show, in the order given: warnings do not crowd out errors.
fn worst(found: &[Diagnostic]) -> Vec<&Diagnostic> {
    let mut indexed: Vec<(usize, &Diagnostic)> = found.iter().enumerate().collect();
    indexed.sort_by_key(|(_, d)| d.severity);
    indexed.truncate(SHOWN);
    indexed.sort_by_key(|(index, _)| *index);
    indexed.into_iter().map(|(_, d)| d).collect()
}

/// `path:line:column` of a finding, or the file that it is about.
pub(super) fn place_of(found: &Diagnostic, sources: &SourceMap) -> Option<String> {
    found.primary.as_ref().map(|label| sources.locate(label.place)).or_else(|| found.file.clone())
}

/// The position after the last character of a place.
pub(super) fn end_of(place: Place, sources: &SourceMap) -> Position {
    let end = place.span.end.max(place.span.start);
    sources.position(Place { source: place.source, span: Span { start: end, end } })
}

/// How many findings there are of each kind; as text `2 errors, 1 denied, 1 warning`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// failures and errors
    pub errors: usize,
    /// denials
    pub denied: usize,
    /// warnings
    pub warnings: usize,
}

impl Tally {
    /// Counts them.
    pub fn of<'a>(found: impl IntoIterator<Item = &'a Diagnostic>) -> Self {
        let mut tally = Tally::default();
        for d in found {
            match d.severity {
                Severity::Failure | Severity::Error => tally.errors += 1,
                Severity::Deny => tally.denied += 1,
                Severity::Warning => tally.warnings += 1,
            }
        }
        tally
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
        let mut parts = Vec::new();
        if self.errors > 0 {
            parts.push(count(self.errors, "error"));
        }
        if self.denied > 0 {
            parts.push(format!("{} denied", self.denied));
        }
        if self.warnings > 0 {
            parts.push(count(self.warnings, "warning"));
        }
        if parts.is_empty() {
            return f.write_str("no findings");
        }
        f.write_str(&parts.join(", "))
    }
}

#[cfg(test)]
mod tests;
