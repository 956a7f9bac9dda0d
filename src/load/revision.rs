//! Reading another revision of the repository that the project is in. The only one that runs another program: `git`, which
//! alone knows its store.
//!
//! Every command only reads objects: no work tree, no index, no hook, no pager; and none may fetch what a partial clone
//! lacks. Paths are relative to the project's root, as on the disk.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::disk::{Refusal, normalise};
use super::limits;
use crate::diagnostic::{Diagnostic, Severity};

fn unreadable(revision: &str, why: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::failure("unreadable-revision", format!("`{revision}` cannot be compared with: {why}"))
            .help(
                "give a commit, a branch or a tag of the project's own repository, such as `--since main`; \
             a pipeline that fetches one commit alone must fetch that one too",
            ),
    )
}

/// A revision whose spec has mistakes of its own, of which the first is told.
pub(crate) fn mistakes(revision: &str, found: Vec<Diagnostic>) -> Diagnostic {
    let first = found.into_iter().find(|found| found.severity == Severity::Error);
    let said = first.map(|first| format!("the first is: {}", first.title));
    let found = *unreadable(revision, "its spec has mistakes");
    match said {
        Some(said) => found.note(said),
        None => found,
    }
}

/// A file of the revision.
#[derive(Clone, Debug)]
struct Entry {
    object: String,
    size: u64,
    is_link: bool,
}

/// The files of one commit at and below the project's root.
#[derive(Debug)]
pub(super) struct Revision {
    name: String,
    root: PathBuf,
    files: BTreeMap<String, Entry>,
    reader: RefCell<Reader>,
}

/// `git cat-file --batch`: asked for one object at a time, answers with its size and its bytes.
#[derive(Debug)]
struct Reader {
    child: Child,
    ask: Option<ChildStdin>,
    answer: BufReader<ChildStdout>,
}

impl Drop for Reader {
    fn drop(&mut self) {
        // without a question to come it ends by itself; its exit code says nothing that we do not know
        drop(self.ask.take());
        drop(self.child.wait());
    }
}

/// `git` in the project's root, for reading.
fn git(root: &Path) -> Command {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks git")]
    let mut git = Command::new("git");
    git.arg("-C").arg(root).args(["--no-pager", "--no-replace-objects", "--literal-pathspecs"]);
    // the folder decides which repository is read, never the caller's variables
    for name in [
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_CONFIG_COUNT",
        "GIT_CONFIG_PARAMETERS",
        "GIT_DIR",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_WORK_TREE",
    ] {
        git.env_remove(name);
    }
    git.env("GIT_ALLOW_PROTOCOL", "none").env("GIT_NO_LAZY_FETCH", "1").env("GIT_TERMINAL_PROMPT", "0");
    git.env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C").stdin(Stdio::null());
    git
}

/// What a command prints; else its own words.
fn output(mut command: Command) -> Result<Vec<u8>, String> {
    let done = command.output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "`git` is not installed".to_owned(),
        kind => format!("`git` cannot be run: {kind}"),
    })?;
    if done.status.success() {
        return Ok(done.stdout);
    }
    let said = String::from_utf8_lossy(&done.stderr);
    let first = said.lines().next().unwrap_or("it says nothing").trim_start_matches("fatal: ");
    Err(first.to_owned())
}

