//! What is read, what is refused, and what is said of bad TOML.

use std::os::unix::fs::symlink;

use specc::diagnostic::{Severity, Sink};
use specc::load::{self, Load};
use specc::node::{Kind, Node};
use specc::source::SourceMap;

use crate::disk::{folder, line, lines, put};

/// The findings of `text` as `line:column title`, without the file's name and the common code.
fn syntax(text: &str) -> Vec<String> {
    let mut sources = SourceMap::default();
    let id = sources.add("a", text);
    let mut sink = Sink::default();
    let tree = load::parse(id, text, &mut sink);
    let lines = lines(sink, &sources);
    assert_eq!(tree.complete, lines.is_empty(), "{lines:?}");
    let short = |line: &String| line.replace("toml-syntax a:", "").replace(" a:", " ");
    lines.iter().map(short).collect()
}

#[test]
fn each_mistake_has_words_of_our_own() {
    for (text, expected) in [
        ("a = \n", "1:5 `a` has no value"),
        ("a\n", "1:2 `a` has no value"),
        ("= 1\n", "1:1 a key is missing"),
        ("a = hello\n", "1:5 a string needs quotes"),
        ("a = hello world\n", "1:5 a string needs quotes"),
        ("a = ${X}\n", "1:5 a string needs quotes"),
        ("a = 500m\n", "1:5 a value with a unit needs quotes"),
        ("a = True\n", "1:5 a boolean is written in lower case"),
        ("a = yes\n", "1:5 this is not a boolean"),
        ("a = null\n", "1:5 TOML has no null"),
        ("a = \"x\nb = 1\n", "1:7 a string has only one of its two quotes"),
        ("a = \"\u{1}\"\n", "1:6 a string has a control character"),
        ("a = \"\\q\"\n", "1:7 a backslash begins no known escape"),
        ("a = \"\\u12\"\n", "1:10 an escape names no character"),
        ("a = 01\n", "1:5 this is not a number as TOML writes it"),
        ("a = 1.\n", "1:7 this is not a number as TOML writes it"),
        ("a = 2024-02-30\n", "1:5 this is not a date or time"),
        ("a = 99999999999999999999\n", "1:5 an integer is too large for 64 bits"),
        ("a = 1e999\n", "1:5 a number is too large for a 64-bit float"),
        ("[a\nb = 1\n", "1:3 a table header is not closed"),
        ("[a b]\n", "1:3 a table header is not closed"),
        ("[]\n", "1:2 a key or table header has an empty part"),
        ("a: 1\n", "1:2 a key and its value are joined by `:`"),
        ("- a\n", "1:3 a list is not written with dashes"),
        ("// a\n", "1:1 this is not how TOML writes a comment"),
        ("ü = 1\n", "1:1 a key has a character that needs quotes"),
        ("a = 1 b = 2\n", "1:9 a line has more than one key with its value"),
        ("a = [1,,2]\n", "1:8 there is a comma too many"),
        ("a = [\"b\" \"c\"]\n", "1:10 a comma is missing between two items of an array"),
        ("a = {b = 1 c = 2}\n", "1:14 a comma is missing between two entries of an inline table"),
        ("a = {b 1}\n", "1:8 an entry of an inline table is not `key = value`"),
        ("a = {{ x }}\n", "1:6 an entry of an inline table is not `key = value`"),
        ("a = ]\n", "1:5 a `]` closes nothing"),
        ("a = }\n", "1:5 a `}` closes nothing"),
        ("a = == 1\n", "1:5 there is an `=` too many"),
        ("a = 1\rb = 2\n", "1:7 a carriage return stands without its newline"),
        ("# \u{1}\n", "1:3 a comment has a control character"),
        ("\"\"\"a\"\"\" = 1\n", "1:1 a key is a multi-line string"),
        (
            "<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> x\n",
            "1:1 the file has the conflict markers of an unfinished merge",
        ),
        ("a = \"\"\"x\nb = 2\n", "1:5 a multi-line string is never closed"),
        ("a = { b = 1\n[c]\nd = 1\n", "1:5 an inline table is never closed"),
    ] {
        assert_eq!(syntax(text), [expected], "{text:?}");
    }
}

#[test]
fn all_mistakes_of_a_file_are_told_and_no_echo_of_them() {
    let text = "a = [1, 2\nb = [\"x\"]\nc = 5m\n[d]\ne = { f = 1 g = 2 }\nh = ok\nh = 1\n[d]\n";
    assert_eq!(
        syntax(text),
        [
            "1:5 an array is never closed",
            "3:5 a value with a unit needs quotes",
            "5:15 a comma is missing between two entries of an inline table",
            "6:5 a string needs quotes",
            "duplicate-key 7:1 `h` is defined twice < 6:1",
            "duplicate-key 8:2 `d` is defined twice < 4:2",
        ]
    );
}

