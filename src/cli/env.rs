//! `specc env`: the variables of every workload, environments side by side.

use super::output::Terminal;
use super::place;
use crate::Options;
use crate::inventory::variables;

pub(super) fn run(arguments: &super::Env, terminal: &Terminal) -> u8 {
    let given: Vec<&str> = arguments.environments.iter().map(String::as_str).collect();
    let (compiled, _) =
        place::compile(&given, arguments.matrix, Options { as_of: None, explain: true, since: None });
    if compiled.environments.is_empty() {
        return terminal.findings(&compiled.found, &compiled.sources).max(1);
    }
    let matrix = variables::matrix(&compiled.environments, &compiled.sources);
    terminal.list(&matrix.table(), || matrix.json())
}