impl Revision {
    /// The revision that `name` stands for in the repository of the project at `root`.
    pub(super) fn open(root: &Path, name: &str) -> Result<Self, Box<Diagnostic>> {
        let fail = |why: String| unreadable(name, &why);
        let mut parse = git(root);
        parse
            .args(["rev-parse", "--verify", "--quiet", "--end-of-options"])
            .arg(format!("{name}^{{commit}}"));
        let commit = output(parse).map_err(|why| {
            let unknown = why == "it says nothing";
            fail(if unknown { "git knows no commit of that name".to_owned() } else { why })
        })?;
        let commit = String::from_utf8_lossy(&commit).trim().to_owned();
        let mut list = git(root);
        list.args(["ls-tree", "-r", "-z", "--long", &commit]);
        let files = entries(&output(list).map_err(fail)?);
        let mut child = git(root)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| fail(format!("`git` cannot be run: {}", error.kind())))?;
        let (ask, answer) = (child.stdin.take(), child.stdout.take());
        let answer = answer.ok_or_else(|| fail("`git` has no output".to_owned()))?;
        let reader = RefCell::new(Reader { child, ask, answer: BufReader::new(answer) });
        Ok(Revision { name: name.to_owned(), root: root.to_owned(), files, reader })
    }

    /// What the person called it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The project's root on the disk.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Whether a file or a folder stood at `path`.
    pub(super) fn has(&self, path: &str) -> bool {
        let below = format!("{path}/");
        path == "."
            || self.files.contains_key(path)
            || self.files.range(below.clone()..).next().is_some_and(|(file, _)| file.starts_with(&below))
    }

    /// The bytes of the file at `path`, through links that stay inside of the project.
    pub(super) fn read(&self, path: &str) -> Result<Vec<u8>, Refusal> {
        let mut path = path.to_owned();
        // as many links as the kernel follows
        for _ in 0..40 {
            let entry = self.files.get(&path).ok_or_else(not_found)?;
            if entry.size > limits::FILE {
                return Err(Refusal::TooLarge(entry.size));
            }
            let bytes = self.reader.borrow_mut().object(&entry.object).map_err(Refusal::Io)?;
            if !entry.is_link {
                return Ok(bytes);
            }
            let target = String::from_utf8(bytes).map_err(|_| Refusal::Outside)?;
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            path = normalise(format!("{folder}/{target}").trim_start_matches('/'))
                .filter(|_| !target.starts_with('/'))
                .ok_or(Refusal::Outside)?;
        }
        Err(Refusal::NotRegular("a link to itself"))
    }

    /// Names of the files and folders in `folder`, sorted, without hidden ones.
    pub(super) fn list(&self, folder: &str) -> Result<Vec<String>, Refusal> {
        let prefix = if folder == "." { String::new() } else { format!("{folder}/") };
        let below = self.files.range(prefix.clone()..).take_while(|(path, _)| path.starts_with(&prefix));
        let names: BTreeSet<&str> = below
            .filter_map(|(path, _)| path.get(prefix.len()..)?.split('/').next())
            .filter(|name| !name.starts_with('.'))
            .collect();
        if names.is_empty() && folder != "." {
            return Err(if self.files.contains_key(folder) { Refusal::NotFolder } else { not_found() });
        }
        Ok(names.into_iter().map(str::to_owned).collect())
    }
}

fn not_found() -> Refusal {
    Refusal::Io(io::Error::from(io::ErrorKind::NotFound))
}

/// The lines of `git ls-tree -z --long`: `<mode> <type> <object> <size>\t<path>`, each ending in a zero byte.
fn entries(listed: &[u8]) -> BTreeMap<String, Entry> {
    let one = |line: &[u8]| {
        let line = std::str::from_utf8(line).ok()?;
        let (about, path) = line.split_once('\t')?;
        let mut words = about.split_ascii_whitespace();
        let (mode, kind, object, size) = (words.next()?, words.next()?, words.next()?, words.next()?);
        let entry = Entry { object: object.to_owned(), size: size.parse().ok()?, is_link: mode == "120000" };
        (kind == "blob").then(|| (path.to_owned(), entry))
    };
    listed.split(|byte| *byte == 0).filter_map(one).collect()
}

impl Reader {
    /// The bytes of an object.
    fn object(&mut self, object: &str) -> io::Result<Vec<u8>> {
        let broken = || io::Error::from(io::ErrorKind::InvalidData);
        let ask = self.ask.as_mut().ok_or_else(broken)?;
        ask.write_all(format!("{object}\n").as_bytes())?;
        ask.flush()?;
        let mut head = String::new();
        self.answer.read_line(&mut head)?;
        // `<object> blob <size>`, or `<object> missing`
        let size = head.split_ascii_whitespace().nth(2).and_then(|size| size.parse::<usize>().ok());
        let mut bytes = vec![0; size.ok_or_else(broken)?];
        self.answer.read_exact(&mut bytes)?;
        let mut end = [0];
        self.answer.read_exact(&mut end)?;
        Ok(bytes)
    }
}
