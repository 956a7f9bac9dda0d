//! `specc check`: all findings, nothing written.

use super::output::Terminal;
use super::place;
use crate::Options;

pub(super) fn run(arguments: &super::Check, terminal: &Terminal) -> u8 {
    let given: Vec<&str> = arguments.environments.iter().map(String::as_str).collect();
    let options =
        Options { as_of: arguments.as_of.as_deref(), explain: false, since: arguments.since.as_deref() };
    let (compiled, _) = place::compile(&given, given.is_empty(), options);
    let code = terminal.findings(&compiled.found, &compiled.sources);
    if code == 0 {
        let names: Vec<&str> = compiled.environments.iter().map(|e| e.name.as_str()).collect();
        terminal.summary(&format!("checked {}\n", names.join(", ")));
    }
    compiled.leave();
    code
}
