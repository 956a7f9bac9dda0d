//! `specc completions`: a script for a shell.

use super::output::Terminal;

pub(super) fn run(arguments: &super::Completions, terminal: &Terminal) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::command(), "specc", &mut script);
    terminal.data(&String::from_utf8_lossy(&script))
}
