//! The long human format: a header, every place with its source line, then notes and helps, drawn as rustc draws.
//!
//! Reads a finding through miette's protocol and draws it with annotate-snippets, which nothing else uses. Positions are
//! not taken from the drawing but from the sources, since long lines are cut and escapes are wider than what they stand for.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use miette::{Diagnostic, LabeledSpan, SourceCode, SpanContents};

use super::clean;

/// Lines farther apart than this are drawn as two excerpts.
const FAR: usize = 1000;

/// How it is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// ANSI colours
    pub(super) color: bool,
    /// columns to keep to where that is possible
    pub(super) width: usize,
}

/// Draws one finding, headed by `word` (the protocol knows fewer severities than we do); ends in a newline.
pub(super) fn draw(report: &dyn Diagnostic, word: &str, look: Look) -> String {
    let parts = Parts::of(report, look.width);
    let level =
        if report.severity() == Some(miette::Severity::Warning) { Level::WARNING } else { Level::ERROR };
    let mut title = level.with_name(word).primary_title(clean::one_line(&report.to_string()));
    if let Some(code) = report.code() {
        title = title.id(code.to_string());
    }
    let mut group = Group::with_title(title);
    for (index, frame) in parts.frames.iter().enumerate() {
        group = frame.draw(mark(index), group);
    }
    let digits =
        parts.frames.iter().filter_map(Frame::last_line).max().map_or(0, |line| line.to_string().len());
    let room = look.width.saturating_sub(digits.max(1) + " = note: ".len()).max(20);
    let notes = parts.notes.iter().map(|text| (Level::NOTE, text));
    for (level, text) in notes.chain(parts.helps.iter().map(|text| (Level::HELP, text))) {
        group = group.element(level.message(clean::wrap(text, room)));
    }
    // We cut lines ourselves, so the renderer shall not.
    let renderer = if look.color { Renderer::styled() } else { Renderer::plain() }.term_width(1 << 20);
    let drawn = renderer.render(&[group]);
    let places: Vec<&str> = parts.frames.iter().map(|frame| frame.place.as_str()).collect();
    let mut out = String::with_capacity(drawn.len());
    for (index, line) in drawn.lines().enumerate() {
        // Without a line number the frame would stand in the first column.
        let indent = if digits == 0 && index > 0 { " " } else { "" };
        out.push_str(&without_trailing_spaces(&format!("{indent}{}", with_places(line, &places))));
        out.push('\n');
    }
    out
}

/// What is drawn below the header.
#[derive(Debug, Default)]
struct Parts {
    frames: Vec<Frame>,
    notes: Vec<String>,
    helps: Vec<String>,
}

impl Parts {
    fn of(report: &dyn Diagnostic, width: usize) -> Self {
        let mut parts = Parts::default();
        parts.take(report, width);
        for related in report.related().into_iter().flatten() {
            let note = related.to_string();
            if !note.is_empty() {
                parts.notes.push(note);
            }
            parts.take(related, width);
        }
        if parts.frames.iter().any(|frame| frame.veiled) {
            parts.notes.push("source lines are not shown, since they may hold a secret".to_owned());
        }
        parts
    }

    /// Takes the places and the help of one part of a report.
    fn take(&mut self, part: &dyn Diagnostic, width: usize) {
        if let Some(source) = part.source_code() {
            let first = self.frames.len();
            let mut labels = part.labels().into_iter().flatten().peekable();
            if labels.peek().is_none()
                && let Ok(nothing) = source.read_span(&(0, 0).into(), 0, 0)
            {
                let place = clean::one_line(nothing.name().unwrap_or(""));
                self.frames.push(Frame { place, ..Frame::default() });
            }
            for label in labels {
                add(&mut self.frames, first, source, &label, width);
            }
        }
        self.helps.extend(part.help().map(|help| help.to_string()));
    }
}

