//! STAGE 7 on real folders: ownership, crashes, failures, races, and what has happened to other tools.

#![expect(clippy::disallowed_methods, reason = "fixtures build and read folders by the plain means")]

mod collision;
mod concurrency;
mod crash;
mod decoy;
mod failure;
mod force;
mod ledger;
mod owned;
mod remove_race;
mod special_file;
mod temp_path;
mod umask;
mod write_through_symlink;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use specc::tree::{RelPath, Tree};
use specc::write::{Changes, Drift, Input, Options, Reason, Refusal, Target, WriteError, commit, drift};
use tempfile::TempDir;

const FORCE: Options = Options { force: true, durable: false };
const PLAIN: Options = Options { force: false, durable: false };

/// A project folder with one output tree, `deploy/dev`.
struct Project {
    root: TempDir,
    inputs: Vec<Input>,
}

impl Project {
    fn new() -> Self {
        let inputs = vec![Input { path: "services/orders.toml".to_owned(), sha256: [1; 32] }];
        // In memory where there is such a place: thousands of builds need not wait for a device.
        let root = TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).unwrap();
        Self { root, inputs }
    }

    fn root(&self) -> &Path {
        self.root.path()
    }

    fn target(&self) -> Target {
        Target::inside(self.root(), Path::new("deploy/dev")).unwrap()
    }

    /// The path of something in the tree.
    fn at(&self, path: &str) -> PathBuf {
        self.target().path().join(path)
    }

    fn build(&self, tree: &Tree) -> Result<Changes, WriteError> {
        commit(&self.target(), tree, &self.inputs, PLAIN)
    }

    fn force(&self, tree: &Tree) -> Result<Changes, WriteError> {
        commit(&self.target(), tree, &self.inputs, FORCE)
    }

    fn drift(&self, tree: &Tree) -> Vec<Drift> {
        drift(&self.target(), tree, &self.inputs).unwrap()
    }

    /// Builds, and expects these refusals, this drift for them, and not a change of the project.
    fn refused(&self, tree: &Tree, expected: &[(&str, Reason)]) {
        let before = snapshot(self.root());
        let refusals = refusals(self.build(tree));
        let expected: Vec<_> = expected
            .iter()
            .map(|(path, reason)| Refusal { path: (*path).to_owned(), reason: reason.clone() })
            .collect();
        assert_eq!(refusals, expected);
        let drift = self.drift(tree);
        for refusal in refusals {
            let kind = specc::write::DriftKind::Foreign(refusal.reason);
            assert!(drift.contains(&Drift { path: refusal.path, kind }), "{drift:?}");
        }
        assert_eq!(snapshot(self.root()), before);
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap()
    }

    /// Whether a staging directory is left.
    fn has_stage(&self) -> bool {
        let parent = self.root().join("deploy");
        parent.exists() && snapshot(&parent).keys().any(|path| path.starts_with(".specc-stage-dev"))
    }
}

fn refusals(result: Result<Changes, WriteError>) -> Vec<Refusal> {
    match result {
        Err(WriteError::Refused { refusals, .. }) => refusals,
        other => panic!("expected refusals, got {other:?}"),
    }
}

fn tree(files: &[(&str, &str)]) -> Tree {
    let mut tree = Tree::new();
    for (path, text) in files {
        tree.insert(RelPath::new(path).unwrap(), text.as_bytes().to_vec()).unwrap();
    }
    tree
}

fn paths(paths: &[RelPath]) -> Vec<&str> {
    paths.iter().map(RelPath::as_str).collect()
}

/// What a path is: kind, mode, inode, size, mtime in nanoseconds, and bytes or where a link goes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    kind: char,
    mode: u32,
    inode: u64,
    /// Zero for folders, in which others come and go.
    time: (i64, i64),
    bytes: Vec<u8>,
}

/// Everything below `root`, without following links.
fn snapshot(root: &Path) -> BTreeMap<String, Entry> {
    let mut found = BTreeMap::new();
    collect(root, "", &mut found);
    found
}

fn collect(folder: &Path, prefix: &str, found: &mut BTreeMap<String, Entry>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let meta = fs::symlink_metadata(entry.path()).unwrap();
        let kind = meta.file_type();
        let (kind, bytes) = match () {
            () if kind.is_dir() => ('d', Vec::new()),
            () if kind.is_symlink() => {
                ('l', fs::read_link(entry.path()).unwrap().into_os_string().into_encoded_bytes())
            }
            () if kind.is_file() => ('f', fs::read(entry.path()).unwrap()),
            () if kind.is_fifo() => ('p', Vec::new()),
            () => ('?', Vec::new()),
        };
        let time = if kind == 'd' { (0, 0) } else { (meta.mtime(), meta.mtime_nsec()) };
        found
            .insert(path.clone(), Entry { kind, mode: meta.mode() & 0o7777, inode: meta.ino(), time, bytes });
        if kind == 'd' {
            collect(&entry.path(), &format!("{path}/"), found);
        }
    }
}

/// Path and bytes of all regular files.
fn bytes_of(found: &BTreeMap<String, Entry>) -> BTreeMap<&str, &[u8]> {
    found
        .iter()
        .filter(|(_, entry)| entry.kind == 'f')
        .map(|(path, entry)| (path.as_str(), &entry.bytes[..]))
        .collect()
}

fn fifo(path: &Path) {
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    rustix::fs::mkfifoat(rustix::fs::CWD, path, mode).unwrap();
}

fn symlink(to: impl AsRef<Path>, at: &Path) {
    std::os::unix::fs::symlink(to, at).unwrap();
}
