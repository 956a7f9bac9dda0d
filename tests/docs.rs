//! The documents are tests: what they show compiles, and what they say the program prints it prints.
//!
//! A document tells one story in a folder of its own, a repository. `<!-- example -->` puts the example of this repository
//! there, `<!-- init -->` a new project. A block ```` ```toml PATH ```` writes a file; every file that a document writes
//! must be part of a project that compiles at its end, unless a command was shown to refuse it. A block ```` ```console ````
//! has commands behind `$ `, `specc` or `cat` (a file) or `sed -i` (an edit), and what they print, where a line `...`
//! stands for any lines. Blocks `sh` are for people and are not run. `SPECC_BLESS=1 cargo test docs` rewrites the output
//! of commands.

mod reference;

use std::path::PathBuf;

use crate::bless;
use crate::specc::{Project, run, specc};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A piece of a document.
enum Part<'t> {
    /// lines that are no block, with their ends
    Text(&'t str),
    /// info string, body
    Block(&'t str, &'t str),
}

/// The parts of a document, in order; together they are its text.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = fence(rest) {
        let (before, block) = rest.split_at(at);
        parts.push(Part::Text(before));
        let (info, body) = block["```".len()..].split_once('\n').expect("a block has lines");
        let end = if body.starts_with("```\n") { 0 } else { body.find("\n```\n").expect("a block ends") + 1 };
        parts.push(Part::Block(info, &body[..end]));
        rest = &body[end + "```\n".len()..];
    }
    parts.push(Part::Text(rest));
    parts
}

/// Where the next block begins.
fn fence(text: &str) -> Option<usize> {
    if text.starts_with("```") { Some(0) } else { text.find("\n```").map(|at| at + 1) }
}

/// The folder in which a document's story happens.
struct Story {
    project: Option<Project>,
    /// files were written since the last command
    unread: bool,
}

impl Story {
    fn project(&mut self) -> &Project {
        self.project.get_or_insert_with(Project::empty)
    }

    /// A line of text may change the scene.
    fn read(&mut self, text: &str) {
        for line in text.lines() {
            match line {
                "<!-- example -->" => *self = Story { project: Some(Project::example()), unread: false },
                "<!-- init -->" => *self = Story { project: Some(Project::new()), unread: false },
                "<!-- empty -->" => *self = Story { project: None, unread: false },
                _ => {}
            }
        }
    }

    /// Runs the commands of a block; the result is the block as it should be.
    fn console(&mut self, document: &str, body: &str) -> String {
        let mut now = String::new();
        let mut commands = body.split_inclusive('\n').peekable();
        while let Some(line) = commands.next() {
            let command = line
                .strip_prefix("$ ")
                .unwrap_or_else(|| panic!("{document}: no command: {line}"))
                .trim_end();
            let mut shown = String::new();
            while let Some(printed) = commands.next_if(|line| !line.starts_with("$ ")) {
                shown.push_str(printed);
            }
            let printed = self.command(document, command);
            let fits = fits(&shown, &printed);
            assert!(
                fits || bless::blessing(),
                "{document}: `{command}` prints\n{printed}\nand not\n{shown}\nrun `SPECC_BLESS=1 cargo test docs`"
            );
            now += line;
            now += if fits { &shown } else { &printed };
        }
        self.unread = false;
        now
    }

    /// What a command prints to either stream.
    fn command(&mut self, document: &str, command: &str) -> String {
        let project = self.project();
        let words: Vec<&str> = command.split(' ').collect();
        match words.as_slice() {
            ["specc", arguments @ ..] => {
                let run = run(specc(project.path(), arguments.iter().copied()));
                format!("{}{}", run.out, run.err).trim_matches('\n').to_owned() + "\n"
            }
            ["cat", path] => project.read(path),
            ["sed", "-i", ..] => {
                let edit = command.split('\'').nth(1).and_then(|edit| edit.strip_prefix("s/"));
                let (old, new) =
                    edit.and_then(|edit| edit.strip_suffix('/')?.split_once('/')).expect("s/old/new/");
                project.edit(words.last().unwrap(), old, new);
                String::new()
            }
            _ => panic!("{document}: a test cannot run `{command}`; use a block `sh` for what is not specc"),
        }
    }

