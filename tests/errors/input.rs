//! Input that cannot be read, or not as a spec.
#![expect(clippy::disallowed_methods, reason = "tests move files of the projects that they made")]

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;

use snapbox::str;

use super::{built, fifo, refused};
use crate::specc::{run, specc};

const HELLO: &str = "services/hello.toml";

#[test]
fn a_fifo() {
    let project = built();
    fifo(&project.path().join("services/pipe.toml"));
    refused(&project, &["dev"]).says(
        2,
        str![[r#"
error[not-a-regular-file]: `services/pipe.toml` is a named pipe, not a regular file
 --> services/pipe.toml
  = help: put a file with text in its place, or remove it

1 error
for more: specc explain not-a-regular-file

"#]],
    );
}

#[test]
fn a_link_out_of_the_project() {
    let project = built();
    let outside = crate::disk::folder(&[("other.toml", "spec = 1\n")]);
    symlink(outside.path().join("other.toml"), project.path().join("services/other.toml")).unwrap();
    refused(&project, &["dev"]).says(
        2,
        str![[r#"
error[outside-project]: `services/other.toml` leads out of the project
 --> services/other.toml
  = note: specc reads only files at or below the folder of `specc.toml`, so that a build depends on nothing
          else
  = help: move or copy what it names into the project

1 error
for more: specc explain outside-project

"#]],
    );
    fs::rename(project.path().join(HELLO), project.path().join("elsewhere.toml")).unwrap();
    fs::rename(project.path().join("services/other.toml"), project.path().join("other")).unwrap();
    symlink("../elsewhere.toml", project.path().join(HELLO)).unwrap();
    assert_eq!(project.specc(["build", "dev"]).code, Some(0), "a link inside of the project is fine");
}

#[test]
fn a_file_too_large() {
    let project = built();
    project.put(HELLO, format!("# {}\n{}", "x".repeat(1 << 20), project.read(HELLO)));
    refused(&project, &["dev"]).says(
        2,
        str![[r#"
error[file-too-large]: `services/hello.toml` is too large: 1049014 bytes
 --> services/hello.toml
  = note: one file may have 1 MiB, so that a wrong file cannot exhaust the machine
  = help: split it, or check that this is the file you meant

1 error
for more: specc explain file-too-large

"#]],
    );
}

#[test]
fn too_deep() {
    let project = built();
    project.put(HELLO, format!("deep = {}{}\n{}", "[".repeat(65), "]".repeat(65), project.read(HELLO)));
    refused(&project, &["dev"]).says(
        2,
        str![[r#"
error[nested-too-deep]: tables and arrays are nested more than 64 deep
 --> services/hello.toml:1:72
  |
1 | ...[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]...
  |                                       ^^ too deep from here on
  |
  = help: no key of a spec needs that depth; check that this is the file you meant

1 error
for more: specc explain nested-too-deep

"#]],
    );
}

#[test]
fn not_utf8() {
    let project = built();
    project.put(HELLO, b"spec = 1\n# caf\xe9\n");
    refused(&project, &["dev"]).says(
        1,
        str![[r#"
error[not-utf8]: `services/hello.toml` is not UTF-8 text: line 2 has other bytes
 --> services/hello.toml
  = help: save the file with the encoding UTF-8

1 error
for more: specc explain not-utf8

"#]],
    );
    project.put(HELLO, "spec = 1\n[service]\nname = \"hello\"\nimage = \"registry.example.com/hello\"\n");
    project.put("services/x", "");
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.toml");
    fs::rename(project.path().join("services/x"), project.path().join("services").join(name)).unwrap();
    refused(&project, &["dev"]).says(
        1,
        str![[r#"
error[not-utf8]: a file name in `services` is not UTF-8: `caf�.toml`
 --> services
  = help: rename the file

1 error
for more: specc explain not-utf8

"#]],
    );
}

#[test]
fn a_folder_in_the_place_of_a_file_and_the_other_way_round() {
    let project = built();
    project.put("services/folder.toml/x", "");
    refused(&project, &["dev"]).says(
        2,
        str![[r#"
error[not-a-regular-file]: `services/folder.toml` is a folder, not a regular file
 --> services/folder.toml
  = help: put a file with text in its place, or remove it

1 error
for more: specc explain not-a-regular-file

"#]],
    );
    let project = built();
    project.edit("specc.toml", "[project]\n", "[project]\nservices = \"specc.toml\"\n");
    refused(&project, &["dev"]).says(
        2,
        str![[r#"
error[not-a-folder]: `specc.toml` is not a folder
 --> specc.toml:5:12
  |
5 | services = "specc.toml"
  |            ^^^^^^^^^^^^ this folder
  |
  = help: give the path of a folder inside the project

1 error
for more: specc explain not-a-folder

"#]],
    );
}

#[test]
fn an_unknown_environment() {
    refused(&built(), &["environments/prd"]).says(
        2,
        str![[r#"
error[unknown-environment]: there is no environment `environments/prd`
  |
  = note: known are dev, prod
  = help: did you mean `prod`?

1 error
for more: specc explain unknown-environment

"#]],
    );
}

#[test]
fn no_project() {
    let nowhere = crate::disk::folder::<&str>(&[]);
    run(specc(nowhere.path(), ["build", "prod"])).says(
        2,
        str![[r#"
error[no-project]: `prod` is not in a project: no `specc.toml` there or above
 --> prod
  = note: the search goes up to the root of the repository
  = help: run `specc init` to begin a project, or give a path inside one

1 error
for more: specc explain no-project

"#]],
    );
}

#[test]
fn all_mistakes_of_all_files_at_once() {
    let project = built();
    project.put(HELLO, "spec = 1\n[service\nname = \"hello\nport = = 1\n");
    project.put("environments/dev/environment.toml", "tier = \"dev\" \"prod\"\n");
    let run = refused(&project, &["dev", "--output-format", "concise"]);
    assert_eq!(run.code, Some(1));
    assert!(run.err.lines().filter(|line| line.contains("error[toml-syntax]")).count() >= 3, "{}", run.err);
    assert!(
        run.err.contains("services/hello.toml:2:")
            && run.err.contains("environments/dev/environment.toml:1:")
    );
}
