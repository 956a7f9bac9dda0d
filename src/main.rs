//! The `specc` command: an exit code around [`specc::cli::run`].

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(specc::cli::run())
}

/// Compiling makes millions of small values; this allocator takes a sixth off a build's CPU time (docs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
