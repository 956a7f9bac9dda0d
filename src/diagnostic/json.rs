//! One JSON document for programs; its shape is published as `schema/diagnostics.schema.json`.
//!
//! It holds positions and our words, never the source's text. A new field raises the minor version, a changed or removed
//! one the major version.

use serde_json::{Value, json};

use super::render::{Tally, end_of};
use super::{Diagnostic, Label, Severity};
use crate::source::SourceMap;

/// The version of the document's shape.
pub const FORMAT_VERSION: &str = "1.0";

/// The document, all findings in the order given; ends in a newline.
pub(super) fn document(found: &[Diagnostic], sources: &SourceMap) -> String {
    let tally = Tally::of(found);
    let document = json!({
        "format_version": FORMAT_VERSION,
        "diagnostics": found.iter().map(|d| finding(d, sources)).collect::<Vec<Value>>(),
        "summary": {
            "total": found.len(),
            "errors": tally.errors,
            "denied": tally.denied,
            "warnings": tally.warnings,
        },
    });
    ascii_controls(&format!("{document:#}\n"))
}

fn finding(found: &Diagnostic, sources: &SourceMap) -> Value {
    let severity = match found.severity {
        Severity::Failure => "failure",
        Severity::Error => "error",
        Severity::Deny => "deny",
        Severity::Warning => "warning",
    };
    let path = found.primary.as_ref().map(|label| sources.shown(label.place.source));
    json!({
        "code": found.code,
        "severity": severity,
        "title": found.title,
        "file": path.or(found.file.as_deref()),
        "primary": found.primary.as_ref().map(|label| place(label, sources)),
        "context": found.context.iter().map(|label| place(label, sources)).collect::<Vec<Value>>(),
        "notes": found.notes,
        "help": found.help,
    })
}

fn place(label: &Label, sources: &SourceMap) -> Value {
    let start = sources.position(label.place);
    let end = end_of(label.place, sources);
    json!({
        "path": sources.shown(label.place.source),
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "text": label.text,
    })
}

/// Writes what a terminal could obey or hide as `\uXXXX`. Such characters stand in strings only, where JSON allows it.
fn ascii_controls(json: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && super::clean::is_hostile(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // writing to a String cannot fail
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}
