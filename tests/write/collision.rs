//! Paths that differ in case only overwrote each other (CVE-2021-37712, CVE-2026-23950).

use specc::write::Reason;

use super::{Project, snapshot, tree};

#[test]
fn foreign_names_that_differ_in_case() {
    let project = Project::new();
    project.put("README.md", "mine");
    project.put("a/Services/x", "mine");
    project.put("both/same", "mine");
    let case = |other: &str| Reason::Case { other: other.to_owned() };
    let next = tree(&[("a/services/y", "1"), ("both/other", "1"), ("readme.md", "1")]);
    project.refused(&next, &[("a/services", case("a/Services")), ("readme.md", case("README.md"))]);
}

#[test]
fn our_own_may_change_their_case() {
    let project = Project::new();
    let one = tree(&[("Readme.md", "1"), ("Services/x/Y.yaml", "1"), ("Services/z", "1")]);
    let two = tree(&[("README.md", "2"), ("services/x/y.yaml", "1")]);
    for next in [&one, &two, &one] {
        project.build(next).unwrap();
        assert!(project.drift(next).is_empty());
    }
    let found = snapshot(&project.at(""));
    let files: Vec<_> =
        found.iter().filter(|(_, entry)| entry.kind == 'f').map(|(path, _)| path.as_str()).collect();
    assert_eq!(files, ["Readme.md", "Services/x/Y.yaml", "Services/z", "specc.lock"]);
    assert!(!found.contains_key("services"));
}

#[test]
fn a_folder_of_ours_with_a_guest_does_not_change_its_case() {
    let project = Project::new();
    project.build(&tree(&[("Services/x", "1")])).unwrap();
    project.put("Services/guest", "mine");
    let case = Reason::Case { other: "Services".to_owned() };
    project.refused(&tree(&[("services/x", "1")]), &[("services", case)]);
}
