//! Workflow commands, which GitHub shows at the lines of a pull request.
//!
//! Escapes are those of GitHub's toolkit (`actions/toolkit`, `packages/core/src/command.ts`): `%`, CR and LF everywhere,
//! `:` and `,` in properties. A step shows ten annotations.

use super::render::{Tally, end_of};
use super::{Diagnostic, Severity, clean};
use crate::source::SourceMap;

/// How many annotations GitHub shows for a step.
const SHOWN: usize = 10;

/// One command a finding, the worst first; beyond what GitHub shows, the last one says how many more there are.
pub(super) fn commands(found: &[Diagnostic], sources: &SourceMap) -> String {
    let mut sorted: Vec<&Diagnostic> = found.iter().collect();
    sorted.sort_by_key(|d| d.severity);
    let shown = if sorted.len() > SHOWN { SHOWN - 1 } else { SHOWN };
    let mut commands: Vec<String> = sorted.iter().take(shown).map(|d| command(d, sources)).collect();
    let rest = sorted.get(shown..).unwrap_or(&[]);
    if !rest.is_empty() {
        let tally = Tally::of(rest.iter().copied());
        commands.push(format!("::notice title=specc::and {} more: {tally}\n", rest.len()));
    }
    commands.concat()
}

fn command(found: &Diagnostic, sources: &SourceMap) -> String {
    let name = match found.severity {
        Severity::Failure | Severity::Error | Severity::Deny => "error",
        Severity::Warning => "warning",
    };
    let mut properties: Vec<(&str, String)> = Vec::new();
    if let Some(label) = &found.primary {
        let start = sources.position(label.place);
        let end = end_of(label.place, sources);
        properties.push(("file", sources.shown(label.place.source).to_owned()));
        properties.push(("line", start.line.to_string()));
        if start.line == end.line {
            properties.push(("col", start.column.to_string()));
        }
        properties.push(("endLine", end.line.to_string()));
        // GitHub takes columns only for annotations on one line.
        if start.line == end.line {
            properties.push(("endColumn", end.column.to_string()));
        }
    } else if let Some(file) = &found.file {
        properties.push(("file", file.clone()));
    }
    properties.push(("title", format!("{}[{}]", found.severity.word(), found.code)));
    let properties: Vec<String> =
        properties.iter().map(|(key, value)| format!("{key}={}", property(value))).collect();

    let mut message = vec![clean::one_line(&found.title)];
    let remarks = [("note", &found.notes), ("help", &found.help)];
    for (word, texts) in remarks {
        message.extend(texts.iter().map(|text| format!("{word}: {}", clean::lines(text).join("\n"))));
    }
    format!("::{name} {}::{}\n", properties.join(","), data(&message.join("\n")))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(&clean::one_line(text)).replace(':', "%3A").replace(',', "%2C")
}
