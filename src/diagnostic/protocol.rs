//! Our findings in the words of `miette`'s protocol: the one adapter between the plain data and whatever draws it.
//!
//! The protocol gives each diagnostic one source, so further files, notes and further helps are `related` diagnostics.
//! Spans are clamped here and nowhere else, and what may be a secret is veiled here: a renderer gets positions of such
//! lines and never their text.

use std::fmt;
use std::ops::Range;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::{Diagnostic, Label, Severity};
use crate::source::{Place, SourceId, SourceMap};

/// The lines that no excerpt may show, of all findings of a run: another finding may point at the same line. Beside them
/// no line is shown that looks as if it held a secret, whatever is wrong with it.
#[derive(Debug, Default)]
pub(super) struct Veil {
    lines: Vec<(SourceId, Range<usize>)>,
}

impl Veil {
    /// Covers every line that a secret finding points at.
    pub(super) fn over(found: &[Diagnostic], sources: &SourceMap) -> Self {
        let labels = found.iter().filter(|d| d.secret).flat_map(all_labels);
        let mut lines: Vec<_> = labels.map(|l| (l.place.source, covered(sources, l.place))).collect();
        lines.sort_by_key(|(source, range)| (*source, range.start, range.end));
        lines.dedup();
        Veil { lines }
    }

    fn covers(&self, source: SourceId, line: &Range<usize>, text: &str) -> bool {
        let hides = |(of, hidden): &(SourceId, Range<usize>)| {
            *of == source && hidden.start <= line.end && line.start <= hidden.end
        };
        self.lines.iter().any(hides) || text.get(line.clone()).is_some_and(crate::secret::in_line)
    }
}

/// The labels of a finding, the place to change first.
pub(super) fn all_labels(found: &Diagnostic) -> impl Iterator<Item = &Label> {
    found.primary.iter().chain(&found.context)
}

/// From the beginning of the first line of a place to the end of its last.
fn covered(sources: &SourceMap, place: Place) -> Range<usize> {
    let text = sources.text(place.source);
    let range = sources.range(place);
    let last = range.end.saturating_sub(1).max(range.start);
    line_around(text, range.start).start..line_around(text, last).end
}

/// The line that holds byte `at`, without its line end.
fn line_around(text: &str, at: usize) -> Range<usize> {
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    let rest = text.get(start..).unwrap_or("");
    let line = rest.split('\n').next().unwrap_or("");
    let line = if line.len() < rest.len() { line.strip_suffix('\r').unwrap_or(line) } else { line };
    start..start + line.len()
}

/// The part of a place that is drawn: on its first line only, inside the text, on character boundaries. It may be empty.
fn clamp(sources: &SourceMap, place: Place) -> Range<usize> {
    let range = sources.range(place);
    let line = line_around(sources.text(place.source), range.start);
    let start = range.start.min(line.end);
    start..range.end.clamp(start, line.end)
}

/// One file as the protocol's source code.
#[derive(Debug)]
struct File<'a> {
    path: &'a str,
    /// none for a file that was not read
    source: Option<SourceId>,
    sources: &'a SourceMap,
    veil: &'a Veil,
}

impl SourceCode for File<'_> {
    /// Without context the data are the span's own; with any context they are its whole first line, never more, without
    /// its line end, while the span of the answer includes that end. No data and no lines for what is veiled or not read.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let name = self.path.to_owned();
        let Some(source) = self.source else {
            let nothing = SourceSpan::new(0.into(), 0);
            return Ok(Box::new(MietteSpanContents::new_named(name, &[], nothing, 0, 0, 0)));
        };
        let text = self.sources.text(source);
        let place = Place::new(source, span.offset()..span.offset().saturating_add(span.len()));
        let position = self.sources.position(place);
        let shown = clamp(self.sources, place);
        let line = line_around(text, shown.start);
        let veiled = self.veil.covers(source, &line, text);
        let (range, span_end, column) = if before + after == 0 {
            (shown.clone(), shown.end, position.column - 1)
        } else {
            let line_end = text
                .get(line.end..)
                .and_then(|rest| rest.find('\n'))
                .map_or(text.len(), |n| line.end + n + 1);
            (line.clone(), line_end, 0)
        };
        let span = SourceSpan::new(range.start.into(), span_end - range.start);
        let data = if veiled { &[][..] } else { text.get(range).unwrap_or("").as_bytes() };
        let lines = usize::from(!veiled);
        Ok(Box::new(MietteSpanContents::new_named(name, data, span, position.line - 1, column, lines)))
    }
}

