//! `Chart.lock` linked to a file outside was written through (CVE-2025-53547).

use std::fs;

use specc::write::{LedgerProblem, Reason, Target, TargetProblem, WriteError, commit, drift, plan};

use super::{FORCE, PLAIN, Project, snapshot, symlink, tree};

fn target_problem(project: &Project, target: &Target) -> TargetProblem {
    let tree = tree(&[("a", "1")]);
    let before = snapshot(project.root());
    let mut found = Vec::new();
    for result in [
        commit(target, &tree, &[], PLAIN).map(drop),
        commit(target, &tree, &[], FORCE).map(drop),
        plan(target, &tree, &[], PLAIN).map(drop),
        drift(target, &tree, &[]).map(drop),
    ] {
        match result {
            Err(WriteError::Target { problem, .. }) => found.push(problem),
            other => panic!("expected a refused target, got {other:?}"),
        }
    }
    assert_eq!(snapshot(project.root()), before);
    found.dedup();
    assert_eq!(found.len(), 1);
    found[0]
}

#[test]
fn the_tree_is_a_link() {
    let project = Project::new();
    fs::create_dir_all(project.root().join("deploy")).unwrap();
    fs::create_dir_all(project.root().join("outside")).unwrap();
    symlink(project.root().join("outside"), &project.target().path());
    assert_eq!(target_problem(&project, &project.target()), TargetProblem::Symlink);
    let named = Target::at(&project.target().path()).unwrap();
    assert_eq!(target_problem(&project, &named), TargetProblem::Symlink);
}

#[test]
fn a_folder_above_the_tree_is_a_link() {
    let project = Project::new();
    fs::create_dir_all(project.root().join("outside/dev")).unwrap();
    symlink("outside", &project.root().join("deploy"));
    assert_eq!(target_problem(&project, &project.target()), TargetProblem::Symlink);
}

#[test]
fn a_dangling_link_is_a_link() {
    let project = Project::new();
    symlink("nowhere", &project.root().join("deploy"));
    assert_eq!(target_problem(&project, &project.target()), TargetProblem::Symlink);
}

#[test]
fn the_tree_is_a_file() {
    let project = Project::new();
    fs::create_dir_all(project.root().join("deploy")).unwrap();
    fs::write(project.root().join("deploy/dev"), "mine").unwrap();
    assert_eq!(target_problem(&project, &project.target()), TargetProblem::NotFolder);
}

#[test]
fn the_way_to_the_project_may_be_a_link() {
    let project = Project::new();
    fs::create_dir(project.root().join("real")).unwrap();
    symlink("real", &project.root().join("home"));
    let target = Target::inside(&project.root().join("home"), "deploy/dev".as_ref()).unwrap();
    commit(&target, &tree(&[("a", "1")]), &[], PLAIN).unwrap();
    assert!(project.root().join("real/deploy/dev/a").exists());
}

#[test]
fn the_ledger_is_a_link() {
    let project = Project::new();
    let outside = project.root().join("outside");
    fs::write(&outside, "mine").unwrap();
    fs::create_dir_all(project.at("")).unwrap();
    symlink(&outside, &project.at("specc.lock"));
    for result in [project.build(&tree(&[("a", "1")])), project.force(&tree(&[("a", "1")]))] {
        assert!(matches!(result, Err(WriteError::Ledger { problem: LedgerProblem::NotText, .. })));
    }
    assert_eq!(fs::read(outside).unwrap(), b"mine");
}

#[test]
fn outputs_and_their_folders_are_links() {
    let project = Project::new();
    let outside = project.root().join("outside");
    fs::create_dir_all(outside.join("deep")).unwrap();
    fs::write(outside.join("x"), "1").unwrap();
    fs::write(outside.join("deep/x"), "1").unwrap();
    let one = tree(&[("file", "1"), ("folder/x", "1"), ("gone/deep/x", "1")]);
    project.build(&one).unwrap();
    for path in ["file", "folder", "gone"] {
        let at = project.at(path);
        if at.is_dir() {
            fs::remove_dir_all(&at).unwrap();
        } else {
            fs::remove_file(&at).unwrap();
        }
        symlink(if path == "file" { outside.join("x") } else { outside.clone() }, &at);
    }
    let two = tree(&[("file", "2"), ("folder/x", "2")]);
    let links = [("file", Reason::Symlink), ("folder", Reason::Symlink), ("gone", Reason::Symlink)];
    project.refused(&two, &links);
    // The same bytes behind a link make no difference.
    project.refused(&one, &links);
    assert!(project.force(&two).is_err());
    assert_eq!(fs::read(outside.join("x")).unwrap(), b"1");
}
