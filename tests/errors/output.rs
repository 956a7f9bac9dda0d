//! Output that cannot be written. What is in the way of single files is in `tests/cli/build.rs`; failing disks, step by
//! step, are in `tests/write/`.
#![expect(clippy::disallowed_methods, reason = "tests move and edit the output that they made")]

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Stdio;

use snapbox::cmd::Command;
use snapbox::str;

use super::{built, refused};
use crate::specc::{Project, run, specc};

const LEDGER: &str = "deploy/dev/specc.lock";

#[test]
fn conflict_markers_in_the_ledger() {
    let project = built();
    let text = project.read(LEDGER);
    let both =
        text.replacen("[outputs]\n", "<<<<<<< ours\n[outputs]\n=======\n[outputs]\n>>>>>>> theirs\n", 1);
    project.put(LEDGER, both);
    refused(&project, &["dev"]).says(
        2,
        str![[r#"
error[conflict-in-ledger]: `deploy/dev/specc.lock` has conflict markers of a merge at line 12
 --> deploy/dev
  = help: finish the merge of the TOML files first, then run the build with `--force`: it counts what either
          side lists as its own and writes the ledger anew

1 error
for more: specc explain conflict-in-ledger

"#]],
    );
    assert_eq!(refused(&project, &["dev", "--check"]).code, Some(2));
    assert_eq!(project.specc(["build", "dev", "--force"]).code, Some(0));
    assert_eq!(project.read(LEDGER), text);
}

#[test]
fn a_ledger_of_a_later_version() {
    let project = built();
    project.edit(LEDGER, "format = 1\n", "format = 2\n");
    refused(&project, &["dev"]).says(
        2,
        str![[r#"
error[unreadable-ledger]: `deploy/dev/specc.lock` has format 2, which this specc does not know
 --> deploy/dev
  = help: build with the version of specc that wrote it, or a later one

1 error
for more: specc explain unreadable-ledger

"#]],
    );
    project.put(LEDGER, "resources: []\n");
    refused(&project, &["dev"]).says(
        2,
        str![[r#"
error[unreadable-ledger]: `deploy/dev/specc.lock` has a line that specc does not write, at line 1
 --> deploy/dev
  = help: without it specc cannot know which files are its own: restore it
          (`git checkout -- deploy/dev/specc.lock`), or delete it and run the build with `--force`

1 error
for more: specc explain unreadable-ledger

"#]],
    );
}

#[test]
fn a_link_in_the_place_of_the_output() {
    let project = built();
    fs::rename(project.path().join("deploy/dev"), project.path().join("moved")).unwrap();
    symlink("../moved", project.path().join("deploy/dev")).unwrap();
    let before = project.files("moved");
    project.specc(["build", "dev"]).says(
        2,
        str![[r#"
error[cannot-write]: output folder `deploy/dev` is a link, which specc does not follow
 --> deploy/dev
  = help: put a folder there instead, or name the place behind the link

1 error
for more: specc explain cannot-write

"#]],
    );
    assert_eq!(project.files("moved"), before);
}

#[test]
fn a_file_in_the_place_of_the_output() {
    let project = Project::new();
    project.put("deploy", "a file\n");
    project.specc(["build", "dev"]).says(
        2,
        str![[r#"
error[cannot-write]: output folder `deploy` is not a folder
 --> deploy/dev
  = help: move it away or name another folder

1 error
for more: specc explain cannot-write

"#]],
    );
    assert_eq!(project.read("deploy"), "a file\n");
}

#[test]
fn output_outside_of_the_project() {
    let project = built();
    project.edit("specc.toml", "[project]\n", "[project]\nout = \"../out\"\n");
    refused(&project, &["dev"]).says(
        2,
        str![[r#"
error[cannot-write]: output folder `../out/dev` is outside of the project
 --> ../out/dev
  = help: name a folder inside the project, or give the place with `--out`

1 error
for more: specc explain cannot-write

"#]],
    );
}

/// No file may grow beyond 512 bytes: what a full disk does, for everybody who runs the tests.
#[test]
fn a_disk_that_is_full() {
    let project = built();
    project.edit("services/hello.toml", "memory = \"256Mi\"", "memory = \"300Mi\"");
    let before = project.files("deploy");
    let script = "trap '' XFSZ; ulimit -f 1; exec \"$0\" build dev";
    let command = Command::new("/bin/sh").args(["-c", script, env!("CARGO_BIN_EXE_specc")]);
    let run = run(command.current_dir(project.path()).env_clear());
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{}", run.err);
    assert!(run.err.starts_with("error[cannot-write]: cannot write `deploy/"), "{}", run.err);
    assert!(run.err.contains("the output is as it was"), "{}", run.err);
    assert_eq!(project.files("deploy"), before);
}

/// A folder that nobody may write to. The superuser may, and so becomes somebody else.
#[test]
fn output_that_is_read_only() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let project = built();
    project.edit("services/hello.toml", "memory = \"256Mi\"", "memory = \"300Mi\"");
    let before = project.files("deploy");
    let mode = |path: &str, mode: u32| {
        fs::set_permissions(project.path().join(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    let program = project.path().join("program");
    fs::copy(env!("CARGO_BIN_EXE_specc"), &program).unwrap();
    mode("program", 0o755);
    mode("", 0o755);
    for folder in ["deploy", "deploy/dev"] {
        mode(folder, 0o555);
    }
    #[expect(clippy::disallowed_methods, reason = "the program under test, as another user")]
    let mut command = std::process::Command::new(&program);
    command.args(["build", "dev"]).current_dir(project.path()).env_clear().stdin(Stdio::null());
    if rustix::process::geteuid().is_root() {
        command.uid(65534).gid(65534);
    }
    let output = command.output().unwrap();
    mode("deploy", 0o755);
    mode("deploy/dev", 0o755);
    assert_eq!(output.status.code(), Some(2));
    snapbox::assert_data_eq!(
        String::from_utf8(output.stderr).unwrap(),
        str![[r#"
error[cannot-write]: cannot create `deploy/.specc-stage-dev`: permission denied
 --> deploy/dev
  = help: give yourself the right to write there; the output is as it was

1 error
for more: specc explain cannot-write

"#]]
    );
    assert_eq!(project.files("deploy"), before);
}

#[test]
fn a_reader_that_went_away_is_no_reason_to_panic() {
    let project = built();
    let script =
        "\"$0\" build dev -o - | head -c 1 >/dev/null; \"$0\" build dev -o - >&-; \"$0\" check nowhere 2>&-";
    let command = Command::new("/bin/sh").args(["-c", script, env!("CARGO_BIN_EXE_specc")]);
    let ended = run(command.current_dir(project.path()).env_clear().env("PATH", "/usr/bin:/bin"));
    assert_eq!((ended.code, ended.err.as_str()), (Some(2), ""));
    assert_eq!(run(specc(project.path(), ["build", "dev"])).code, Some(0));
}
