//! Why nothing, or not everything, was written: plain values that name the path, the cause and what to do.
//!
//! [`fmt::Display`] is the title, [`WriteError::help`] the advice; nothing here knows how a diagnostic looks.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use rustix::io::Errno;

/// Why [`commit`](super::commit), [`plan`](super::plan) or [`drift`](super::drift) could not do their work. All are
/// of exit code 2.
#[derive(Debug)]
pub enum WriteError {
    /// The place named for the tree cannot hold one.
    Target {
        /// The place, or the part of its path that is wrong.
        path: PathBuf,
        /// What is wrong with it.
        problem: TargetProblem,
    },
    /// The tree's `specc.lock` does not say what belongs to specc.
    Ledger {
        /// The ledger.
        path: PathBuf,
        /// What is wrong with it.
        problem: LedgerProblem,
    },
    /// Files in the way are not specc's to touch. Nothing was written.
    Refused {
        /// The tree.
        path: PathBuf,
        /// All of them, sorted by path; never empty.
        refusals: Vec<Refusal>,
    },
    /// The system refused an operation, or the tree changed under our hands.
    Failed {
        /// What failed, and where.
        fault: Fault,
        /// What the failure left behind.
        state: State,
    },
}

/// What a failure left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The tree is as it was.
    Untouched,
    /// Some files are new and some old, each of them whole; the ledger knows both, and the next build finishes.
    Partial,
}

/// What is wrong with the place of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetProblem {
    /// It has no name of its own (`.`, `..`, `/`) or one that is not UTF-8, so there is no safe place beside it.
    Unnamed,
    /// It leaves the project by `..` or is absolute where a path inside is asked for.
    Outside,
    /// A link: what is behind it may be outside of the project.
    Symlink,
    /// Something that is no folder.
    NotFolder,
}

/// What is wrong with a `specc.lock`. Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerProblem {
    /// Markers of an unfinished merge.
    Conflict {
        /// The line of the first.
        line: usize,
    },
    /// A line that specc does not write.
    Unreadable {
        /// The line.
        line: usize,
    },
    /// A format that this version does not know.
    Newer {
        /// The format.
        format: String,
    },
    /// No regular file, not UTF-8, or larger than any ledger.
    NotText,
}

/// A path of the output that is not specc's to touch.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusal {
    /// Path inside the tree.
    pub path: String,
    /// Why it is refused.
    pub reason: Reason,
}

/// Why a path is refused. `--force` helps against the first two alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// An output goes here, and the ledger does not list the file that is there.
    Foreign,
    /// The ledger lists the file, and its bytes have changed since.
    Edited,
    /// A link is there.
    Symlink,
    /// A FIFO, socket or device is there.
    Special,
    /// A folder is there that holds, or is itself, something that is not specc's.
    Folder,
    /// A file is there that is not specc's, and outputs go below.
    NotFolder,
    /// A file or folder there differs from an output in upper and lower case only.
    Case {
        /// Its path inside the tree.
        other: String,
    },
}

/// A single operation that failed.
#[derive(Debug)]
pub struct Fault {
    /// Where.
    pub path: PathBuf,
    /// Doing what.
    pub action: Action,
    /// Why.
    pub cause: Cause,
}

/// What was being done to a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the plain verb")]
pub enum Action {
    Read,
    Create,
    Write,
    Move,
    Delete,
    Lock,
    Sync,
}

/// Why an operation failed.
#[derive(Debug)]
pub enum Cause {
    /// The system's answer.
    System(io::Error),
    /// Another program changed the path after specc had looked at it.
    Changed,
}

impl Fault {
    pub(super) fn new(path: PathBuf, action: Action, error: impl Into<io::Error>) -> Self {
        Self { path, action, cause: Cause::System(error.into()) }
    }

    fn errno(&self) -> Option<Errno> {
        match &self.cause {
            Cause::System(error) => Errno::from_io_error(error),
            Cause::Changed => None,
        }
    }
}

