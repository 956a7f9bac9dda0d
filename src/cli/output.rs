//! Where text goes: data to stdout, messages to stderr, each without colours unless a person looks at a terminal.

use std::io::{IsTerminal, Write};

use super::{ColorChoice, Global};
use crate::diagnostic::render::{Format, render};
use crate::diagnostic::{Diagnostic, exit_code};
use crate::inventory::Table;
use crate::source::SourceMap;

/// The two streams of the process, and how to write to them.
pub(super) struct Terminal {
    format: Format,
    color: bool,
    pub(super) quiet: bool,
}

impl Terminal {
    pub(super) fn new(global: &Global) -> Self {
        let color = match global.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never
                    && std::io::stderr().is_terminal()
            }
        };
        Terminal { format: global.output_format, color, quiet: global.quiet }
    }

    /// Writes data. A closed pipe (`specc build -o - | head`) is not worth a message.
    #[expect(clippy::unused_self, reason = "whoever has no terminal has no streams")]
    pub(super) fn data(&self, text: &str) -> u8 {
        let mut out = std::io::stdout().lock();
        u8::from(out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err()) * 2
    }

    /// Writes a list as the output format says.
    pub(super) fn list(&self, table: &Table, json: impl FnOnce() -> String) -> u8 {
        self.data(&match self.format {
            Format::Full => table.columns(),
            Format::Concise => table.lines(),
            Format::Json => json(),
            Format::Github => table.markdown(),
        })
    }

    /// Writes a message for a person.
    #[expect(clippy::unused_self, reason = "whoever has no terminal has no streams")]
    pub(super) fn message(&self, text: &str) {
        // nobody is left to be told that stderr is closed
        drop(std::io::stderr().lock().write_all(text.as_bytes()));
    }

    /// Writes a message unless it was asked for findings only.
    pub(super) fn summary(&self, text: &str) {
        if !self.quiet && matches!(self.format, Format::Full | Format::Concise) {
            self.message(text);
        }
    }

    /// Writes findings and gives the exit code that they ask for. Formats for machines are data.
    pub(super) fn findings(&self, found: &[Diagnostic], sources: &SourceMap) -> u8 {
        const WIDTH: usize = 110;
        let text = render(found, sources, self.format, self.color, WIDTH);
        match self.format {
            Format::Json | Format::Github => {
                let failed = self.data(&text);
                exit_code(found).max(failed)
            }
            Format::Full | Format::Concise => {
                self.message(&text);
                exit_code(found)
            }
        }
    }

    /// Writes one finding that belongs to no source.
    pub(super) fn failure(&self, found: Diagnostic) -> u8 {
        self.findings(&[found], &SourceMap::default())
    }
}