/// Adds a label to the excerpt of its neighbours (those from index `first` on are of the same file), or begins a new one.
fn add(frames: &mut Vec<Frame>, first: usize, source: &dyn SourceCode, label: &LabeledSpan, width: usize) {
    let (Ok(at), Ok(line)) = (source.read_span(label.inner(), 0, 0), source.read_span(label.inner(), 1, 1))
    else {
        return;
    };
    let number = at.line() + 1;
    let place = clean::one_line(&format!("{}:{number}:{}", at.name().unwrap_or(""), at.column() + 1));
    let text = label.label().map(clean::one_line);
    if line.line_count() == 0 {
        frames.push(Frame { place, text, veiled: true, ..Frame::default() });
        return;
    }
    let mark = Mark {
        span: label.offset()..label.offset().saturating_add(label.len()),
        text,
        primary: label.primary(),
    };
    let taken = frames.iter_mut().skip(first).any(|frame| frame.take(number, &mark));
    if !taken {
        let room = width.saturating_sub(number.to_string().len() + 3).max(20);
        let mut frame = Frame { place, ..Frame::default() };
        frame.lines.insert(number, Line::around(&mark.span, line.as_ref(), room));
        if let Some(before) = frames.iter_mut().skip(first).find(|frame| frame.is_near(number)) {
            // between two drawn lines that are two apart, the renderer draws the one between them as well
            before.lines.append(&mut frame.lines);
            before.fill(source, room);
        } else {
            frames.push(frame);
        }
        frames.iter_mut().skip(first).any(|frame| frame.take(number, &mark));
    }
}

/// A label on its line.
#[derive(Clone, Debug)]
struct Mark {
    /// bytes of the source
    span: Range<usize>,
    text: Option<String>,
    primary: bool,
}

/// A source line, or the part of it that is near its first label.
#[derive(Debug, Default)]
struct Line {
    /// where `raw` begins in the source
    start: usize,
    /// where the next line begins in the source
    next: usize,
    raw: String,
    cut_left: bool,
    cut_right: bool,
    marks: Vec<Mark>,
}

impl Line {
    /// At most `room` characters of the line, a third of them before `span`.
    fn around(span: &Range<usize>, line: &dyn SpanContents<'_>, room: usize) -> Self {
        let text = std::str::from_utf8(line.data()).unwrap_or("");
        let start = line.span().offset();
        let next = start + line.span().len();
        let at = span.start.saturating_sub(start);
        if text.chars().count() <= room {
            return Line { start, next, raw: text.to_owned(), ..Line::default() };
        }
        let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
        let left = before.char_indices().rev().take(room / 3).last().map_or(at, |(index, _)| index);
        let shown = text.get(left..at).map_or(0, |s| s.chars().count());
        let right = after
            .char_indices()
            .nth(room.saturating_sub(shown + 6))
            .map_or(text.len(), |(index, _)| at + index);
        Line {
            start: start + left,
            next,
            raw: text.get(left..right).unwrap_or("").to_owned(),
            cut_left: left > 0,
            cut_right: right < text.len(),
            marks: Vec::new(),
        }
    }

    /// Whether the beginning of `span` is part of what is shown.
    fn holds(&self, span: &Range<usize>) -> bool {
        (self.start..=self.start + self.raw.len()).contains(&span.start)
    }

    /// The line as it is shown.
    fn shown(&self) -> String {
        let dots = |cut: bool| if cut { "..." } else { "" };
        format!("{}{}{}", dots(self.cut_left), clean::source(&self.raw), dots(self.cut_right))
    }

    /// The bytes of what is shown that stand for `span`.
    fn map(&self, span: &Range<usize>) -> Range<usize> {
        let dots = if self.cut_left { 3 } else { 0 };
        let to_shown = |at: usize| {
            let at = at.saturating_sub(self.start).min(self.raw.len());
            dots + clean::source(self.raw.get(..at).unwrap_or("")).len()
        };
        let start = to_shown(span.start);
        start..to_shown(span.end).max(start)
    }
}

