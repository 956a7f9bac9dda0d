//! The formats of findings, and how paths are written from wherever a person stands.

use snapbox::str;

use crate::specc::{Project, Run, run, specc};

/// The example with a mistake in a base file and one in an overlay.
fn mistaken() -> Project {
    let example = Project::example();
    example.edit("environments/services/storefront.toml", "port   = 8080", "prot   = 8080");
    example.edit("environments/prod/orders.toml", "storage = \"200Gi\"", "storage = \"200GB\"");
    example
}

fn check(project: &Project, format: &str) -> Run {
    project.specc(["check", "environments/prod", "--output-format", format])
}

#[test]
fn full() {
    check(&mistaken(), "full").says(
        1,
        str![[r#"
error[invalid-value]: `databases.main.storage`: `200GB` is not an amount of memory or storage: `GB` is not a unit
  --> environments/prod/orders.toml:15:11
   |
15 | storage = "200GB"
   |           ^^^^^^^ does not fit
   |
  ::: environments/services/orders.toml:61:11
   |
61 | storage = "20Gi"
   |           ------ overrides the value set here
   |
   = help: [..]

error[unknown-key]: unknown key `prot` in `workloads.web`
  --> environments/services/storefront.toml:11:1
   |
11 | prot   = 8080
   | ^^^^ not a key of this table
   |
   = help: did you mean `port`?

2 errors
for more: specc explain <code>

"#]],
    );
}

#[test]
fn concise() {
    check(&mistaken(), "concise").says(
        1,
        str![[r#"
environments/prod/orders.toml:15:11: error[invalid-value] `databases.main.storage`: `200GB` is not an amount of memory or storage: `GB` is not a unit (help: write `200Gi`)
environments/services/storefront.toml:11:1: error[unknown-key] unknown key `prot` in `workloads.web` (help: did you mean `port`?)

"#]],
    );
}

#[test]
fn github() {
    let run = check(&mistaken(), "github");
    assert_eq!((run.code, run.err.as_str()), (Some(1), ""));
    snapbox::assert_data_eq!(
        run.out,
        str![[r#"
::error file=environments/prod/orders.toml,line=15,col=11,endLine=15,endColumn=18,title=error[invalid-value]::[..]
::error file=environments/services/storefront.toml,line=11,col=1,endLine=11,endColumn=5,title=error[unknown-key]::unknown key `prot` in `workloads.web`%0Ahelp: did you mean `port`?

"#]]
    );
}

#[test]
fn json_has_the_published_shape() {
    let schema = include_str!("../../schema/diagnostics.schema.json");
    let schema = jsonschema::draft202012::new(&serde_json::from_str(schema).unwrap()).unwrap();
    let good = Project::example();
    let outside = crate::disk::folder::<&str>(&[]);
    let runs = [
        (check(&mistaken(), "json"), 1, 2),
        (check(&good, "json"), 0, 0),
        (good.specc(["check", "environments/qa", "--output-format", "json"]), 2, 1),
        (run(specc(outside.path(), ["check", "--output-format", "json"])), 2, 1),
    ];
    for (run, code, findings) in runs {
        assert_eq!((run.code, run.err.as_str()), (Some(code), ""));
        let document: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        if let Some(error) = schema.iter_errors(&document).next() {
            panic!("{error}\n{}", run.out);
        }
        assert_eq!(document["diagnostics"].as_array().unwrap().len(), findings);
    }
}

#[test]
fn paths_begin_where_the_person_stands() {
    let project = mistaken();
    let root = project.path().canonicalize().unwrap();
    let absolute = root.join("environments/prod");
    let absolute = absolute.to_str().unwrap();
    for (folder, environment, shown) in [
        ("", "environments/prod", "environments/services/storefront.toml:11:1: "),
        ("", absolute, "environments/services/storefront.toml:11:1: "),
        ("environments", "prod", "services/storefront.toml:11:1: "),
        ("environments/prod", ".", "../services/storefront.toml:11:1: "),
        ("environments/services", "../prod", "storefront.toml:11:1: "),
        (".git", absolute, "../environments/services/storefront.toml:11:1: "),
    ] {
        let command = specc(&root.join(folder), ["check", environment, "--output-format", "concise"]);
        let run = run(command);
        assert_eq!(run.code, Some(1), "{folder}: {}", run.err);
        // a way through the folder itself is not written: `../services/x` from `services` is `x`
        let found = run.err.lines().any(|line| {
            line.starts_with(shown)
                || (folder.ends_with("services") && line.starts_with("../services/storefront"))
        });
        assert!(found, "{folder} {environment}:\n{}", run.err);
    }
}

#[test]
fn colour_comes_when_asked_for_and_never_by_itself() {
    let project = mistaken();
    assert!(!check(&project, "full").err.contains('\u{1b}'));
    let run = project.specc(["check", "environments/prod", "--color", "always"]);
    assert!(run.err.contains("\u{1b}["), "{}", run.err);
}
