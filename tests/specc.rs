//! The program itself, run in a folder with an environment of its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use snapbox::cmd::Command;

use crate::{bless, disk};

/// `specc` with `arguments`, in `folder`, with nothing of the caller's environment that could matter.
pub(crate) fn specc<'a>(folder: &Path, arguments: impl IntoIterator<Item = &'a str>) -> Command {
    Command::new(env!("CARGO_BIN_EXE_specc")).current_dir(folder).env_clear().args(arguments)
}

/// What a run printed to stdout; it must end with `code`.
#[track_caller]
pub(crate) fn stdout<'a>(folder: &Path, arguments: impl IntoIterator<Item = &'a str>, code: i32) -> String {
    let output = specc(folder, arguments).assert().code(code).get_output().clone();
    String::from_utf8(output.stdout).unwrap()
}

/// How a run ended and what it printed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// Demands the exit code and what was printed for people, and that nothing else was printed.
    #[track_caller]
    pub(crate) fn says(&self, code: i32, message: impl snapbox::IntoData) {
        assert_eq!((self.code, self.out.as_str()), (Some(code), ""), "{}", self.err);
        snapbox::assert_data_eq!(self.err.as_str(), message);
    }

    /// Demands success and what was printed as data.
    #[track_caller]
    pub(crate) fn prints(&self, data: impl snapbox::IntoData) {
        assert_eq!((self.code, self.err.as_str()), (Some(0), ""), "{}", self.out);
        snapbox::assert_data_eq!(self.out.as_str(), data);
    }
}

/// Ends a command and reads what it printed.
pub(crate) fn run(command: Command) -> Run {
    let output = command.output().unwrap();
    Run {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A project of its own for a test, in a folder that goes with it.
pub(crate) struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    /// A repository without a project.
    pub(crate) fn empty() -> Self {
        Project { folder: disk::folder::<&str>(&[]) }
    }

    /// What `specc init` makes.
    pub(crate) fn new() -> Self {
        let project = Project::empty();
        assert_eq!(project.specc(["init"]).code, Some(0));
        project
    }

    /// The example of this repository, in the folder `environments`.
    pub(crate) fn example() -> Self {
        let folder = disk::folder::<&str>(&[]);
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("environments");
        for (path, bytes) in bless::read(&root) {
            let output = ["deploy/", "chart/", "values/"].iter().any(|output| path.starts_with(output));
            if !output {
                disk::put(folder.path(), &format!("environments/{path}"), &bytes);
            }
        }
        Project { folder }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs `specc` in the folder.
    pub(crate) fn specc<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Run {
        run(specc(self.path(), arguments))
    }

    pub(crate) fn put(&self, path: &str, content: impl AsRef<[u8]>) {
        disk::put(self.path(), path, content.as_ref());
    }

    /// The text of a file.
    pub(crate) fn read(&self, path: &str) -> String {
        let (folder, name) = path.rsplit_once('/').unwrap_or((".", path));
        let bytes =
            bless::read(&self.path().join(folder)).remove(name).unwrap_or_else(|| panic!("no {path}"));
        String::from_utf8(bytes).unwrap()
    }

    /// Puts `new` in the place of the only `old` of a file.
    #[track_caller]
    pub(crate) fn edit(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert_eq!(text.matches(old).count(), 1, "{path} has {old:?} once");
        self.put(path, text.replace(old, new));
    }

    /// All files below a folder.
    pub(crate) fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        bless::read(&self.path().join(folder))
    }
}
