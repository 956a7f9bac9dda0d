//! What `--force` overwrites, and what it never touches.

use std::fs;

use specc::write::Reason;

use super::{FORCE, Project, fifo, refusals, snapshot, symlink, tree};

#[test]
fn edited_and_foreign_files_are_replaced() {
    let project = Project::new();
    project.build(&tree(&[("edited", "1"), ("gone", "1")])).unwrap();
    project.put("edited", "mine");
    project.put("gone", "mine");
    project.put("foreign", "mine");
    project.put("aside", "mine");
    let next = tree(&[("edited", "2"), ("foreign", "2")]);
    assert_eq!(
        specc::write::plan(&project.target(), &next, &project.inputs, FORCE).unwrap().changed.len(),
        2
    );
    project.force(&next).unwrap();
    let found = snapshot(&project.at(""));
    assert_eq!(found.keys().collect::<Vec<_>>(), ["aside", "edited", "foreign", "specc.lock"]);
    assert_eq!(project.text("edited") + &project.text("foreign") + &project.text("aside"), "22mine");
    assert!(project.drift(&next).is_empty());
}

#[test]
fn all_else_is_still_refused() {
    let project = Project::new();
    let outside = project.root().join("outside");
    fs::write(&outside, "mine").unwrap();
    project.put("folder/inner", "mine");
    project.put("file", "mine");
    project.put("Case", "mine");
    symlink(&outside, &project.at("link"));
    fifo(&project.at("pipe"));
    let tree = tree(&[("case", "1"), ("file/below", "1"), ("folder", "1"), ("link", "1"), ("pipe", "1")]);
    let before = snapshot(project.root());
    let found: Vec<_> = refusals(project.force(&tree)).into_iter().map(|refusal| refusal.reason).collect();
    let case = Reason::Case { other: "Case".to_owned() };
    assert_eq!(found, [case, Reason::NotFolder, Reason::Folder, Reason::Symlink, Reason::Special]);
    assert_eq!(snapshot(project.root()), before);
}

#[test]
fn what_took_the_place_of_an_old_output_leaves_the_ledger() {
    let project = Project::new();
    let one = tree(&[("a", "1"), ("b", "1"), ("c/d", "1")]);
    project.build(&one).unwrap();
    let outside = project.root().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("d"), "1").unwrap();
    fs::remove_file(project.at("a")).unwrap();
    symlink(outside.join("d"), &project.at("a"));
    fs::remove_dir_all(project.at("c")).unwrap();
    symlink(&outside, &project.at("c"));
    let two = tree(&[("b", "2")]);
    project.refused(&two, &[("a", Reason::Symlink), ("c", Reason::Symlink)]);
    project.force(&two).unwrap();
    let found = snapshot(&project.at(""));
    assert_eq!((found["a"].kind, found["c"].kind), ('l', 'l'));
    assert!(outside.join("d").exists());
    assert!(project.drift(&two).is_empty());
}
