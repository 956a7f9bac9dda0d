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
    check(&project, "HEAD").says(
        1,
        str![[r#"
error[storage-shrunk]: `orders.databases.main.storage` is 100Gi, and was 200Gi
  --> environments/prod/orders.toml:15:11
   |
15 | storage = "100Gi"
   |           ^^^^^^^ smaller than it was
   |
  ::: environments/services/orders.toml:61:11
   |
61 | storage = "20Gi"
   |           ------ overrides the value set here
   |
  ::: HEAD:environments/prod/orders.toml:15:11
   |
15 | storage = "200Gi"
   |           ------- 200Gi then
   |
   = note: no volume can shrink: the API refuses a smaller request, and the file system could not follow
   = help: write `storage = "200Gi"`, or more

error[storage-shrunk]: `orders.databases.main.wal_storage` is 25Gi, and was 50Gi
  --> environments/prod/orders.toml:15:11
   |
15 | storage = "100Gi"
   |           ^^^^^^^ smaller than it was
   |
  ::: environments/services/orders.toml:61:11
   |
61 | storage = "20Gi"
   |           ------ overrides the value set here
   |
  ::: HEAD:environments/prod/orders.toml:15:11
   |
15 | storage = "200Gi"
   |           ------- 50Gi then
   |
   = note: no volume can shrink: the API refuses a smaller request, and the file system could not follow
   = help: write `wal_storage = "50Gi"`, or more

2 errors
for more: specc explain storage-shrunk

"#]],
    );
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
    check(&project, "HEAD").says(
        1,
        str![[r#"
denied[stateful-thing-removed]: `payments.databases.ledger` is another thing than it was, and begins empty
  --> environments/services/payments.toml:22:12
   |
22 | [databases.ledger]
   |            ^^^^^^ Cluster payments-db-ledger in namespace money now
   |
  ::: HEAD:environments/services/payments.toml:22:12
   |
22 | [databases.ledger]
   |            ------ Cluster payments-db-ledger in namespace payments then
   |
   = note: its cluster stays with its volumes, and nothing here looks after it any more
   = help: give back the names of the service, of the thing and of the namespace that it had
   = help: or say that it is gone for good: `"payments.databases.ledger" = "<why>"` below `[retired]` in
           `specc.toml`

1 denied
for more: specc explain stateful-thing-removed

"#]],
    );
}

#[test]
fn a_revision_must_be_there_and_be_readable() {
    let project = edited("environments/prod/orders.toml", "max = 12", "max = 13");
    check(&project, "release-1").says(
        2,
        str![[r#"
error[unreadable-revision]: `release-1` cannot be compared with: git knows no commit of that name
  |
  = help: give a commit, a branch or a tag of the project's own repository, such as `--since main`; a pipeline
          that fetches one commit alone must fetch that one too

1 error
for more: specc explain unreadable-revision

"#]],
    );
    check(&project, "--upload-pack=x").says(
        2,
        str![[r#"
error: unexpected argument '--upload-pack' found

  tip: to pass '--upload-pack' as a value, use '-- --upload-pack'

Usage: specc check <ENVIRONMENT>...

For more information, try '--help'.

"#]],
    );
    project.put("environments/services/orders.toml", "spec = 1\n[service]\nname = 1\n");
    disk::commit(project.path());
    assert_eq!(check(&project, "HEAD").code, Some(1), "the present is judged first");
    let good = Project::example().read("environments/services/orders.toml");
    project.put("environments/services/orders.toml", good);
    check(&project, "HEAD").says(
        2,
        str![[r#"
error[unreadable-revision]: `HEAD` cannot be compared with: its spec has mistakes
  |
  = note: the first is: `workloads.settle` cannot be removed: no earlier layer has it
  = help: give a commit, a branch or a tag of the project's own repository, such as `--since main`; a pipeline
          that fetches one commit alone must fetch that one too

1 error
for more: specc explain unreadable-revision

"#]],
    );
    let outside = Project::example();
    let found = check(&outside, "HEAD");
    assert_eq!(found.code, Some(2), "{}", found.err);
}