    /// Demands that the project as it stands is good, if the document wrote files that no command has read.
    fn finish(&mut self, document: &str) {
        if std::mem::take(&mut self.unread) {
            let run = self.project().specc(["check"]);
            let below = self.project().specc(["check", "environments"]);
            assert!(
                run.code == Some(0) || below.code == Some(0),
                "{document}: its files do not compile:\n{}\n{}",
                run.err,
                below.err
            );
        }
    }
}

/// Whether `printed` is what a document shows, where a line `...` stands for any lines.
fn fits(shown: &str, printed: &str) -> bool {
    let mut rest = printed;
    let mut pieces = shown.split("...\n").peekable();
    let first = pieces.next().unwrap_or("");
    let Some(after) = rest.strip_prefix(first) else { return false };
    rest = after;
    while let Some(piece) = pieces.next() {
        let last = pieces.peek().is_none();
        let at =
            if last { rest.ends_with(piece).then(|| rest.len() - piece.len()) } else { rest.find(piece) };
        let Some(at) = at else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.is_empty() || shown.ends_with("...\n")
}

/// Every document: path and text.
fn documents() -> Vec<(String, String)> {
    let mut all = vec![("README.md".to_owned(), bless::text(&root().join("README.md")).expect("a README"))];
    for (name, _) in bless::names(&root().join("docs")) {
        if let (true, Some(text)) = (name.ends_with(".md"), bless::text(&root().join("docs").join(&name))) {
            all.push((format!("docs/{name}"), text));
        }
    }
    all
}

#[test]
fn what_documents_show_is_so() {
    for (document, text) in documents() {
        let mut story = Story { project: None, unread: false };
        let mut now = String::new();
        for part in parts(&text) {
            match part {
                Part::Text(text) => {
                    if text.lines().any(|line| line.starts_with("<!-- ")) {
                        story.finish(&document);
                    }
                    story.read(text);
                    now += text;
                }
                Part::Block(info, body) => {
                    let body = match info.split_once(' ') {
                        Some(("toml", path)) => {
                            story.project().put(path, body);
                            story.unread = true;
                            body.to_owned()
                        }
                        None if info == "console" => story.console(&document, body),
                        None if ["sh", "text", "yaml", "json"].contains(&info) => body.to_owned(),
                        _ => panic!("{document}: what is a block `{info}`? a block of TOML names its file"),
                    };
                    now += &format!("```{info}\n{body}```\n");
                }
            }
        }
        story.finish(&document);
        bless::file(&root().join(&document), &now);
    }
}

#[test]
fn the_readme_has_the_two_commands() {
    let text = bless::text(&root().join("README.md")).unwrap();
    for command in ["cargo run --release -- build environments/prod", "cargo test"] {
        assert!(text.lines().any(|line| line == command), "a line `{command}`");
    }
}

#[test]
fn every_dependency_has_its_reason() {
    let manifest: toml::Table = bless::text(&root().join("Cargo.toml")).unwrap().parse().unwrap();
    let document = bless::text(&root().join("docs/dependencies.md")).unwrap();
    let mut names: Vec<&str> = Vec::new();
    for table in ["dependencies", "dev-dependencies"] {
        names.extend(manifest[table].as_table().unwrap().keys().map(String::as_str));
    }
    let rows: Vec<&str> = document
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`').map(|(name, _)| name))
        .collect();
    for name in &names {
        assert!(rows.contains(name), "docs/dependencies.md: a row for `{name}`");
    }
    for row in &rows {
        assert!(names.contains(row), "docs/dependencies.md: `{row}` is no dependency");
    }
}

#[test]
fn shown_output_may_be_shortened() {
    for (shown, printed, expected) in [
        ("a\n", "a\n", true),
        ("a\n", "a\nb\n", false),
        ("a\n...\n", "a\nb\n", true),
        ("a\n...\nc\n", "a\nb\nc\n", true),
        ("...\nb\n...\n", "a\nb\nc\n", true),
        ("a\n...\nd\n", "a\nb\nc\n", false),
        ("", "", true),
    ] {
        assert_eq!(fits(shown, printed), expected, "{shown:?} {printed:?}");
    }
}
