//! The program itself, run in a folder with an environment of its own.

use std::path::Path;

use snapbox::cmd::Command;

/// `specc` with `arguments`, in `folder`, with nothing of the caller's environment that could matter.
pub(crate) fn specc<'a>(folder: &Path, arguments: impl IntoIterator<Item = &'a str>) -> Command {
    Command::new(env!("CARGO_BIN_EXE_specc")).current_dir(folder).env_clear().args(arguments)
}

/// What a run printed to stdout; it must end with `code`.
#[track_caller]
pub(crate) fn stdout<'a>(folder: &Path, arguments: impl IntoIterator<Item = &'a str>, code: i32) -> String {
    let output = specc(folder, arguments).assert().code(code).get_output().clone();
    String::from_utf8(output.stdout).unwrap()
}
