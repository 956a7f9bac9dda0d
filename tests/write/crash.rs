//! A build that dies at any of its steps: each file of ours is whole, the next build needs no force and ends with the
//! bytes of a clean one, and until then the tree never passes for finished.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use specc::tree::Tree;
use specc::write::{Input, Options, Steps, commit_with};

use super::decoy::Decoys;
use super::{Entry, PLAIN, Project, bytes_of, snapshot, tree};

/// Lets `left` steps pass and then none, as a killed process would; files come in two portions.
struct Die {
    left: usize,
}

impl Steps for Die {
    fn step(&mut self, _folder: &Path, _name: &str) -> io::Result<()> {
        let alive = self.left > 0;
        self.left = self.left.saturating_sub(1);
        if alive { Ok(()) } else { Err(io::Error::other("killed")) }
    }

    fn portion(&mut self, len: usize) -> usize {
        len.div_ceil(2)
    }
}

/// One change of an output, and what is to hold when it is cut off.
struct Scenario {
    old: Tree,
    new: Tree,
    /// What the sources say when somebody builds again.
    third: Tree,
    options: Options,
    decoys: usize,
}

fn system() -> Vec<(&'static str, &'static str)> {
    vec![
        ("REPORT.md", "report"),
        ("kustomization.yaml", "all"),
        ("namespaces/shop/namespace.yaml", "shop"),
        ("services/orders/api/deployment.yaml", "replicas 2"),
        ("services/orders/api/service.yaml", "port 80"),
        ("services/orders/worker/deployment.yaml", "replicas 1"),
        ("services/payments/api/deployment.yaml", "replicas 3"),
        ("services/payments/api/service.yaml", "port 80"),
    ]
}

fn changed(from: &[(&'static str, &'static str)], changes: &[(&'static str, Option<&'static str>)]) -> Tree {
    let mut files: BTreeMap<_, _> = from.iter().copied().collect();
    for (path, text) in changes {
        match text {
            Some(text) => files.insert(path, text),
            None => files.remove(path),
        };
    }
    tree(&files.into_iter().collect::<Vec<_>>())
}

fn third() -> Tree {
    changed(
        &system(),
        &[
            ("REPORT.md", Some("third")),
            ("services/orders/api/service.yaml", Some("port 443")),
            ("services/payments/api/service.yaml", None),
            ("services/search/api/service.yaml", Some("port 80")),
        ],
    )
}

impl Scenario {
    fn new(new: Tree) -> Self {
        Self { old: tree(&system()), new, third: third(), options: PLAIN, decoys: 20 }
    }

    /// Runs once to the end and says how many steps that took.
    fn count(&self, project: &Project) -> usize {
        let mut steps = Die { left: usize::MAX };
        let (target, inputs) = (project.target(), inputs());
        commit_with(&target, &self.new, &inputs, self.options, &mut steps).unwrap();
        usize::MAX - steps.left
    }

    fn die(&self, project: &Project, at: usize) {
        // The last step tidies up after the tree is complete, so its failure is no failure of the build.
        let _ = commit_with(&project.target(), &self.new, &inputs(), self.options, &mut Die { left: at });
    }

    /// Dies at each step, and returns how many there were.
    fn run(&self) -> usize {
        let project = Project::new();
        let decoys = Decoys::place(&project, self.decoys);
        project.build(&self.old).unwrap();
        let steps = self.count(&project);
        let nexts = [&self.new, &self.third, &self.old].map(Clean::new);
        for at in 0..steps {
            for (number, next) in nexts.iter().enumerate() {
                project.build(&self.old).unwrap();
                self.die(&project, at);
                if number == 0 {
                    self.assert_whole(&project, &decoys, at);
                }
                next.assert_recovers(&project, &decoys, at);
            }
        }
        // Killed, and killed again at some step of the next attempt, which builds something else.
        let again = Self { old: tree(&[]), new: self.third.clone(), third: third(), ..*self };
        for at in (0..steps).step_by(3) {
            project.build(&self.old).unwrap();
            self.die(&project, at);
            again.die(&project, at * 7 % steps);
            again.die(&project, at * 3 % steps);
            nexts[0].assert_recovers(&project, &decoys, at);
        }
        steps
    }

