//! The `specc` command: an exit code around [`specc::cli::run`].

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(specc::cli::run())
}

/// Compiling makes millions of small values, and this allocator makes them a quarter faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
