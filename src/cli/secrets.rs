//! `specc secrets`: what must be in the secret store, and who reads it.

use super::output::Terminal;
use super::place;
use crate::Options;
use crate::inventory::{kept, secrets};

pub(super) fn run(arguments: &super::Secrets, terminal: &Terminal) -> u8 {
    let given: Vec<&str> = arguments.environments.iter().map(String::as_str).collect();
    let (compiled, _) = place::compile(&given, arguments.all, Options::default());
    if compiled.environments.is_empty() {
        return terminal.findings(&compiled.found, &compiled.sources).max(1);
    }
    if arguments.kept {
        let kept: Vec<kept::Kept> = compiled.environments.iter().flat_map(kept::list).collect();
        return terminal.list(&kept::table(&kept), || kept::json(&kept));
    }
    let needed: Vec<secrets::Needed> = compiled.environments.iter().flat_map(secrets::list).collect();
    terminal.list(&secrets::table(&needed), || secrets::json(&needed))
}
