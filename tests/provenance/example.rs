//! The example project as texts, and copies of it with edits.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

use crate::bless;

/// The texts of a project's files, by path.
pub(super) type Files = BTreeMap<String, String>;

/// Where the example is.
pub(super) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("environments")
}

/// The example project.
pub(super) struct Example(Files);

/// A piece of a file that becomes another text.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) file: String,
    pub(super) range: Range<usize>,
    pub(super) text: String,
}

/// What makes another project of the example.
#[derive(Clone, Debug, Default)]
pub(super) struct Edit {
    /// pieces that do not overlap
    pub(super) changes: Vec<Change>,
    /// beginnings of paths that become others
    pub(super) moves: Vec<(String, String)>,
}

impl Edit {
    pub(super) fn of(changes: Vec<Change>) -> Edit {
        Edit { changes, moves: Vec::new() }
    }
}

impl Example {
    pub(super) fn read() -> Example {
        let spec =
            |path: &str| !path.starts_with("deploy/") && (path.ends_with(".toml") || path.ends_with(".lock"));
        let files = bless::read(&root()).into_iter().filter(|(path, _)| spec(path));
        Example(files.map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect())
    }

    pub(super) fn files(&self) -> &Files {
        &self.0
    }

    /// The files after an edit.
    pub(super) fn with(&self, edit: &Edit) -> Files {
        let mut files = self.0.clone();
        let mut changes: Vec<&Change> = edit.changes.iter().collect();
        changes.sort_by_key(|change| std::cmp::Reverse(change.range.start));
        for change in changes {
            files.get_mut(&change.file).unwrap().replace_range(change.range.clone(), &change.text);
        }
        for (from, to) in &edit.moves {
            let moved: Vec<String> = files.keys().filter(|path| path.starts_with(from)).cloned().collect();
            for path in moved {
                let text = files.remove(&path).unwrap();
                files.insert(path.replacen(from.as_str(), to, 1), text);
            }
        }
        files
    }
}