/// One finding, or one of its related parts, behind the protocol.
#[derive(Debug)]
pub(super) struct Report<'a> {
    text: &'a str,
    code: Option<&'a str>,
    severity: miette::Severity,
    help: Option<&'a str>,
    file: Option<File<'a>>,
    labels: Vec<LabeledSpan>,
    related: Vec<Report<'a>>,
}

impl<'a> Report<'a> {
    /// The finding as the protocol sees it.
    pub(super) fn new(found: &'a Diagnostic, sources: &'a SourceMap, veil: &'a Veil) -> Self {
        let mut files = files(found, sources, veil).into_iter();
        let first = files.next();
        let mut helps = found.help.iter();
        let severity = match found.severity {
            Severity::Failure | Severity::Error | Severity::Deny => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        };
        let mut report = Report {
            text: &found.title,
            code: Some(found.code),
            severity,
            help: helps.next().map(String::as_str),
            ..Report::advice()
        };
        match (first, &found.file) {
            (Some((file, labels)), _) => (report.file, report.labels) = (Some(file), labels),
            (None, Some(path)) => report.file = Some(File { path, source: None, sources, veil }),
            (None, None) => {}
        }
        report.related.extend(files.map(|(file, labels)| Report {
            file: Some(file),
            labels,
            ..Report::advice()
        }));
        report.related.extend(found.notes.iter().map(|text| Report { text, ..Report::advice() }));
        report.related.extend(helps.map(|help| Report { help: Some(help), ..Report::advice() }));
        report
    }

    fn advice() -> Self {
        Report {
            text: "",
            code: None,
            severity: miette::Severity::Advice,
            help: None,
            file: None,
            labels: Vec::new(),
            related: Vec::new(),
        }
    }
}

/// The files that a finding points into, in the order in which it names them, with the labels of each.
fn files<'a>(
    found: &'a Diagnostic,
    sources: &'a SourceMap,
    veil: &'a Veil,
) -> Vec<(File<'a>, Vec<LabeledSpan>)> {
    let mut files: Vec<(File<'a>, Vec<LabeledSpan>)> = Vec::new();
    for label in all_labels(found) {
        let source = label.place.source;
        let text = Some(label.text.clone()).filter(|text| !text.is_empty());
        let Range { start, end } = clamp(sources, label.place);
        let primary = found.primary.as_ref().is_some_and(|p| std::ptr::eq(p, label));
        let span = if primary {
            LabeledSpan::new_primary_with_span(text, (start, end - start))
        } else {
            LabeledSpan::new_with_span(text, (start, end - start))
        };
        if let Some((_, labels)) = files.iter_mut().find(|(file, _)| file.source == Some(source)) {
            labels.push(span);
        } else {
            files.push((
                File { path: sources.shown(source), source: Some(source), sources, veil },
                vec![span],
            ));
        }
    }
    files
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.code.map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }
    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }
    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.help.map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }
    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.file.as_ref().map(|file| file as &dyn SourceCode)
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
    fn related<'b>(&'b self) -> Option<Box<dyn Iterator<Item = &'b dyn miette::Diagnostic> + 'b>> {
        Some(Box::new(self.related.iter().map(|related| related as &dyn miette::Diagnostic)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_clamped_to_their_first_line() {
        let mut sources = SourceMap::default();
        let id = sources.add("a.toml", "x = 1\r\nüy = 2\n");
        let at = |range| clamp(&sources, Place::new(id, range));
        assert_eq!(at(0..1), 0..1);
        assert_eq!(at(0..12), 0..5, "a span over several lines ends with the first");
        assert_eq!(at(5..7), 5..5, "a line end is no part of a line");
        assert_eq!(at(6..7), 5..5);
        assert_eq!(at(8..10), 7..10, "from inside a character");
        assert_eq!(at(14..15), 14..14, "end of file");
        assert_eq!(at(99..999), 15..15);
        assert_eq!(line_around("a\r", 0), 0..2, "a carriage return alone ends no line");
    }
}