    fn assert_whole(&self, project: &Project, decoys: &Decoys, at: usize) {
        let found = snapshot(project.root());
        decoys.assert_untouched(&found);
        let ledger = project.text("specc.lock");
        for (path, entry) in &found {
            let Some(path) = path.strip_prefix("deploy/dev/") else { continue };
            if entry.kind != 'f' || path == "specc.lock" || decoys.holds(&format!("deploy/dev/{path}")) {
                continue;
            }
            let whole = [self.old.get(path), self.new.get(path)].contains(&Some(&entry.bytes[..]));
            assert!(whole, "step {at}: {path} is torn");
            assert!(ledger.contains(&format!("\"{path}\" = ")), "step {at}: {path} is not in the ledger");
        }
        for (path, _) in &self.new {
            let kept = self.old.contains(path.as_str());
            assert!(!kept || project.at(path.as_str()).exists(), "step {at}: {path} is lost");
        }
        let done = self.new.iter().all(|(path, bytes)| {
            found.get(&format!("deploy/dev/{path}")).is_some_and(|entry| entry.bytes == *bytes)
        }) && self
            .old
            .iter()
            .all(|(path, _)| self.new.contains(path.as_str()) || !project.at(path.as_str()).is_file());
        assert!(
            done || !project.drift(&self.new).is_empty(),
            "step {at}: an unfinished tree passes the check"
        );
    }
}

/// A tree, and everything that a build of it into nothing makes.
struct Clean<'t> {
    tree: &'t Tree,
    found: BTreeMap<String, Entry>,
}

impl<'t> Clean<'t> {
    fn new(tree: &'t Tree) -> Self {
        let project = Project::new();
        project.build(tree).unwrap();
        Self { tree, found: snapshot(project.root()) }
    }

    /// The next build needs no force and leaves exactly what a clean one does.
    fn assert_recovers(&self, project: &Project, decoys: &Decoys, at: usize) {
        project.build(self.tree).unwrap_or_else(|error| panic!("step {at}: {error:?}"));
        assert!(project.drift(self.tree).is_empty(), "step {at}");
        let found = snapshot(project.root());
        decoys.assert_untouched(&found);
        let ours: BTreeMap<_, _> =
            bytes_of(&found).into_iter().filter(|(path, _)| !decoys.holds(path)).collect();
        assert_eq!(ours, bytes_of(&self.found), "step {at}");
        for (path, entry) in &found {
            let known = self.found.contains_key(path) || decoys.holds(path);
            assert!(known, "step {at}: {path} ({}) is left", entry.kind);
        }
    }
}

fn inputs() -> Vec<Input> {
    Project::new().inputs
}

#[test]
fn update_delete_and_rename() {
    let everything: Vec<_> = system().iter().map(|&(path, _)| (path, None)).collect();
    let mut rewritten = system();
    for (path, text) in &mut rewritten {
        *text = path;
    }
    let scenarios = [
        ("update all", tree(&rewritten)),
        ("update one", changed(&system(), &[("REPORT.md", Some("other"))])),
        ("delete all", changed(&system(), &everything)),
        (
            "delete a service",
            changed(
                &system(),
                &[
                    ("services/payments/api/deployment.yaml", None),
                    ("services/payments/api/service.yaml", None),
                ],
            ),
        ),
        (
            "rename a workload",
            changed(
                &system(),
                &[
                    ("services/orders/worker/deployment.yaml", None),
                    ("services/orders/mailer/deployment.yaml", Some("replicas 1")),
                    ("kustomization.yaml", Some("renamed")),
                ],
            ),
        ),
        ("add, change and delete", third()),
    ];
    let mut points = 0;
    for (name, new) in scenarios {
        let steps = Scenario::new(new).run();
        assert!(steps >= 10, "{name}: {steps}");
        points += steps;
    }
    assert!(points >= 200, "{points}");
}

#[test]
fn files_and_folders_trade_places() {
    let new = changed(
        &system(),
        &[
            ("services/orders/worker/deployment.yaml", None),
            ("services/orders/worker", Some("a file now")),
            ("REPORT.md", None),
            ("REPORT.md/part", Some("a folder now")),
            ("kustomization.yaml", None),
            ("Kustomization.yaml", Some("in other case")),
        ],
    );
    let there = Scenario::new(new);
    let back = Scenario { old: changed(&[], &[]), new: tree(&system()), ..Scenario::new(third()) };
    let back = Scenario { old: there.new.clone(), ..back };
    // No file of both trees is lost, but some paths are a file in one and a folder in the other.
    assert!(there.run() > 20 && back.run() > 20);
}

