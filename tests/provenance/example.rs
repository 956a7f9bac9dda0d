//! A project as texts, and copies of it with edits.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

use crate::bless;

/// The texts of a project's files, by path.
pub(super) type Files = BTreeMap<String, String>;

/// Checks that would refuse many turns; they are waived, so that what they guard against is turned as well.
const WAIVED: [&str; 13] = [
    "cron-overlap",
    "db-single-instance-in-prod",
    "drill-can-write",
    "drill-meets-backup",
    "drill-missing",
    "env-points-elsewhere",
    "image-registry-untrusted",
    "image-unpinned",
    "migration-meets-rollout",
    "plaintext-external",
    "privileged-port",
    "secret-in-plain",
    "single-replica-in-prod",
];

/// The file of the project.
const PROJECT: &str = "specc.toml";

/// A project.
pub(super) struct Example {
    files: Files,
    /// where the waivers begin in the file of the project
    waivers: usize,
}

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
    /// The project in a folder, relative to the repository.
    pub(super) fn read(folder: &str) -> Example {
        let built = ["deploy/", "chart/", "values/"];
        let spec = |path: &str| !built.iter().any(|folder| path.starts_with(folder));
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder);
        let files = bless::read(&root).into_iter().filter(|(path, _)| spec(path));
        let mut files: Files = files.map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect();
        let project = files.get_mut(PROJECT).unwrap();
        let waivers = project.len();
        for check in WAIVED {
            if !project.contains(check) {
                *project += &format!("[checks.{check}]\nlevel = \"allow\"\nreason = \"to be turned\"\n");
            }
        }
        Example { files, waivers }
    }

    pub(super) fn files(&self) -> &Files {
        &self.files
    }

    /// The same with other files.
    pub(super) fn changed(&self, change: impl FnOnce(&mut Files)) -> Example {
        let mut files = self.files.clone();
        change(&mut files);
        Example { files, waivers: self.waivers }
    }

    /// Whether a place belongs to the project, not to this test.
    pub(super) fn has(&self, file: &str, at: usize) -> bool {
        file != PROJECT || at < self.waivers
    }

    /// The files after an edit.
    pub(super) fn with(&self, edit: &Edit) -> Files {
        let mut files = self.files.clone();
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
