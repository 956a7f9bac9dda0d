//! One line a finding: `path:line:column: error[code] title (help: ...)`.

use super::render::place_of;
use super::{Diagnostic, clean};
use crate::source::SourceMap;

/// The line of one finding, with its newline.
pub(super) fn line(found: &Diagnostic, sources: &SourceMap) -> String {
    let place =
        place_of(found, sources).map_or(String::new(), |place| format!("{}: ", clean::one_line(&place)));
    let help = found.help.first().map_or(String::new(), |help| format!(" (help: {})", clean::one_line(help)));
    let title = clean::one_line(&found.title);
    format!("{place}{}[{}] {title}{help}\n", found.severity.word(), found.code)
}