#[test]
fn first_build_into_a_folder_with_foreign_files() {
    let scenario = Scenario { old: tree(&[]), ..Scenario::new(tree(&system())) };
    assert!(scenario.run() > 40);
}

#[test]
fn a_thousand_decoys() {
    let scenario = Scenario { decoys: 1000, ..Scenario::new(third()) };
    let project = Project::new();
    let decoys = Decoys::place(&project, scenario.decoys);
    assert!(decoys.len() > 1000);
    project.build(&scenario.old).unwrap();
    let steps = scenario.count(&project);
    let third = Clean::new(&scenario.third);
    for at in (0..steps).step_by(7) {
        project.build(&scenario.old).unwrap();
        scenario.die(&project, at);
        scenario.assert_whole(&project, &decoys, at);
        third.assert_recovers(&project, &decoys, at);
    }
}

#[test]
fn first_build_into_nothing() {
    let scenario = Scenario { decoys: 0, ..Scenario::new(tree(&system())) };
    let steps = scenario.count(&Project::new());
    assert!(steps > 30, "{steps}");
    let nexts = [&scenario.third, &scenario.new].map(Clean::new);
    for at in 0..steps {
        let project = Project::new();
        scenario.die(&project, at);
        let found = snapshot(project.root());
        let started = |path: &String| {
            matches!(path.as_str(), "deploy" | "deploy/dev") || path.starts_with("deploy/.specc-stage-dev")
        };
        assert!(found.keys().all(started), "step {at}: a first build comes as a whole: {:?}", found.keys());
        assert!(!project.drift(&scenario.new).is_empty(), "step {at}");
        for next in &nexts {
            next.assert_recovers(&project, &Decoys::default(), at);
        }
    }
}

#[test]
fn forced_builds_finish_without_force_what_was_ours() {
    let new = changed(&system(), &[("REPORT.md", Some("new")), ("services/orders/api/service.yaml", None)]);
    let forced = Scenario { options: super::FORCE, ..Scenario::new(new) };
    let edit = |project: &Project| {
        project.build(&forced.old).unwrap();
        project.put("REPORT.md", "edited");
        project.put("services/orders/api/service.yaml", "edited");
    };
    let project = Project::new();
    edit(&project);
    let steps = forced.count(&project);
    for at in 0..steps {
        let project = Project::new();
        edit(&project);
        forced.die(&project, at);
        // Until the interim ledger is in place nothing has happened, and nothing may be taken for agreed.
        let agreed = project.text("specc.lock").contains("[pending]") || project.text("REPORT.md") == "new";
        let result = project.build(&forced.new);
        assert_eq!(result.is_ok(), agreed, "step {at}");
        if !agreed {
            assert_eq!(project.text("REPORT.md"), "edited");
            project.force(&forced.new).unwrap();
        }
        assert!(project.drift(&forced.new).is_empty() && !project.has_stage(), "step {at}");
    }
}

#[test]
fn a_leftover_is_not_needed_to_finish() {
    let scenario = Scenario::new(third());
    let project = Project::new();
    project.build(&scenario.old).unwrap();
    let steps = scenario.count(&project);
    for at in 0..steps {
        project.build(&scenario.old).unwrap();
        scenario.die(&project, at);
        // As `git clean` would.
        let stage = project.root().join("deploy/.specc-stage-dev");
        if stage.exists() {
            fs::remove_dir_all(stage).unwrap();
        }
        project.build(&scenario.new).unwrap();
        assert!(project.drift(&scenario.new).is_empty(), "step {at}");
    }
}

#[test]
fn killed_twice_at_any_two_steps() {
    let old = tree(&[("kept", "1"), ("services/a/x", "1")]);
    let scenario = Scenario { old, decoys: 0, ..Scenario::new(tree(&[("kept", "2")])) };
    let project = Project::new();
    project.build(&scenario.old).unwrap();
    let steps = scenario.count(&project);
    let next = Clean::new(&scenario.new);
    for first in 0..steps {
        for second in 0..steps {
            project.build(&scenario.old).unwrap();
            scenario.die(&project, first);
            scenario.die(&project, second);
            next.assert_recovers(&project, &Decoys::default(), first * 1000 + second);
        }
    }
}
