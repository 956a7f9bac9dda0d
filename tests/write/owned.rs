//! Which files are written, left alone and deleted.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use specc::write::{DriftKind, Reason, plan};

use super::{PLAIN, Project, paths, snapshot, tree};

#[test]
fn first_build() {
    let project = Project::new();
    let tree = tree(&[("REPORT.md", "r"), ("services/a/x.yaml", "x"), ("services/b.yaml", "")]);
    assert_eq!(plan(&project.target(), &tree, &project.inputs, PLAIN).unwrap().created.len(), 3);
    assert!(snapshot(project.root()).is_empty(), "a plan writes nothing");
    let kinds: Vec<_> = project.drift(&tree).into_iter().map(|drift| drift.kind).collect();
    assert_eq!(kinds, vec![DriftKind::Created; 4]);

    let changes = project.build(&tree).unwrap();
    assert_eq!(paths(&changes.created), ["REPORT.md", "services/a/x.yaml", "services/b.yaml"]);
    assert!(changes.ledger);
    let found = snapshot(project.root());
    let files: Vec<_> =
        found.iter().filter(|(_, entry)| entry.kind == 'f').map(|(path, _)| path.as_str()).collect();
    let dev = |path: &str| format!("deploy/dev/{path}");
    assert_eq!(
        files,
        [dev("REPORT.md"), dev("services/a/x.yaml"), dev("services/b.yaml"), dev("specc.lock")]
    );
    assert!(project.drift(&tree).is_empty());
}

#[test]
fn nothing_is_written_twice() {
    let project = Project::new();
    let tree = tree(&[("a/b/c.yaml", "c"), ("d", "d")]);
    project.build(&tree).unwrap();
    let before = snapshot(project.root());
    let changes = project.build(&tree).unwrap();
    assert!(changes.is_empty());
    assert_eq!(paths(&changes.unchanged), ["a/b/c.yaml", "d"]);
    assert_eq!(snapshot(project.root()), before);
}

#[test]
fn an_update_touches_what_differs() {
    let project = Project::new();
    project.build(&tree(&[("a/same", "1"), ("a/other", "1"), ("b/c/gone", "1"), ("b/gone", "1")])).unwrap();
    project.put("b/foreign", "mine");
    let before = snapshot(project.root());
    let next = tree(&[("a/same", "1"), ("a/other", "2"), ("a/new/x", "1")]);
    let kinds: Vec<_> = project.drift(&next).into_iter().map(|drift| (drift.path, drift.kind)).collect();
    let drift = |path: &str, kind| (path.to_owned(), kind);
    assert_eq!(
        kinds,
        [
            drift("a/new/x", DriftKind::Created),
            drift("a/other", DriftKind::Changed),
            drift("b/c/gone", DriftKind::Deleted),
            drift("b/gone", DriftKind::Deleted),
            drift("specc.lock", DriftKind::Changed),
        ]
    );
    let changes = project.build(&next).unwrap();
    assert_eq!(paths(&changes.created), ["a/new/x"]);
    assert_eq!(paths(&changes.changed), ["a/other"]);
    assert_eq!(paths(&changes.deleted), ["b/c/gone", "b/gone"]);
    let after = snapshot(project.root());
    for path in ["deploy/dev/a/same", "deploy/dev/b/foreign", "deploy/dev/b"] {
        assert_eq!(after.get(path), before.get(path), "{path}");
    }
    assert_eq!(after["deploy/dev/a/other"].bytes, b"2");
    assert!(!after.contains_key("deploy/dev/b/c"), "an empty folder of ours goes");
    assert!(!project.has_stage());
}

#[test]
fn everything_can_go() {
    let project = Project::new();
    project.build(&tree(&[("a/b/c", "1"), ("d", "1")])).unwrap();
    project.build(&tree(&[])).unwrap();
    let found = snapshot(&project.at(""));
    assert_eq!(found.keys().collect::<Vec<_>>(), ["specc.lock"]);
}

#[test]
fn files_and_folders_trade_places() {
    let project = Project::new();
    let one = tree(&[("a", "1"), ("b/x/y", "1"), ("b/z", "1"), ("c", "same")]);
    let two = tree(&[("a/deep/x", "2"), ("b", "2"), ("c", "same")]);
    for next in [&one, &two, &one, &two] {
        project.build(next).unwrap();
        assert!(project.drift(next).is_empty());
    }
    project.build(&one).unwrap();
    project.put("b/x/foreign", "mine");
    project.refused(&two, &[("b", Reason::Folder)]);
}

#[test]
fn a_file_with_the_right_bytes_is_adopted() {
    let project = Project::new();
    project.put("a", "1");
    let before = snapshot(&project.at(""));
    project.build(&tree(&[("a", "1")])).unwrap();
    assert_eq!(snapshot(&project.at(""))["a"], before["a"]);
    project.build(&tree(&[])).unwrap();
    assert!(!project.at("a").exists());
}

#[test]
fn all_that_is_in_the_way_is_named_at_once() {
    let project = Project::new();
    let one = tree(&[("edited", "1"), ("gone", "1"), ("x/fine", "1")]);
    project.build(&one).unwrap();
    project.put("edited", "2");
    project.put("gone", "2");
    project.put("foreign", "2");
    project.put("y", "2");
    project.put("z/inner", "2");
    let two = tree(&[("edited", "3"), ("foreign", "3"), ("x/fine", "3"), ("y/below", "3"), ("z", "3")]);
    project.refused(
        &two,
        &[
            ("edited", Reason::Edited),
            ("foreign", Reason::Foreign),
            ("gone", Reason::Edited),
            ("y", Reason::NotFolder),
            ("z", Reason::Folder),
        ],
    );
}

#[test]
fn what_the_user_deleted_comes_back() {
    let project = Project::new();
    let tree = tree(&[("a/b", "1"), ("c/d", "1")]);
    project.build(&tree).unwrap();
    fs::remove_dir_all(project.at("a")).unwrap();
    assert_eq!(project.drift(&tree).len(), 1);
    assert_eq!(paths(&project.build(&tree).unwrap().created), ["a/b"]);
    assert!(project.drift(&tree).is_empty());
}

#[test]
fn of_the_mode_the_executable_bit_counts() {
    let project = Project::new();
    let tree = tree(&[("a", "1"), ("b", "1")]);
    project.build(&tree).unwrap();
    fs::set_permissions(project.at("a"), fs::Permissions::from_mode(0o600)).unwrap();
    fs::set_permissions(project.at("b"), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(paths(&project.build(&tree).unwrap().changed), ["b"]);
    assert_eq!(snapshot(&project.at(""))["b"].mode, 0o644);
}

#[test]
fn trees_outside_of_a_project() {
    let project = Project::new();
    let place = project.root().join("new/place/out");
    let target = specc::write::Target::at(&place).unwrap();
    let tree = tree(&[("a", "1")]);
    specc::write::commit(&target, &tree, &[], PLAIN).unwrap();
    assert_eq!(fs::read(place.join("a")).unwrap(), b"1");
}

#[test]
fn durable_output_is_the_same() {
    let project = Project::new();
    let durable = specc::write::Options { force: false, durable: true };
    for text in ["1", "2"] {
        let tree = tree(&[("a/b", text)]);
        specc::write::commit(&project.target(), &tree, &project.inputs, durable).unwrap();
        assert!(project.drift(&tree).is_empty());
    }
}
