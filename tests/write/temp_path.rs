//! A temporary path with a known name that somebody else had made first (CVE-2023-40026).

use std::fs;
use std::path::Path;

use super::{Project, fifo, snapshot, symlink, tree};

/// Builds twice with `make` in the place of the staging directory; neither it nor `outside` may change.
fn with_foreign(make: impl Fn(&Path)) {
    let project = Project::new();
    let outside = project.root().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("specc.lock"), "mine").unwrap();
    fs::create_dir(project.root().join("deploy")).unwrap();
    let stage = project.root().join("deploy/.specc-stage-dev");
    make(&stage);
    let before = snapshot(project.root());
    for text in ["1", "2"] {
        let tree = tree(&[("a/b", text), ("c", text)]);
        project.build(&tree).unwrap();
        assert!(project.drift(&tree).is_empty());
    }
    let after = snapshot(project.root());
    for (path, entry) in before {
        assert_eq!(after.get(&path), Some(&entry), "{path}");
    }
    let left = after.keys().filter(|path| path.starts_with("deploy/.specc-stage-dev~")).count();
    assert_eq!(left, 0, "ours is gone");
}

#[test]
fn a_link() {
    with_foreign(|stage| symlink("../outside", stage));
}

#[test]
fn a_file() {
    with_foreign(|stage| fs::write(stage, "mine").unwrap());
}

#[test]
fn a_fifo() {
    with_foreign(fifo);
}

#[test]
fn a_folder_with_something_in_it() {
    with_foreign(|stage| {
        fs::create_dir(stage).unwrap();
        fs::write(stage.join("a"), "mine").unwrap();
    });
}

#[test]
fn a_folder_with_a_ledger_and_a_guest() {
    let other = Project::new();
    other.build(&tree(&[("a/b", "1"), ("c", "1")])).unwrap();
    let ledger = other.text("specc.lock");
    for (path, text) in
        [("guest", "1"), ("a/guest", "1"), ("a/b", "not 1"), (".old/0", "mine"), (".pending", "mine")]
    {
        with_foreign(|stage| {
            fs::create_dir_all(stage.join("a")).unwrap();
            fs::create_dir_all(stage.join(".old")).unwrap();
            fs::write(stage.join("specc.lock"), &ledger).unwrap();
            fs::write(stage.join("c"), "1").unwrap();
            fs::write(stage.join(path), text).unwrap();
        });
    }
    with_foreign(|stage| {
        fs::create_dir_all(stage.join("a")).unwrap();
        fs::write(stage.join("specc.lock"), &ledger).unwrap();
        symlink("../../../outside/specc.lock", &stage.join("a/b"));
    });
}

#[test]
fn a_leftover_of_ours_goes() {
    let other = Project::new();
    other.build(&tree(&[("a/b", "1"), ("c", "whole")])).unwrap();
    let project = Project::new();
    let stage = project.root().join("deploy/.specc-stage-dev");
    fs::create_dir_all(stage.join("a")).unwrap();
    fs::copy(other.at("specc.lock"), stage.join("specc.lock")).unwrap();
    fs::write(stage.join("a/b"), "1").unwrap();
    fs::write(stage.join("c"), "who").unwrap();
    project.build(&tree(&[("x", "1")])).unwrap();
    assert!(!project.has_stage());
}
