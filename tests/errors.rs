//! What only a disk can show: each mistake has its message and its exit code, and leaves the output as it was.

mod canary;
mod input;
mod output;

use std::collections::BTreeMap;
use std::path::Path;

use crate::specc::{Project, Run};

/// A new project that was built, so that there is output to spoil.
fn built() -> Project {
    let project = Project::new();
    assert_eq!(project.specc(["build", "dev"]).code, Some(0));
    project
}

/// Everything below the project's output folder, by path: bytes, or what stands there instead of a file.
fn output(project: &Project) -> BTreeMap<String, Vec<u8>> {
    project.files("deploy")
}

/// A build that is refused and changes nothing.
#[track_caller]
fn refused(project: &Project, arguments: &[&str]) -> Run {
    let before = output(project);
    let run = project.specc(["build"].iter().chain(arguments).copied());
    assert_eq!(output(project), before, "the output is as it was");
    run
}

fn fifo(path: &Path) {
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, path, rustix::fs::FileType::Fifo, mode, 0).unwrap();
}
