//! The system says no at any step: the error names the path and the cause, and the tree is as it was, unless the
//! error says otherwise.

use std::io;
use std::path::Path;

use rustix::io::Errno;
use specc::tree::Tree;
use specc::write::{Changes, Options, State, Steps, WriteError, commit_with};

use super::{PLAIN, Project, bytes_of, snapshot, tree};

/// Fails one step, and all from a second one on.
struct Fail {
    left: usize,
    broken_from: usize,
    errno: Errno,
    steps: usize,
}

impl Fail {
    fn once(at: usize, errno: Errno) -> Self {
        Self { left: at, broken_from: usize::MAX, errno, steps: 0 }
    }
}

impl Steps for Fail {
    fn step(&mut self, _folder: &Path, _name: &str) -> io::Result<()> {
        let now = self.steps;
        self.steps += 1;
        if now == self.left || now >= self.broken_from { Err(self.errno.into()) } else { Ok(()) }
    }

    fn portion(&mut self, len: usize) -> usize {
        len.div_ceil(2)
    }
}

const CAUSES: [(Errno, &str); 5] = [
    (Errno::NOSPC, "no space is left on its file system"),
    (Errno::ROFS, "its file system is read-only"),
    (Errno::ACCESS, "permission denied"),
    (Errno::IO, "the device reports an input or output error"),
    (Errno::DQUOT, "your quota on its file system is used up"),
];

const DURABLE: Options = Options { force: false, durable: true };

fn old() -> Tree {
    tree(&[("a", "1"), ("b/c/d", "1"), ("b/e", "1"), ("f", "1"), ("g/h", "same"), ("i", "a file")])
}

fn new() -> Tree {
    tree(&[("a", "2"), ("b/c/d", "2"), ("f/x", "a folder"), ("g/h", "same"), ("i", "a file"), ("n/e/w", "1")])
}

fn fail(project: &Project, tree: &Tree, steps: &mut Fail) -> Result<Changes, WriteError> {
    commit_with(&project.target(), tree, &project.inputs, DURABLE, steps)
}

fn count(project: &Project, tree: &Tree) -> usize {
    let mut steps = Fail::once(usize::MAX, Errno::IO);
    fail(project, tree, &mut steps).unwrap();
    steps.steps
}

/// The state that an error of ours reports, and that it is told well.
fn state(project: &Project, result: Result<Changes, WriteError>, cause: &str) -> Option<State> {
    match result {
        Ok(_) => None,
        Err(error) => {
            let (text, help) = (error.to_string(), error.help());
            let WriteError::Failed { state, .. } = error else { panic!("{error:?}") };
            assert!(text.contains(cause) && text.contains(project.root().to_str().unwrap()), "{text}");
            let told = if state == State::Untouched {
                "the output is as it was"
            } else {
                "run the same build again"
            };
            assert!(help.contains(told), "{help}");
            Some(state)
        }
    }
}

#[test]
fn an_update_that_fails_is_taken_back() {
    let project = Project::new();
    project.build(&old()).unwrap();
    let steps = count(&project, &new());
    let mut partial = 0;
    for at in 0..steps {
        let (errno, cause) = CAUSES[at % CAUSES.len()];
        project.build(&old()).unwrap();
        let before = snapshot(project.root());
        let result = fail(&project, &new(), &mut Fail::once(at, errno));
        match state(&project, result, cause) {
            None => assert_eq!(at, steps - 2, "only the tidying of the staging directory may fail unseen"),
            Some(State::Untouched) => {
                let mut after = snapshot(project.root());
                for (path, entry) in &mut after {
                    // A folder that was deleted and is made again is another one.
                    if entry.kind == 'd' {
                        entry.inode = before[path].inode;
                    }
                }
                assert_eq!(after, before, "step {at}");
            }
            Some(State::Partial) => partial += 1,
        }
        project.build(&new()).unwrap();
        assert!(project.drift(&new()).is_empty() && !project.has_stage(), "step {at}");
    }
    // From the moment that the old files are dropped there is no way back, only forward.
    assert!(partial < 10, "{partial} of {steps}");
}

#[test]
fn a_device_that_breaks_for_good_loses_nothing() {
    let project = Project::new();
    project.build(&old()).unwrap();
    let steps = count(&project, &new());
    for at in 0..steps {
        for after in [1, 2, 5] {
            project.build(&old()).unwrap();
            let mut broken = Fail { broken_from: at + after, ..Fail::once(at, Errno::IO) };
            let result = fail(&project, &new(), &mut broken);
            state(&project, result, "input or output error");
            let found = snapshot(&project.at(""));
            for (path, bytes) in bytes_of(&found) {
                let whole = [old().get(path), new().get(path)].contains(&Some(bytes));
                assert!(whole || path == "specc.lock", "step {at}: {path}");
            }
            project.build(&new()).unwrap();
            assert!(project.drift(&new()).is_empty() && !project.has_stage(), "step {at}");
        }
    }
}

#[test]
fn a_first_build_that_fails_leaves_nothing() {
    let steps = count(&Project::new(), &new());
    for at in 0..steps {
        for (errno, cause) in CAUSES {
            let project = Project::new();
            let result = fail(&project, &new(), &mut Fail::once(at, errno));
            let state = state(&project, result, cause);
            if at == steps - 1 {
                assert_eq!(state, Some(State::Partial), "whether it reached the device is not known");
            } else {
                assert_eq!(state, Some(State::Untouched), "step {at}");
                assert!(
                    snapshot(project.root()).is_empty(),
                    "step {at}: {:?}",
                    snapshot(project.root()).keys()
                );
            }
            project.build(&new()).unwrap();
            assert!(project.drift(&new()).is_empty() && !project.has_stage());
        }
    }
}

#[test]
fn a_ledger_that_cannot_be_replaced_stays() {
    let mut project = Project::new();
    project.build(&old()).unwrap();
    project.inputs[0].sha256 = [9; 32];
    let before = snapshot(project.root());
    for at in 0..8 {
        let mut steps = Fail::once(at, Errno::NOSPC);
        let result = commit_with(&project.target(), &old(), &project.inputs, PLAIN, &mut steps);
        if state(&project, result, "no space").is_none() {
            break;
        }
        assert_eq!(snapshot(project.root()), before, "step {at}");
    }
    project.build(&old()).unwrap();
    assert!(project.drift(&old()).is_empty());
}
