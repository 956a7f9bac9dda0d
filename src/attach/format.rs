//! The formats whose files are parsed, told by the ending of a name.

use std::ops::Range;

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// TOML 1.1
    Toml,
    /// JSON, RFC 8259
    Json,
    /// YAML 1.2, one document or several
    Yaml,
}

impl Format {
    /// The format of a file of this name; none for any other file.
    pub fn of(name: &str) -> Option<Format> {
        match name.rsplit('/').next()?.rsplit_once('.')?.1 {
            "toml" => Some(Format::Toml),
            "json" => Some(Format::Json),
            "yaml" | "yml" => Some(Format::Yaml),
            _ => None,
        }
    }

    /// What a person calls it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Toml => "TOML",
            Format::Json => "JSON",
            Format::Yaml => "YAML",
        }
    }
}

/// Why a text is not of its format, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// bytes of the text
    pub at: Range<usize>,
    /// what is wrong
    pub what: String,
}

impl Flaw {
    /// A flaw at a line and a column, both from 1; the column in bytes.
    pub(super) fn at_line(text: &str, line: usize, column: usize, what: String) -> Flaw {
        let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let at = (start + column.saturating_sub(1)).min(text.len());
        Flaw { at: at..at, what }
    }

    /// Line and column of its beginning in `text`, both from 1; the column in characters.
    pub fn position(&self, text: &str) -> (usize, usize) {
        let before = text.get(..self.at.start).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        (line, before.rsplit('\n').next().unwrap_or("").chars().count() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_and_positions() {
        assert_eq!(Format::of("/etc/a.b/x.yml"), Some(Format::Yaml));
        assert_eq!(Format::of("/etc/a.json/x"), None);
        let flaw = Flaw::at_line("ab\ncdef\n", 2, 3, String::new());
        assert_eq!((flaw.at.start, flaw.position("ab\ncdef\n")), (5, (2, 3)));
    }
}
