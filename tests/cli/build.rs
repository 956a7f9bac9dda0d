//! `init`, `build` and `check`: what is written, what is not, and how a run ends.

use snapbox::str;

use crate::specc::Project;

const FIRST: &str = "services/hello/api/deployment.yaml";

#[test]
fn a_new_project_builds_and_a_second_build_changes_nothing() {
    let project = Project::new();
    assert_eq!(project.specc(["build", "dev"]).code, Some(0));
    let first = project.files("deploy");
    assert!(first.contains_key(&format!("dev/{FIRST}")) && first.contains_key("dev/specc.lock"));
    project.specc(["build", "environments/dev"]).says(0, "deploy/dev is up to date\n");
    project.specc(["build", "./environments/dev/", "-q"]).says(0, "");
    assert_eq!(project.files("deploy"), first);
    let all = project.specc(["build", "--all"]);
    assert_eq!(all.code, Some(0), "{}", all.err);
    assert!(
        all.err.contains("deploy/dev is up to date\n") && all.err.contains("deploy/prod: "),
        "{}",
        all.err
    );
    let again = project.specc(["build", "--all", "--check"]);
    assert_eq!((again.code, again.err.matches(" is up to date\n").count()), (Some(0), 3), "{}", again.err);
}

#[test]
fn init_touches_no_file_that_is_there() {
    let project = Project::new();
    let before = project.files(".");
    project.specc(["init"]).says(
        2,
        str![[r#"
error[cannot-write]: `specc.toml` could not be created: it exists already
 --> specc.toml
  = help: run `specc init` in a folder without a project; files that are there are never touched

1 error
for more: specc explain cannot-write

"#]],
    );
    assert_eq!(project.files("."), before);
    assert_eq!(project.specc(["init", "below/here"]).code, Some(0));
    assert!(project.files("below/here").contains_key("specc.toml"));
}

#[test]
fn check_finds_drift_and_writes_nothing() {
    let project = Project::new();
    project.specc(["build", "--check", "dev"]).says(
        1,
        str![[r#"
error[drift]: `deploy/dev` is not what the spec builds
 --> deploy/dev
...
1 error
for more: specc explain drift

"#]],
    );
    assert!(project.files("deploy").is_empty());
    assert_eq!(project.specc(["build", "dev"]).code, Some(0));
    let before = project.files("deploy");
    project.edit("services/hello.toml", "memory = \"256Mi\"", "memory = \"300Mi\"");
    project.specc(["build", "--check", "dev"]).says(
        1,
        str![[r#"
error[drift]: `deploy/dev` is not what the spec builds
 --> deploy/dev
  = note: `REPORT.md` is out of date
  = note: `services/hello/api/deployment.yaml` is out of date
  = note: `specc.lock` is out of date
  = help: run `specc build` and commit what it writes

1 error
for more: specc explain drift

"#]],
    );
    let dry = project.specc(["build", "--dry-run", "dev"]);
    assert_eq!(dry.code, Some(0));
    assert!(
        dry.err.contains("2 would be changed")
            && dry.err.contains("  ~ services/hello/api/deployment.yaml\n")
    );
    assert_eq!(project.files("deploy"), before);
}

#[test]
fn what_the_spec_no_longer_makes_is_deleted_and_nothing_else() {
    let project = Project::new();
    assert_eq!(project.specc(["build", "prod"]).code, Some(0));
    project.put("deploy/prod/services/hello/api/mine.txt", "mine");
    assert!(project.files("deploy/prod").contains_key("services/hello/api/httproute.yaml"));
    project.edit("environments/prod/hello.toml", "route = { host = \"hello.example.com\" }\n", "");
    let run = project.specc(["build", "prod"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(run.err.contains("2 deleted"), "{}", run.err);
    let files = project.files("deploy/prod");
    assert!(!files.contains_key("services/hello/api/httproute.yaml"));
    assert_eq!(files["services/hello/api/mine.txt"], b"mine");
}

#[test]
fn edited_and_foreign_files_are_refused() {
    let project = Project::new();
    assert_eq!(project.specc(["build", "dev"]).code, Some(0));
    let clean = project.files("deploy");
    project.put(&format!("deploy/dev/{FIRST}"), "edited: true\n");
    let before = project.files("deploy");
    project.specc(["build", "dev"]).says(
        2,
        str![[r#"
error[edited-file]: 1 path is not specc's to touch in `deploy/dev`, so nothing was written there
 --> deploy/dev
  = note: `services/hello/api/deployment.yaml` was edited after specc wrote it
  = help: move them away, put your edits into the TOML files, or run the build with `--force` to replace them

1 error
for more: specc explain edited-file

"#]],
    );
    assert_eq!(project.files("deploy"), before);
    let drift = project.specc(["build", "dev", "--check"]);
    assert_eq!(drift.code, Some(1));
    assert!(drift.err.contains("help: first put edits of the output into the TOML files"), "{}", drift.err);
    assert_eq!(project.specc(["build", "dev", "--force"]).code, Some(0));
    assert_eq!(project.files("deploy"), clean);

    project.put("deploy/prod/kustomization.yaml", "resources: []\n");
    let before = project.files("deploy");
    let refused = project.specc(["build", "prod"]);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.err.contains("`kustomization.yaml` is a file that specc did not write"),
        "{}",
        refused.err
    );
    assert_eq!(project.files("deploy"), before);
}

#[test]
fn output_goes_where_it_is_asked_to() {
    let project = Project::new();
    assert_eq!(project.specc(["build", "dev", "--out", "else/where"]).code, Some(0));
    assert!(project.files("deploy").is_empty());
    let files = project.files("else/where/dev");

    let stream = project.specc(["build", "dev", "-o", "-"]);
    assert_eq!((stream.code, stream.err.as_str()), (Some(0), ""));
    let mut documents: Vec<&str> =
        stream.out.split("---\n").filter(|document| !document.is_empty()).collect();
    let is_object = |path: &&String| path.starts_with("services/") || path.starts_with("namespaces/");
    let mut objects: Vec<&str> =
        files.keys().filter(is_object).map(|path| std::str::from_utf8(&files[path]).unwrap()).collect();
    documents.sort_unstable();
    objects.sort_unstable();
    assert_eq!(documents, objects);
    assert!(project.files("deploy").is_empty());
}

#[test]
fn a_spec_with_an_error_writes_nothing() {
    let project = Project::new();
    project.edit("services/hello.toml", "[workloads.api]", "[workloads.api]\nreplicsa = 3");
    for arguments in [&["build", "dev"][..], &["build", "--all"], &["build", "dev", "-o", "-"], &["check"]] {
        let run = project.specc(arguments.iter().copied());
        assert_eq!((run.code, run.out.as_str()), (Some(1), ""), "{arguments:?}");
        assert!(run.err.contains("error[unknown-key]: unknown key `replicsa`"), "{}", run.err);
    }
    assert!(project.files("deploy").is_empty());
}

#[test]
fn wrong_usage_ends_with_2() {
    let project = Project::new();
    for arguments in [
        &[][..],
        &["bild"],
        &["build"],
        &["build", "dev", "--check", "--dry-run"],
        &["build", "dev", "--check", "--force"],
        &["build", "dev", "-o", "file"],
        &["build", "dev", "-o", "-", "--out", "x"],
        &["build", "nowhere"],
        &["check", "nowhere"],
        &["check", "--output-format", "xml"],
        &["explain"],
        &["explain", "no-such-code"],
        &["explain", ".", "hello.service"],
        &["schema", "nothing"],
    ] {
        let run = project.specc(arguments.iter().copied());
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{arguments:?}: {}", run.err);
        assert!(!run.err.is_empty());
    }
    assert!(project.files("deploy").is_empty());
}

#[test]
fn the_folder_of_the_project_means_all_environments() {
    let example = Project::example();
    example.specc(["check", "environments"]).says(0, "checked dev, staging, prod\n");
    let run = example.specc(["build", "--all", "environments"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    for output in ["deploy/dev", "deploy/staging", "deploy/prod", "chart"] {
        assert!(!example.files(&format!("environments/{output}")).is_empty(), "{output}");
        assert!(run.err.contains(&format!("environments/{output}: ")), "{}", run.err);
    }
}
