//! What specc has to say: diagnostics as plain data, collected and sorted, never printed here.
//!
//! A diagnostic is made by a constructor on top of the file that finds the mistake. It has a stable code (a kebab-case
//! name of the bad pattern, with a page in `src/diagnostic/pages/` or beside its check), says what is wrong in its title, why that matters in its notes, and
//! what to write instead in its help, and points at every place involved, in every file. The title makes sense alone.
//!
//! This module knows places, not terminals: the renderers are its children and the only readers of [`SourceMap`] text.

pub mod clean;
mod concise;
mod full;
mod github;
pub mod json;
pub mod pages;
mod protocol;
pub mod render;
pub mod suggest;

use crate::source::{Place, SourceMap};

/// How bad it is, worst first. [`Severity::exit_code`] is what the process ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// could not do it: usage, I/O, a limit, a refused output tree
    Failure,
    /// the API or an operator would refuse it, or it cannot work; cannot be lowered
    Error,
    /// works and is dangerous; can be waived with a reason, an owner and an end date
    Deny,
    /// advice
    Warning,
}

impl Severity {
    /// 2 for failures, 1 for errors and denials, 0 for warnings.
    pub fn exit_code(self) -> u8 {
        match self {
            Severity::Failure => 2,
            Severity::Error | Severity::Deny => 1,
            Severity::Warning => 0,
        }
    }

    /// The word in reports: failures are errors to a reader.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Failure | Severity::Error => "error",
            Severity::Deny => "denied",
            Severity::Warning => "warning",
        }
    }
}

/// A place with a remark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// where
    pub place: Place,
    /// what to see there; may be empty for a bare pointer
    pub text: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// stable slug
    pub code: &'static str,
    /// how bad
    pub severity: Severity,
    /// what is wrong: lower case, no final dot, makes sense alone
    pub title: String,
    /// where to change something first; none when no source is to blame
    pub primary: Option<Label>,
    /// other places that are part of the reason, in any file
    pub context: Vec<Label>,
    /// why it matters, and facts that the reader needs
    pub notes: Vec<String>,
    /// what to write instead
    pub help: Vec<String>,
    /// for findings without a place: the file or folder they are about, relative to the project's root where it is inside; the
    /// command line makes it relative to the working directory
    pub file: Option<String>,
    /// the places hold what may be a secret: renderers show no source text there
    pub secret: bool,
}

impl Diagnostic {
    /// A finding of `severity`; builder methods add the rest.
    pub fn new(severity: Severity, code: &'static str, title: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity,
            title: title.into(),
            primary: None,
            context: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
            file: None,
            secret: false,
        }
    }
    /// The API or an operator would refuse it, or it cannot work.
    pub fn error(code: &'static str, title: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, title)
    }
    /// Dangerous, waivable.
    pub fn deny(code: &'static str, title: impl Into<String>) -> Self {
        Self::new(Severity::Deny, code, title)
    }
    /// Advice.
    pub fn warning(code: &'static str, title: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, title)
    }
    /// Could not do it.
    pub fn failure(code: &'static str, title: impl Into<String>) -> Self {
        Self::new(Severity::Failure, code, title)
    }
    /// The place to change, with a remark.
    #[must_use]
    pub fn at(mut self, place: Place, text: impl Into<String>) -> Self {
        self.primary = Some(Label { place, text: text.into() });
        self
    }
    /// A further place, in any file.
    #[must_use]
    pub fn also(mut self, place: Place, text: impl Into<String>) -> Self {
        self.context.push(Label { place, text: text.into() });
        self
    }
    /// A reason.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }
    /// A remedy.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }
    /// A remedy, if there is one.
    #[must_use]
    pub fn maybe_help(mut self, text: Option<impl Into<String>>) -> Self {
        self.help.extend(text.map(Into::into));
        self
    }
    /// The file that it is about, when no place in a source is to blame.
    #[must_use]
    pub fn file(mut self, path: impl Into<String>) -> Self {
        self.file = Some(path.into());
        self
    }
    /// Marks the places as holding what may be a secret.
    #[must_use]
    pub fn secret(mut self) -> Self {
        self.secret = true;
        self
    }
}

/// Collects the findings of a run.
#[derive(Debug, Default)]
pub struct Sink {
    found: Vec<Diagnostic>,
}

impl Sink {
    /// Adds a finding; a second one that is equal (the same base file is read for each environment) is dropped when sorted.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Takes over the findings of another sink, for work done in parallel.
    pub fn append(&mut self, other: Sink) {
        self.found.extend(other.found);
    }

    /// Whether anything so far forbids going on to write.
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|d| d.severity.exit_code() > 0)
    }

    /// How many findings were pushed so far.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The findings, each once, in the order of their places: path, then position, then severity and code.
    pub fn into_sorted(self, sources: &SourceMap) -> Vec<Diagnostic> {
        let mut found = self.found;
        let key = |d: &Diagnostic| {
            let place = d.primary.as_ref().map(|l| (sources.path(l.place.source).to_owned(), l.place.span));
            (place, d.file.clone(), d.severity, d.code, d.title.clone())
        };
        found.sort_by_cached_key(key);
        found.dedup();
        found
    }
}

/// What the process ends with for these findings.
pub fn exit_code(found: &[Diagnostic]) -> u8 {
    found.iter().map(|d| d.severity.exit_code()).max().unwrap_or(0)
}