impl WriteError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::Target { problem, .. } => problem.help().to_owned(),
            Self::Ledger { path, problem } => problem.help(path),
            Self::Refused { refusals, .. } => refused_help(refusals),
            Self::Failed { fault, state } => match state {
                State::Untouched => format!("{}; the output is as it was", fault.help()),
                State::Partial => format!(
                    "{}; then run the same build again: each file is whole, old or new, and `specc.lock` knows both",
                    fault.help()
                ),
            },
        }
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Target { path, problem } => {
                let path = path.display();
                match problem {
                    TargetProblem::Unnamed => write!(f, "`{path}` is no folder of its own to write into"),
                    TargetProblem::Outside => write!(f, "output folder `{path}` is outside of the project"),
                    TargetProblem::Symlink => {
                        write!(f, "output folder `{path}` is a link, which specc does not follow")
                    }
                    TargetProblem::NotFolder => write!(f, "output folder `{path}` is not a folder"),
                }
            }
            Self::Ledger { path, problem } => {
                let path = path.display();
                match problem {
                    LedgerProblem::Conflict { line } => {
                        write!(f, "`{path}` has conflict markers of a merge at line {line}")
                    }
                    LedgerProblem::Unreadable { line } => {
                        write!(f, "`{path}` has a line that specc does not write, at line {line}")
                    }
                    LedgerProblem::Newer { format } => {
                        write!(f, "`{path}` has format {format}, which this specc does not know")
                    }
                    LedgerProblem::NotText => write!(f, "`{path}` is not a text file that specc wrote"),
                }
            }
            Self::Refused { path, refusals } => {
                let (count, path) = (refusals.len(), path.display());
                let are = if count == 1 { "path is" } else { "paths are" };
                write!(f, "{count} {are} not specc's to touch in `{path}`, so nothing was written there")
            }
            Self::Failed { fault, .. } => fault.fmt(f),
        }
    }
}

impl std::error::Error for WriteError {}

impl TargetProblem {
    fn help(self) -> &'static str {
        match self {
            Self::Unnamed => "name a folder of its own, such as `out/prod`",
            Self::Outside => "name a folder inside the project, or give the place with `--out`",
            Self::Symlink => "put a folder there instead, or name the place behind the link",
            Self::NotFolder => "move it away or name another folder",
        }
    }
}

impl LedgerProblem {
    fn help(&self, path: &Path) -> String {
        let path = path.display();
        match self {
            Self::Conflict { .. } => {
                "finish the merge of the TOML files first, then run the build with `--force`: \
                                      it counts what either side lists as its own and writes the ledger anew"
                    .to_owned()
            }
            Self::Unreadable { .. } | Self::NotText => format!(
                "without it specc cannot know which files are its own: restore it (`git checkout -- {path}`), or \
                 delete it and run the build with `--force`"
            ),
            Self::Newer { .. } => "build with the version of specc that wrote it, or a later one".to_owned(),
        }
    }
}