/// One excerpt of one file, or its bare name.
#[derive(Debug, Default)]
struct Frame {
    /// what stands after the arrow: `path:line:column` of the place that it is about, or a path
    place: String,
    /// said instead of an excerpt
    text: Option<String>,
    /// there is an excerpt, and it must not be shown
    veiled: bool,
    lines: BTreeMap<usize, Line>,
}

impl Frame {
    fn last_line(&self) -> Option<usize> {
        self.lines.keys().next_back().copied()
    }

    fn is_near(&self, number: usize) -> bool {
        let (Some(first), Some(last)) = (self.lines.keys().next(), self.lines.keys().next_back()) else {
            return false;
        };
        !self.lines.contains_key(&number) && number + FAR >= *first && number <= last + FAR
    }

    /// Takes a label whose line is shown here.
    fn take(&mut self, number: usize, mark: &Mark) -> bool {
        let Some(line) = self.lines.get_mut(&number).filter(|line| line.holds(&mark.span)) else {
            return false;
        };
        line.marks.push(mark.clone());
        true
    }

    /// Reads the lines that stand alone between two lines of the excerpt.
    fn fill(&mut self, source: &dyn SourceCode, room: usize) {
        let gaps: Vec<(usize, usize)> = self
            .lines
            .iter()
            .filter(|(number, _)| {
                !self.lines.contains_key(&(*number + 1)) && self.lines.contains_key(&(*number + 2))
            })
            .map(|(number, line)| (number + 1, line.next))
            .collect();
        for (number, start) in gaps {
            if let Ok(between) = source.read_span(&(start, 0).into(), 1, 1) {
                self.lines.insert(number, Line::around(&(start..start), between.as_ref(), room));
            }
        }
    }

    fn draw<'a>(&'a self, mark: char, group: Group<'a>) -> Group<'a> {
        let Some(first) = self.lines.keys().next() else {
            let group = group.element(Origin::path(mark.to_string()));
            return match &self.text {
                Some(text) => group.element(Level::NOTE.no_name().message(text.as_str())),
                None => group,
            };
        };
        let mut source = String::new();
        let mut annotations: Vec<Annotation<'a>> = Vec::new();
        for number in *first..=self.last_line().unwrap_or(*first) {
            if let Some(line) = self.lines.get(&number) {
                annotations.extend(line.marks.iter().map(|mark| {
                    let Range { start, end } = line.map(&mark.span);
                    let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
                    kind.span(source.len() + start..source.len() + end).label(mark.text.as_deref())
                }));
                source.push_str(&line.shown());
            }
            source.push('\n');
        }
        group.element(
            Snippet::source(source).path(mark.to_string()).line_start(*first).annotations(annotations),
        )
    }
}

/// The character that stands for the place of a frame until it is drawn; [`clean`] lets none through from outside.
fn mark(index: usize) -> char {
    u32::try_from(index).ok().and_then(|index| char::from_u32(0xf_0000 + index)).unwrap_or('\u{f0000}')
}

/// Puts the place where its mark stands, instead of the mark and the position that the renderer counted.
fn with_places(line: &str, places: &[&str]) -> String {
    let Some((start, mark)) = line.char_indices().find(|(_, c)| *c >= '\u{f0000}') else {
        return line.to_owned();
    };
    let (before, rest) = line.split_at(start);
    let rest = rest.trim_start_matches(mark).trim_start_matches(|c: char| c == ':' || c.is_ascii_digit());
    let place = places.get(u32::from(mark) as usize - 0xf_0000).copied().unwrap_or("");
    format!("{before}{place}{rest}")
}

/// Without spaces at the end, also where only colour codes follow them.
fn without_trailing_spaces(line: &str) -> String {
    let (mut kept, mut codes) = (line, String::new());
    loop {
        kept = kept.trim_end();
        match kept.rfind("\u{1b}[").map(|at| kept.split_at(at)) {
            Some((before, code)) if code.find('m') == Some(code.len() - 1) => {
                codes.insert_str(0, code);
                kept = before;
            }
            _ => return format!("{kept}{codes}"),
        }
    }
}
