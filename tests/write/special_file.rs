//! A device or FIFO in the place of a file made a tool hang or die (CVE-2025-55199).

use std::fs;
use std::os::unix::net::UnixListener;

use specc::write::{LedgerProblem, Reason, WriteError};

use super::{Project, fifo, refusals, snapshot, tree};

#[test]
fn fifos_and_sockets_are_refused_at_once() {
    let project = Project::new();
    project.build(&tree(&[("a", "1"), ("gone", "1")])).unwrap();
    for path in ["a", "gone"] {
        fs::remove_file(project.at(path)).unwrap();
        fifo(&project.at(path));
    }
    fifo(&project.at("folder"));
    let _socket = UnixListener::bind(project.at("socket")).unwrap();
    let next = tree(&[("a", "1"), ("folder/x", "1"), ("socket", "1")]);
    let special = |path| (path, Reason::Special);
    project.refused(&next, &[special("a"), special("folder"), special("gone"), special("socket")]);
    let before = snapshot(project.root());
    assert_eq!(refusals(project.force(&next)).len(), 3);
    assert_eq!(snapshot(project.root()), before);
}

#[test]
fn the_ledger_is_a_fifo() {
    let project = Project::new();
    fs::create_dir_all(project.at("")).unwrap();
    fifo(&project.at("specc.lock"));
    let result = project.build(&tree(&[("a", "1")]));
    assert!(matches!(result, Err(WriteError::Ledger { problem: LedgerProblem::NotText, .. })));
}

#[test]
fn those_beside_are_left_alone() {
    let project = Project::new();
    fs::create_dir_all(project.at("a")).unwrap();
    fifo(&project.at("a/pipe"));
    let before = snapshot(&project.at(""));
    project.build(&tree(&[("a/b", "1")])).unwrap();
    project.build(&tree(&[])).unwrap();
    assert_eq!(snapshot(&project.at(""))["a/pipe"], before["a/pipe"]);
}
