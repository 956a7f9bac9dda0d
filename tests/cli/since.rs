//! `--since`: what an earlier revision of the spec has to do with it.

use snapbox::str;

use crate::disk;
use crate::specc::{Project, Run};

/// The example, committed, and then edited in one place.
fn edited(path: &str, old: &str, new: &str) -> Project {
    let project = Project::example();
    disk::commit(project.path());
    project.edit(path, old, new);
    project
}

fn check(project: &Project, since: &str) -> Run {
    project.specc(["check", "environments/prod", "--since", since])
}

#[test]
fn both_places_are_shown_the_earlier_one_with_its_revision() {
    let project = edited("environments/prod/orders.toml", "storage = \"200Gi\"", "storage = \"100Gi\"");
    check(&project, "HEAD").says(1, str![[""]]);
    let build = project.specc(["build", "environments/prod", "--since", "HEAD"]);
    assert_eq!(build.code, Some(1));
    assert!(project.files("environments/deploy").is_empty());
    // what was committed is no longer the past of itself
    disk::commit(project.path());
    assert_eq!(check(&project, "HEAD").code, Some(0));
    assert_eq!(check(&project, "HEAD~1").code, Some(1));
    assert_eq!(project.specc(["check", "environments/prod"]).code, Some(0));
}

#[test]
fn a_restore_is_a_word_about_it() {
    let renamed =
        "restored = { name = \"orders-db-main-r2\", from = \"orders-db-main\" }\nstorage = \"200Gi\"";
    let project = edited("environments/prod/orders.toml", "storage = \"200Gi\"", renamed);
    assert_eq!(check(&project, "HEAD").code, Some(0));
}

#[test]
fn a_service_with_another_name_leaves_its_data_behind() {
    let project =
        edited("environments/services/payments.toml", "namespace = \"payments\"", "namespace = \"money\"");
    check(&project, "HEAD").says(1, str![[""]]);
}

#[test]
fn a_revision_must_be_there_and_be_readable() {
    let project = edited("environments/prod/orders.toml", "storage = \"200Gi\"", "storage = \"300Gi\"");
    check(&project, "release-1").says(2, str![[""]]);
    check(&project, "--upload-pack=x").says(2, str![[""]]);
    project.put("environments/services/orders.toml", "spec = 1\n[service]\nname = 1\n");
    disk::commit(project.path());
    assert_eq!(check(&project, "HEAD").code, Some(1), "the present is judged first");
    let good = Project::example().read("environments/services/orders.toml");
    project.put("environments/services/orders.toml", good);
    check(&project, "HEAD").says(2, str![[""]]);
    let outside = Project::example();
    let found = check(&outside, "HEAD");
    assert_eq!(found.code, Some(2), "{}", found.err);
}