fn refused_help(refusals: &[Refusal]) -> String {
    let forced = |refusal: &Refusal| matches!(refusal.reason, Reason::Foreign | Reason::Edited);
    let move_away = "move them away";
    match (refusals.iter().any(forced), refusals.iter().all(forced)) {
        (false, _) => format!("{move_away}: `--force` does not touch links, folders and special files"),
        (true, true) => format!(
            "{move_away}, put your edits into the TOML files, or run the build with `--force` to replace them"
        ),
        (true, false) => format!(
            "{move_away} or put your edits into the TOML files; `--force` replaces foreign and edited files, but \
             does not touch links, folders and special files"
        ),
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.path.escape_debug(), self.reason)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign => f.write_str("is a file that specc did not write"),
            Self::Edited => f.write_str("was edited after specc wrote it"),
            Self::Symlink => f.write_str("is a link"),
            Self::Special => f.write_str("is neither file nor folder"),
            Self::Folder => f.write_str("is a folder that is not specc's, where a file goes"),
            Self::NotFolder => f.write_str("is a file that is not specc's, where a folder goes"),
            Self::Case { other } => {
                write!(f, "differs from `{}`, which specc did not write, in case only", other.escape_debug())
            }
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self.action {
            Action::Read => "read",
            Action::Create => "create",
            Action::Write => "write",
            Action::Move => "move a file to",
            Action::Delete => "delete",
            Action::Lock => "lock",
            Action::Sync => "bring to the device",
        };
        write!(f, "cannot {verb} `{}`: ", self.path.display())?;
        match (&self.cause, self.errno()) {
            (Cause::Changed, _) => f.write_str("another program changed it during the build"),
            (_, Some(Errno::NOSPC)) => f.write_str("no space is left on its file system"),
            (_, Some(Errno::DQUOT)) => f.write_str("your quota on its file system is used up"),
            (_, Some(Errno::ROFS)) => f.write_str("its file system is read-only"),
            (_, Some(Errno::ACCESS | Errno::PERM)) => f.write_str("permission denied"),
            (_, Some(Errno::IO)) => f.write_str("the device reports an input or output error"),
            (_, Some(Errno::XDEV)) => f.write_str("it is on another file system than the folder above"),
            (_, Some(Errno::NAMETOOLONG)) => f.write_str("its path is too long"),
            (_, Some(Errno::LOOP | Errno::NOTDIR)) => {
                f.write_str("a link or a file is where a folder should be")
            }
            (_, Some(Errno::MFILE | Errno::NFILE)) => f.write_str("too many files are open"),
            (Cause::System(error), _) => write!(f, "{error}"),
        }
    }
}

impl Fault {
    fn help(&self) -> &'static str {
        match (&self.cause, self.errno(), self.action) {
            (Cause::Changed, ..) => "leave the output folder alone while specc writes",
            (_, Some(Errno::NOSPC | Errno::DQUOT), _) => "make space or choose another folder with `--out`",
            (_, Some(Errno::ROFS), _) => "choose a folder that can be written to with `--out`",
            (_, Some(Errno::ACCESS | Errno::PERM), _) => "give yourself the right to write there",
            (_, Some(Errno::IO), _) => "check the device",
            (_, Some(Errno::XDEV), _) => "name a folder below the mount point with `--out`",
            (_, _, Action::Lock) => {
                "use a file system with locks, so that two builds cannot mix their output"
            }
            _ => "remove the cause",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(errno: Errno) -> Fault {
        Fault::new(PathBuf::from("deploy/prod/a.yaml"), Action::Write, errno)
    }

    #[test]
    fn faults_name_path_and_cause() {
        for (errno, text) in [
            (Errno::NOSPC, "cannot write `deploy/prod/a.yaml`: no space is left on its file system"),
            (Errno::ROFS, "cannot write `deploy/prod/a.yaml`: its file system is read-only"),
            (Errno::ACCESS, "cannot write `deploy/prod/a.yaml`: permission denied"),
            (Errno::IO, "cannot write `deploy/prod/a.yaml`: the device reports an input or output error"),
        ] {
            assert_eq!(fault(errno).to_string(), text);
        }
    }

    #[test]
    fn help_says_what_is_left() {
        let error = |state| WriteError::Failed { fault: fault(Errno::NOSPC), state };
        assert!(error(State::Untouched).help().ends_with("the output is as it was"));
        assert!(error(State::Partial).help().contains("run the same build again"));
    }

    #[test]
    fn force_is_named_where_it_helps() {
        let refusal = |reason| Refusal { path: "a".to_owned(), reason };
        assert!(refused_help(&[refusal(Reason::Symlink)]).contains("`--force` does not touch"));
        assert!(refused_help(&[refusal(Reason::Edited)]).ends_with("`--force` to replace them"));
        let mixed = [refusal(Reason::Foreign), refusal(Reason::Folder)];
        assert!(refused_help(&mixed).contains("but does not touch"));
    }

    #[test]
    fn names_from_the_disk_are_escaped() {
        let refusal = Refusal { path: "a\u{1b}[2J".to_owned(), reason: Reason::Foreign };
        assert_eq!(refusal.to_string(), "`a\\u{1b}[2J` is a file that specc did not write");
    }
}
