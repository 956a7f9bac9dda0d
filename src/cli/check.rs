//! `specc check`: all findings, nothing written.

use std::path::Path;

use super::output::Terminal;
use crate::project::Wanted;

pub(super) fn run(arguments: &super::Check, terminal: &Terminal) -> u8 {
    let given: Vec<&str> = arguments.environments.iter().map(String::as_str).collect();
    let start = given.first().map_or(Path::new("."), |first| Path::new(first));
    let wanted = if given.is_empty() { Wanted::All } else { Wanted::Some(&given) };
    let compiled = crate::compile(start, wanted, arguments.as_of.as_deref());
    let code = terminal.findings(&compiled.found, &compiled.sources);
    if code == 0 {
        let names: Vec<&str> = compiled.environments.iter().map(|e| e.name.as_str()).collect();
        terminal.summary(&format!("checked {}\n", names.join(", ")));
    }
    code
}
