//! The same bytes whatever the locale, time zone, umask, working directory, number of threads and line ends.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use snapbox::cmd::Command;

use crate::specc::{Project, run, specc};

const BUILD: [&str; 4] = ["build", "--all", "environments", "-q"];

/// What a build makes: bytes and mode by path.
fn built(project: &Project) -> BTreeMap<String, (Vec<u8>, u32)> {
    let mut all = BTreeMap::new();
    for folder in ["environments/deploy", "environments/chart"] {
        for (path, bytes) in project.files(folder) {
            let path = format!("{folder}/{path}");
            let mode = project.path().join(&path).metadata().unwrap().permissions().mode();
            all.insert(path, (bytes, mode & 0o777));
        }
    }
    assert!(all.len() > 100, "{} files", all.len());
    all
}

fn reference() -> BTreeMap<String, (Vec<u8>, u32)> {
    let example = Project::example();
    assert_eq!(example.specc(BUILD).code, Some(0));
    built(&example)
}

#[track_caller]
fn same(what: &str, got: &BTreeMap<String, (Vec<u8>, u32)>, expected: &BTreeMap<String, (Vec<u8>, u32)>) {
    let paths = |files: &BTreeMap<String, _>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(got), paths(expected), "{what}");
    for (path, content) in got {
        assert!(*content == expected[path], "{what}: {path} differs");
    }
}

#[test]
fn environment_variables_decide_nothing() {
    let expected = reference();
    assert!(expected.values().all(|(_, mode)| *mode == 0o644));
    let zones = ["UTC", "Pacific/Kiritimati", "Etc/GMT+12"];
    for (index, locale) in ["C", "tr_TR.UTF-8", "de_DE.UTF-8", "ja_JP.UTF-8"].into_iter().enumerate() {
        let example = Project::example();
        let threads = ["1", "2", "64", "3"][index];
        let command = specc(example.path(), BUILD)
            .env("LC_ALL", locale)
            .env("LANG", locale)
            .env("TZ", zones[index % zones.len()])
            .env("RAYON_NUM_THREADS", threads)
            .env("HOME", "/nonexistent")
            .env("USER", locale)
            .env("SOURCE_DATE_EPOCH", "4102444800")
            .env("SPECC_OUT", "elsewhere");
        assert_eq!(run(command).code, Some(0));
        same(locale, &built(&example), &expected);
    }
}

#[test]
fn the_umask_decides_nothing() {
    let expected = reference();
    for mask in ["000", "022", "077"] {
        let example = Project::example();
        let script = format!("umask {mask}; exec \"$0\" \"$@\"");
        let command = Command::new("/bin/sh").args(["-c", &script, env!("CARGO_BIN_EXE_specc")]).args(BUILD);
        assert_eq!(run(command.current_dir(example.path()).env_clear()).code, Some(0));
        same(mask, &built(&example), &expected);
    }
}

#[test]
fn the_working_directory_decides_nothing() {
    let expected = reference();
    for (from, place) in
        [("environments", "."), ("environments/prod", ".."), ("", "./environments/../environments")]
    {
        let example = Project::example();
        let command = specc(&example.path().join(from), ["build", "--all", place]);
        assert_eq!(run(command).code, Some(0), "{from} {place}");
        same(from, &built(&example), &expected);
    }
    let example = Project::example();
    let absolute = example.path().join("environments");
    assert_eq!(run(specc(Path::new("/"), ["build", "--all", absolute.to_str().unwrap()])).code, Some(0));
    same("absolute", &built(&example), &expected);
}

#[test]
fn line_ends_and_byte_order_marks_decide_nothing() {
    let expected = reference();
    let example = Project::example();
    for (path, bytes) in example.files("environments") {
        let text = String::from_utf8(bytes).unwrap().replace('\n', "\r\n");
        example.put(&format!("environments/{path}"), format!("\u{feff}{text}"));
    }
    let run = example.specc(BUILD);
    assert_eq!(run.code, Some(0), "{}", run.err);
    same("CRLF", &built(&example), &expected);
}
