//! Things that are not specc's, everywhere in and around a tree.

use std::collections::BTreeMap;
use std::fs;

use super::{Entry, Project, fifo, snapshot, symlink};

/// Folders that scenarios write into, replace or delete, and one that they do not know.
const FOLDERS: [&str; 5] = ["", "services/orders", "services/payments/api", "namespaces", "mine/deep"];

/// Foreign things as they were.
#[derive(Default)]
pub(super) struct Decoys {
    entries: BTreeMap<String, Entry>,
}

impl Decoys {
    /// Puts `count` files, and links, FIFOs and folders, in and beside the tree of `project`.
    pub(super) fn place(project: &Project, count: usize) -> Self {
        let outside = project.root().join("outside");
        fs::create_dir_all(outside.join("folder")).unwrap();
        fs::write(outside.join("folder/file"), "mine").unwrap();
        fs::create_dir_all(project.root().join("deploy/.specc-stage-dev~3/a")).unwrap();
        fs::write(project.root().join("deploy/.specc-stage-dev~3/a/file"), "mine").unwrap();
        fs::write(project.root().join("deploy/file"), "mine").unwrap();
        for number in 0..count {
            let folder = project.at(FOLDERS[number % FOLDERS.len()]);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join(format!("foreign-{number}")), "mine").unwrap();
        }
        for (number, folder) in FOLDERS.iter().enumerate() {
            let folder = project.at(folder);
            fs::create_dir_all(folder.join("guests/empty")).unwrap();
            symlink(outside.join("folder"), &folder.join("to-folder"));
            symlink("nowhere", &folder.join("to-nothing"));
            symlink("../specc.lock", &folder.join(format!("link-{number}")));
            fifo(&folder.join("pipe"));
        }
        let ours = ["deploy", "deploy/dev", "deploy/dev/services", "deploy/dev/namespaces"];
        let entries = snapshot(project.root())
            .into_iter()
            .filter(|(path, _)| {
                let name = path.rsplit('/').next().unwrap();
                let foreign = ["foreign-", "guests", "to-", "link-", "pipe", "file", "empty"];
                !ours.contains(&path.as_str()) && foreign.iter().any(|start| name.starts_with(start))
            })
            .collect();
        Self { entries }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether a path from the root of the project is one of them or a folder above one.
    pub(super) fn holds(&self, path: &str) -> bool {
        let below = format!("{path}/");
        let mut after = self.entries.range(path.to_owned()..);
        self.entries.contains_key(path)
            || after.any(|(other, _)| other.starts_with(&below))
            || path.starts_with("outside")
            || path.starts_with("deploy/.specc-stage-dev~3")
    }

    /// All of them are there, to the inode and the nanosecond.
    pub(super) fn assert_untouched(&self, found: &BTreeMap<String, Entry>) {
        for (path, entry) in &self.entries {
            assert_eq!(found.get(path), Some(entry), "{path}");
        }
    }
}