#[test]
fn a_second_definition_points_at_the_first_in_any_notation() {
    for (text, expected) in [
        ("a = 1\nb = 2\na = 3\n", "3:1 `a` is defined twice < 1:1"),
        ("[a]\nx = 1\n[b]\n[a]\n", "4:2 `a` is defined twice < 1:2"),
        ("a.b = 1\n[a]\nc = 1\n", "2:2 `a` is defined twice < 1:1"),
        ("a = {b = 1, b = 2}\n", "1:13 `b` is defined twice < 1:6"),
        ("[x]\n'a' = 1\n\"a\" = 2\n", "3:1 `\"a\"` is defined twice < 2:1"),
        ("a = 1\na.b = 2\n", "2:1 `a` has a value and cannot have keys of its own < 1:1"),
        ("a = {b = 1}\n[a.c]\n", "2:2 `a` has a value and cannot have keys of its own < 1:1"),
        ("[[l]]\nk = 1\nk = 2\n[[l]]\nk = 3\n", "3:1 `k` is defined twice < 2:1"),
    ] {
        assert_eq!(syntax(text), [format!("duplicate-key {expected}")], "{text}");
    }
    let thrice = syntax("a = 1\na = 2\na = 3\n");
    assert_eq!(thrice, ["2:1", "3:1"].map(|at| format!("duplicate-key {at} `a` is defined twice < 1:1")));
}

#[test]
fn no_title_repeats_a_value() {
    for value in [
        "hunter2",
        "hunter2 x",
        "5hunter2",
        "\"hunter2",
        "'hunter2",
        "hunter2\"",
        "\"hunter2\\q\"",
        "thunter2",
    ] {
        for form in
            ["password = VALUE\n", "password: VALUE\n", "a = { password = VALUE }\n", "a = [VALUE, 1]\n"]
        {
            let found = syntax(&form.replace("VALUE", value));
            assert!(!found.iter().any(|line| line.contains("hunter2")), "{found:?}");
        }
    }
}

#[test]
fn many_mistakes_are_counted() {
    let mut sources = SourceMap::default();
    let text = "x\n".repeat(500);
    let id = sources.add("a", text.clone());
    let mut sink = Sink::default();
    load::parse(id, &text, &mut sink);
    let found = sink.into_sorted(&sources);
    assert_eq!(found.len(), load::limits::SYNTAX_ERRORS);
    assert_eq!(found.last().unwrap().notes, ["and 400 more syntax errors in this file"]);
}

#[test]
fn every_value_knows_its_place() {
    let text = "s = 'x'\n[t.u]\nd = 2027-03-01\nl = [1, { k = true }]\nf = 1.5\n";
    let mut sources = SourceMap::default();
    let id = sources.add("a", text);
    let tree = load::parse(id, text, &mut Sink::default());
    let table = tree.root.get("t").unwrap().get("u").unwrap();
    let show = |node: &Node| {
        (sources.excerpt(node.mention.key).to_owned(), sources.excerpt(node.mention.value).to_owned())
    };
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    assert_eq!(show(tree.root.get("s").unwrap()), pair("s", "'x'"));
    assert_eq!(show(table), pair("u", "[t.u]"));
    let date = table.get("d").unwrap();
    assert!(matches!(&date.kind, Kind::Datetime(d) if d == "2027-03-01"));
    assert_eq!(show(date), pair("d", "2027-03-01"));
    let Kind::Array(items) = &table.get("l").unwrap().kind else { panic!("no array") };
    assert_eq!(show(&items[0]), pair("1", "1"));
    assert_eq!(show(items[1].get("k").unwrap()), pair("k", "true"));
}

