//! The `specc` command: an exit code around [`specc::cli::run`].

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(specc::cli::run())
}
