//! A folder swapped for a link while its content was being deleted (CVE-2022-21658), and files that others change
//! during a build.

use std::cell::Cell;
use std::fs;
use std::io;
use std::path::Path;

use specc::write::{Cause, Proceed, State, Steps, WriteError, commit_with};

use super::{PLAIN, Project, snapshot, symlink, tree};

/// Does something once, right before a given step.
struct Meanwhile<F: FnMut()> {
    left: usize,
    act: F,
    acted: bool,
}

impl<F: FnMut()> Steps for Meanwhile<F> {
    fn step(&mut self, _folder: &Path, _name: &str) -> io::Result<()> {
        if self.left == 0 && !self.acted {
            self.acted = true;
            (self.act)();
        }
        self.left = self.left.saturating_sub(1);
        Ok(())
    }
}

/// Calls `check` after a build for each of its steps at which `act` happened.
fn at_each_step(
    old: &[(&str, &str)],
    new: &[(&str, &str)],
    act: impl Fn(&Project),
    check: impl Fn(&Project, Result<(), WriteError>, usize),
) {
    for at in 0.. {
        let project = Project::new();
        project.build(&tree(old)).unwrap();
        let mut steps = Meanwhile { left: at, act: || act(&project), acted: false };
        let result = commit_with(&project.target(), &tree(new), &project.inputs, PLAIN, &mut steps);
        if !steps.acted {
            assert!(at > 10, "{at}");
            return;
        }
        check(&project, result.map(drop), at);
    }
}

#[test]
fn a_folder_becomes_a_link() {
    let old = [("services/a/x", "1"), ("services/a/y", "1"), ("services/b/z", "1")];
    let new = [("services/a/x", "2"), ("services/c/n", "2")];
    for swapped in ["services", "services/a", "services/b"] {
        let outside = Project::new();
        outside.put("a/x", "1");
        outside.put("a/y", "1");
        outside.put("x", "1");
        outside.put("y", "1");
        outside.put("z", "1");
        outside.put("b/z", "1");
        fs::create_dir_all(outside.at("empty")).unwrap();
        let before = snapshot(outside.root());
        let swap = |project: &Project| {
            if project.at(swapped).exists() {
                fs::rename(project.at(swapped), project.root().join("aside")).unwrap();
                symlink(outside.at(""), &project.at(swapped));
            }
        };
        at_each_step(&old, &new, swap, |_, _, at| {
            assert_eq!(snapshot(outside.root()), before, "{swapped} at step {at}");
        });
    }
}

#[test]
fn a_file_is_edited_during_the_build() {
    let old = [("a/x", "1"), ("a/y", "1")];
    let new = [("a/x", "2")];
    for path in ["a/x", "a/y"] {
        let edited = Cell::new(false);
        let edit = |project: &Project| {
            edited.set(project.at(path).exists() && project.text(path) == "1");
            if edited.get() {
                project.put(path, "precious");
            }
        };
        at_each_step(&old, &new, edit, |project, result, at| match result {
            Err(WriteError::Refused { .. }) => assert_eq!(project.text(path), "precious", "step {at}"),
            Err(WriteError::Failed { fault, state }) => {
                assert!(matches!(fault.cause, Cause::Changed), "step {at}: {fault}");
                assert_eq!((project.text(path).as_str(), state), ("precious", State::Untouched), "step {at}");
            }
            Err(error) => panic!("step {at}: {error}"),
            Ok(()) => assert!(!edited.get(), "step {at}: an edit is lost"),
        });
    }
}

#[test]
fn a_file_appears_during_the_build() {
    let appeared = Cell::new(false);
    let appear = |project: &Project| {
        appeared.set(!project.at("a/new").exists());
        if appeared.get() {
            project.put("a/new", "precious");
        }
    };
    at_each_step(&[("a/x", "1")], &[("a/new", "2"), ("a/x", "2")], appear, |project, result, at| {
        if let Err(error) = result {
            assert_eq!(project.text("a/new"), "precious", "step {at}: {error}");
            assert_eq!(project.text("a/x"), "1", "step {at}: {error}");
        } else {
            assert!(!appeared.get(), "step {at}: a foreign file is lost");
        }
    });
}

#[test]
fn a_staging_directory_in_use_is_no_leftover() {
    // Somebody deletes the tree, and with it its lock, and builds it anew.
    let rebuild = |project: &Project| {
        let stage = project.root().join("deploy/.specc-stage-dev");
        let staged = stage.exists();
        fs::remove_dir_all(project.at("")).unwrap();
        project.build(&tree(&[("a", "1")])).unwrap();
        assert_eq!(stage.exists(), staged);
    };
    at_each_step(&[("a", "1"), ("b", "1")], &[("a", "2"), ("c", "2")], rebuild, |project, _, at| {
        project.build(&tree(&[("a", "1")])).unwrap();
        assert!(!project.has_stage(), "step {at}");
    });
}

#[test]
fn proceed_is_the_plain_build() {
    let project = Project::new();
    let tree = tree(&[("a", "1")]);
    commit_with(&project.target(), &tree, &project.inputs, PLAIN, &mut Proceed).unwrap();
    assert!(project.drift(&tree).is_empty());
}