fn values(node: &Node) -> String {
    match &node.kind {
        Kind::Table(table) => {
            let entries: Vec<_> =
                table.iter().map(|(k, v)| format!("{k}@{:?}={}", v.mention, values(v))).collect();
            entries.join(";")
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn line_ends_and_byte_order_mark_change_nothing() {
    let text = "# c\na = \"\"\"x\ny\"\"\"\n[b]\nc = 1\n";
    let crlf = text.replace('\n', "\r\n");
    let mut seen = Vec::new();
    for form in [text.to_owned(), crlf.clone(), format!("\u{feff}{text}"), format!("\u{feff}{crlf}")] {
        let folder = folder(&[("a.toml", form)]);
        let mut load = Load::open(folder.path()).unwrap();
        let mut sink = Sink::default();
        let tree = load.read_toml("a.toml", &mut sink).unwrap();
        assert!(sink.is_empty());
        seen.push((values(&tree.root), load.inputs()));
    }
    seen.dedup();
    assert_eq!(seen.len(), 1);
}

#[test]
fn limits_are_named() {
    let deep = |levels: usize| format!("a = {}{}\n", "[".repeat(levels), "]".repeat(levels));
    assert_eq!(syntax(&deep(64)), [""; 0]);
    for levels in [65, 80, 81, 1000, 100_000] {
        let found = syntax(&deep(levels));
        assert_eq!(found.len(), 1, "{levels}: {found:?}");
        assert!(found[0].starts_with("nested-too-deep 1:"), "{found:?}");
    }
    let dotted = format!("{} = 1\n", vec!["a"; 66].join("."));
    assert!(syntax(&dotted)[0].starts_with("nested-too-deep 1:"));
    let long = |bytes: usize| format!("a = \"{}\"\n", "x".repeat(bytes));
    assert_eq!(syntax(&long(65_536)), [""; 0]);
    assert_eq!(syntax(&long(65_537)), ["string-too-long 1:5 a string is too long: 65537 bytes"]);
    assert_eq!(
        syntax(&format!("{} = 1\n", "k".repeat(65_537))),
        ["string-too-long 1:1 a string is too long: 65537 bytes"]
    );
    let list = |items: usize| format!("a = [{}]\n", "1,".repeat(items));
    assert_eq!(syntax(&list(10_000)), [""; 0]);
    assert_eq!(syntax(&list(10_001)), ["list-too-long 1:5 an array is too long: 10001 items"]);
}

#[test]
fn nested_braces_and_dotted_keys_cannot_exhaust_the_stack() {
    let key = vec!["a"; 78].join(".");
    let text = format!("x = 1\nx = {}1{}\n", format!("{{{key} = ").repeat(79), "}".repeat(79));
    assert_eq!(syntax(&text)[0], "duplicate-key 2:1 `x` is defined twice < 1:1");
    assert!(syntax(text.trim_start_matches("x = 1\n"))[0].starts_with("nested-too-deep"));
}

#[test]
fn hostile_files_end() {
    let mib = 1 << 20;
    for text in [
        "[".repeat(mib),
        format!("a={}", "[".repeat(mib)),
        format!("a={}", "{a=".repeat(mib / 3)),
        "a=1\n".repeat(mib / 4),
        "a.".repeat(mib / 2),
        "\"".repeat(mib),
        "=".repeat(mib),
        "a=[\n".repeat(mib / 4),
        format!("a=[{}", ",".repeat(mib)),
        format!("a={}", "-".repeat(mib)),
        "<<<<<<< ".repeat(mib / 8),
        "a='''\n".repeat(mib / 6),
    ] {
        assert!(!syntax(&text).is_empty());
    }
}

#[test]
fn only_regular_files_inside_the_project_are_read() {
    let outside = folder(&[("secret.toml", "a = 1\n")]);
    let project =
        folder(&[("a.toml", "a = 1\n"), ("sub/b.toml", "b = 1\n"), ("bad.toml", "b = \"\u{fc}\"\n")]);
    let at = |path: &str| project.path().join(path);
    put(project.path(), "latin.toml", b"a = 1\nb = \"\xfc\"\n");
    put(project.path(), "large.toml", &vec![b'#'; (1 << 20) + 1]);
    symlink(at("a.toml"), at("absolute.toml")).unwrap();
    symlink("../a.toml", at("sub/relative.toml")).unwrap();
    symlink(outside.path().join("secret.toml"), at("link.toml")).unwrap();
    symlink(outside.path(), at("folder")).unwrap();
    symlink("loop.toml", at("loop.toml")).unwrap();
    symlink("/dev/zero", at("zero.toml")).unwrap();
    let fifo = rustix::fs::FileType::Fifo;
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    rustix::fs::mknodat(rustix::fs::CWD, at("fifo.toml"), fifo, mode, 0).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(at("socket.toml")).unwrap();

    let mut load = Load::open(project.path()).unwrap();
    for path in ["a.toml", "./sub/../a.toml", "sub/b.toml", "absolute.toml", "sub/relative.toml"] {
        let mut sink = Sink::default();
        assert!(load.read_toml(path, &mut sink).is_some_and(|tree| tree.complete), "{path}");
        assert!(sink.is_empty());
    }
    for (path, severity, expected) in [
        ("link.toml", Severity::Failure, "outside-project link.toml `link.toml` leads out of the project"),
        (
            "folder/secret.toml",
            Severity::Failure,
            "outside-project folder/secret.toml `folder/secret.toml` leads out of the project",
        ),
        ("zero.toml", Severity::Failure, "outside-project zero.toml `zero.toml` leads out of the project"),
        ("../x.toml", Severity::Failure, "outside-project ../x.toml `../x.toml` leads out of the project"),
        (
            "/etc/passwd",
            Severity::Failure,
            "outside-project /etc/passwd `/etc/passwd` leads out of the project",
        ),
        ("sub", Severity::Failure, "not-a-regular-file sub `sub` is a folder, not a regular file"),
        (
            "fifo.toml",
            Severity::Failure,
            "not-a-regular-file fifo.toml `fifo.toml` is a named pipe, not a regular file",
        ),
        (
            "socket.toml",
            Severity::Failure,
            "not-a-regular-file socket.toml `socket.toml` is a socket, not a regular file",
        ),
        (
            "large.toml",
            Severity::Failure,
            "file-too-large large.toml `large.toml` is too large: 1048577 bytes",
        ),
        (
            "latin.toml",
            Severity::Error,
            "not-utf8 latin.toml `latin.toml` is not UTF-8 text: line 2 has other bytes",
        ),
        ("none.toml", Severity::Failure, "cannot-read none.toml cannot read `none.toml`: it does not exist"),
        (
            "a.toml/b",
            Severity::Failure,
            "cannot-read a.toml/b cannot read `a.toml/b`: a part of the path is not a folder",
        ),
    ] {
        let mut sink = Sink::default();
        assert!(load.read_toml(path, &mut sink).is_none(), "{path}");
        let found = sink.into_sorted(load.sources());
        assert_eq!((found.len(), found[0].severity), (1, severity), "{path}");
        assert_eq!(line(&found[0], load.sources()), expected);
    }
    let mut sink = Sink::default();
    assert!(load.read_toml("loop.toml", &mut sink).is_none());
    assert_eq!(sink.into_sorted(load.sources())[0].code, "cannot-read");
    assert_eq!(load.list("folder").unwrap_err().code, "outside-project");
    assert_eq!(load.list("a.toml").unwrap_err().code, "not-a-folder");
    assert_eq!(load.list("none").unwrap_err().code, "cannot-read");
    assert_eq!(load.list("sub").unwrap(), ["b.toml", "relative.toml"]);
    let read: Vec<_> = load.inputs().into_iter().map(|(path, _)| path).collect();
    assert_eq!(read, ["a.toml", "absolute.toml", "sub/b.toml", "sub/relative.toml"]);
}

#[test]
fn texts_are_read_byte_for_byte_and_blame_who_names_them() {
    let project = folder(&[("a.toml", "file = 'b.txt'\n"), ("b.txt", "\u{feff}x\r\ny")]);
    let mut load = Load::open(project.path()).unwrap();
    let mut sink = Sink::default();
    let tree = load.read_toml("a.toml", &mut sink).unwrap();
    let place = tree.root.get("file").unwrap().mention.value;
    let id = load.read_text("b.txt", Some(place), &mut sink).unwrap();
    assert_eq!(load.sources().text(id), "\u{feff}x\r\ny");
    assert_eq!(load.read_text("./b.txt", None, &mut sink), Some(id));
    assert!(sink.is_empty());
    assert!(load.digest(id).is_some());
    assert!(load.read_text("c.txt", Some(place), &mut sink).is_none());
    assert_eq!(
        lines(sink, load.sources()),
        ["cannot-read a.toml:1:8 cannot read `c.txt`: it does not exist"]
    );
}

#[test]
fn all_files_together_have_limits() {
    let project = folder::<&str>(&[]);
    let comment = vec![b'#'; 1 << 20];
    let paths: Vec<_> = (0..66).map(|n| format!("{n}.toml")).collect();
    for path in &paths {
        put(project.path(), path, &comment);
    }
    let mut load = Load::open(project.path()).unwrap();
    let mut sink = Sink::default();
    let read = load.read_all(&paths, &mut sink);
    assert_eq!(read.iter().flatten().count(), 64);
    assert_eq!(
        lines(sink, load.sources()),
        ["input-too-large 64.toml the files of the project are too large together"]
    );

    let project = folder(&[("a.toml", "")]);
    let paths: Vec<_> = (0..10_002).map(|n| format!("{n}.toml")).collect();
    for path in &paths {
        std::os::unix::fs::symlink("a.toml", project.path().join(path)).unwrap();
    }
    let mut load = Load::open(project.path()).unwrap();
    let mut sink = Sink::default();
    let read = load.read_all(&paths, &mut sink);
    assert_eq!(read.iter().flatten().count(), 10_000);
    assert_eq!(lines(sink, load.sources()), ["too-many-files 10000.toml the project has too many files"]);
    assert_eq!(load.list(".").unwrap_err().code, "too-many-files");
}
