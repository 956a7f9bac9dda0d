//! Where text came from: files, spans in them, and places (a span in a file).
//!
//! Vocabulary only; it depends on nothing and knows nothing of TOML, layers or diagnostics.

use std::sync::OnceLock;

/// A source file of one run, as an index into its [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceId(u32);

/// A range of bytes in one source, `start` inclusive and `end` exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// first byte
    pub start: u32,
    /// one past the last byte
    pub end: u32,
}

/// A span in a known source: what every key, value and diagnostic points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// the file
    pub source: SourceId,
    /// the bytes in it
    pub span: Span,
}

impl Place {
    /// The place of the bytes `range` in `source`. Sources are at most 1 MiB, so 32 bits hold every offset.
    pub fn new(source: SourceId, range: std::ops::Range<usize>) -> Self {
        let byte = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Place { source, span: Span { start: byte(range.start), end: byte(range.end) } }
    }
}

/// A position as people count it: line and column from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// line, from 1
    pub line: usize,
    /// column in characters, from 1
    pub column: usize,
}

#[derive(Debug)]
struct Source {
    path: String,
    /// the revision that it is of, if not what stands on the disk
    revision: Option<String>,
    /// `path` with what stands before it, where there is something
    shown: Option<String>,
    text: String,
    /// where each line but the first begins; made when the first position is asked for
    lines: OnceLock<Vec<usize>>,
}

/// All sources of a run, in the order in which they were read.
#[derive(Debug, Default)]
pub struct SourceMap {
    sources: Vec<Source>,
    prefix: String,
}

impl SourceMap {
    /// Adds a file under `path`, which is relative to the project's root and uses `/`.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> SourceId {
        self.add_of(None, path, text)
    }

    /// Adds a file of a revision, which is shown as git writes it: `<revision>:<path>`.
    pub fn add_of(
        &mut self,
        revision: Option<&str>,
        path: impl Into<String>,
        text: impl Into<String>,
    ) -> SourceId {
        let id = SourceId(u32::try_from(self.sources.len()).unwrap_or(u32::MAX));
        let (path, revision) = (path.into(), revision.map(str::to_owned));
        let shown = self.prefixed(&path, revision.as_deref());
        self.sources.push(Source { path, revision, shown, text: text.into(), lines: OnceLock::new() });
        id
    }

    /// Sets what stands before every path that a person is shown: the way from their working directory to the project's
    /// root, such as `environments/` or `../`. Nothing at first.
    pub fn show_below(&mut self, prefix: impl Into<String>) {
        self.prefix = prefix.into();
        let shown: Vec<_> = self
            .sources
            .iter()
            .map(|source| self.prefixed(&source.path, source.revision.as_deref()))
            .collect();
        for (source, shown) in self.sources.iter_mut().zip(shown) {
            source.shown = shown;
        }
    }

    fn prefixed(&self, path: &str, revision: Option<&str>) -> Option<String> {
        match revision {
            Some(revision) => Some(format!("{revision}:{}{path}", self.prefix)),
            None => (!self.prefix.is_empty()).then(|| format!("{}{path}", self.prefix)),
        }
    }

    fn get(&self, id: SourceId) -> Option<&Source> {
        self.sources.get(id.0 as usize)
    }

    /// The path relative to the project's root; empty for an id of another map.
    pub fn path(&self, id: SourceId) -> &str {
        self.get(id).map_or("", |s| &s.path)
    }

    /// The path as a person is shown it: with the prefix; empty for an id of another map.
    pub fn shown(&self, id: SourceId) -> &str {
        self.get(id).map_or("", |s| s.shown.as_deref().unwrap_or(&s.path))
    }

    /// The whole text; empty for an id of another map.
    pub fn text(&self, id: SourceId) -> &str {
        self.get(id).map_or("", |s| &s.text)
    }

    /// The source with this path, as it is shown or relative to the project's root, if it was read.
    pub fn find(&self, path: &str) -> Option<SourceId> {
        let path = path.trim_start_matches("./");
        let shown = || self.sources.iter().position(|s| s.shown.as_deref() == Some(path));
        let index =
            shown().or_else(|| self.sources.iter().position(|s| s.path == path && s.revision.is_none()))?;
        Some(SourceId(u32::try_from(index).unwrap_or(u32::MAX)))
    }

    /// Every source, in reading order.
    pub fn ids(&self) -> impl Iterator<Item = SourceId> {
        (0..u32::try_from(self.sources.len()).unwrap_or(u32::MAX)).map(SourceId)
    }

    /// The bytes of `place` as a range that is safe to slice: inside the text and on character boundaries.
    pub fn range(&self, place: Place) -> std::ops::Range<usize> {
        let text = self.text(place.source);
        let clamp = |at: u32| {
            let mut at = (at as usize).min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = clamp(place.span.start);
        start..clamp(place.span.end).max(start)
    }

    /// The text at `place`.
    pub fn excerpt(&self, place: Place) -> &str {
        self.text(place.source).get(self.range(place)).unwrap_or("")
    }

    /// The whole line on which `place` begins, without its line end.
    pub fn line(&self, place: Place) -> &str {
        let (text, at) = (self.text(place.source), self.range(place).start);
        let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
        text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("")
    }

    /// The first position of `place`.
    pub fn position(&self, place: Place) -> Position {
        let Some(source) = self.get(place.source) else {
            return Position { line: 1, column: 1 };
        };
        let at = self.range(place).start;
        let lines = source
            .lines
            .get_or_init(|| source.text.match_indices('\n').map(|(newline, _)| newline + 1).collect());
        let before = lines.partition_point(|start| *start <= at);
        let start = before.checked_sub(1).and_then(|index| lines.get(index)).copied().unwrap_or(0);
        let column = source.text.get(start..at).map_or(0, |text| text.chars().count());
        Position { line: before + 1, column: column + 1 }
    }

    /// `path:line:column` of the first position of `place`, the path as it is shown.
    pub fn locate(&self, place: Place) -> String {
        let Position { line, column } = self.position(place);
        format!("{}:{line}:{column}", self.shown(place.source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_survive_bad_spans() {
        let mut map = SourceMap::default();
        let id = map.add("a.toml", "x = 1\nüy = 2\n");
        assert_eq!(map.position(Place::new(id, 8..9)), Position { line: 2, column: 2 });
        assert_eq!(
            map.excerpt(Place::new(id, 7..9)),
            "üy",
            "a span that starts inside a character is widened"
        );
        assert_eq!(map.excerpt(Place::new(id, 40..90)), "");
        assert_eq!(map.locate(Place::new(id, 0..1)), "a.toml:1:1");
    }

    #[test]
    fn paths_are_shown_from_where_the_person_stands() {
        let mut map = SourceMap::default();
        let first = map.add("a.toml", "x = 1\n");
        map.show_below("../shop/");
        let second = map.add("b/c.toml", "");
        assert_eq!(map.locate(Place::new(first, 0..1)), "../shop/a.toml:1:1");
        assert_eq!((map.path(second), map.shown(second)), ("b/c.toml", "../shop/b/c.toml"));
        for path in ["b/c.toml", "./b/c.toml", "../shop/b/c.toml"] {
            assert_eq!(map.find(path), Some(second), "{path}");
        }
        assert_eq!(map.find("shop/b/c.toml"), None);
    }
}
