//! Where a tree goes: finding the place without following links, making it, and holding its lock.

use std::path::{Component, Path, PathBuf};

use super::disk::{Disk, Folder, same_inode};
use super::error::{Action, Cause, Fault, TargetProblem, WriteError};
use super::failed;

/// The place of one output tree.
///
/// Above a base that the caller trusts (the root of the project, or whatever precedes the last part of a path that
/// the user typed) links are followed: a home directory may well be one. Below it none is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    base: PathBuf,
    /// Not empty.
    below: Vec<String>,
}

impl Target {
    /// The tree at `dir` inside the project at `root`; links are followed in `root` only.
    ///
    /// # Errors
    /// [`WriteError::Target`] when `dir` is not a relative path that goes down.
    pub fn inside(root: &Path, dir: &Path) -> Result<Self, WriteError> {
        let wrong = |problem| WriteError::Target { path: dir.to_path_buf(), problem };
        let mut below = Vec::new();
        for part in dir.components() {
            match part {
                Component::CurDir => {}
                Component::Normal(name) => {
                    below.push(name.to_str().ok_or_else(|| wrong(TargetProblem::Unnamed))?.to_owned());
                }
                _ => return Err(wrong(TargetProblem::Outside)),
            }
        }
        if below.is_empty() {
            return Err(wrong(TargetProblem::Unnamed));
        }
        Ok(Self { base: root.to_path_buf(), below })
    }

    /// The tree at a path that the user named; links are followed in all parts but the last.
    ///
    /// # Errors
    /// [`WriteError::Target`] when the path has no last part with a name, as `.`, `..` and `/`.
    pub fn at(dir: &Path) -> Result<Self, WriteError> {
        let name = dir.file_name().and_then(|name| name.to_str());
        let (Some(name), Some(base)) = (name, dir.parent()) else {
            return Err(WriteError::Target { path: dir.to_path_buf(), problem: TargetProblem::Unnamed });
        };
        Ok(Self { base: base.to_path_buf(), below: vec![name.to_owned()] })
    }

    /// The path of the tree.
    pub fn path(&self) -> PathBuf {
        self.below.iter().fold(self.base.clone(), |path, name| path.join(name))
    }

    /// Opens the tree for reading; `None` when it does not exist.
    pub(super) fn open(&self) -> Result<Option<Folder>, WriteError> {
        let mut folder = match Folder::trusted(&self.base) {
            Err(Fault { cause: Cause::System(error), .. })
                if error.kind() == std::io::ErrorKind::NotFound =>
            {
                return Ok(None);
            }
            result => result.map_err(failed)?,
        };
        for name in &self.below {
            match open_part(&folder, name)? {
                Some(next) => folder = next,
                None => return Ok(None),
            }
        }
        Ok(Some(folder))
    }

    /// Makes what is missing of the place and takes the lock of the tree, waiting for whoever has it.
    pub(super) fn claim(&self, disk: &mut Disk<'_>) -> Result<Site, WriteError> {
        let mut chain = Chain::default();
        match self.claim_with(disk, &mut chain) {
            Ok((tree, name)) => Ok(Site { tree, name, chain }),
            Err(error) => {
                chain.undo(disk);
                Err(error)
            }
        }
    }

    fn claim_with(&self, disk: &mut Disk<'_>, chain: &mut Chain) -> Result<(Folder, String), WriteError> {
        let Some((name, above)) = self.below.split_last() else {
            return Err(WriteError::Target { path: self.base.clone(), problem: TargetProblem::Unnamed });
        };
        // The base may be what is missing (`--out new/place`), which the user named and so may be made.
        let mut folder = make_base(&self.base, disk, chain)?;
        for part in above {
            let (next, made) = open_or_make(&folder, part, disk)?;
            chain.push(folder, part, made);
            folder = next;
        }
        loop {
            let (tree, made) = open_or_make(&folder, name, disk)?;
            tree.lock().map_err(failed)?;
            // Whoever held the lock may have moved a finished tree over the one that we opened.
            let now = folder.stat(name).map_err(failed)?;
            if now.is_some_and(|now| tree.facts().is_ok_and(|facts| same_inode(&facts, &now))) {
                chain.push(folder, name, made);
                return Ok((tree, name.clone()));
            }
        }
    }
}

/// Opens the base, and makes its missing last parts.
fn make_base(base: &Path, disk: &mut Disk<'_>, chain: &mut Chain) -> Result<Folder, WriteError> {
    match (Folder::trusted(base), base.parent(), base.file_name().and_then(|name| name.to_str())) {
        (Err(Fault { cause: Cause::System(error), .. }), Some(parent), Some(name))
            if error.kind() == std::io::ErrorKind::NotFound =>
        {
            let folder = make_base(parent, disk, chain)?;
            let (next, made) = open_or_make(&folder, name, disk)?;
            chain.push(folder, name, made);
            Ok(next)
        }
        (result, ..) => result.map_err(failed),
    }
}

fn open_or_make(parent: &Folder, name: &str, disk: &mut Disk<'_>) -> Result<(Folder, bool), WriteError> {
    loop {
        if let Some(folder) = open_part(parent, name)? {
            return Ok((folder, false));
        }
        if let Some(folder) = disk.make_folder(parent, name).map_err(failed)? {
            return Ok((folder, true));
        }
    }
}

fn open_part(parent: &Folder, name: &str) -> Result<Option<Folder>, WriteError> {
    if let Some(folder) = parent.open(name).map_err(failed)? {
        return Ok(Some(folder));
    }
    let Some(stat) = parent.stat(name).map_err(failed)? else {
        return Ok(None);
    };
    let problem = match rustix::fs::FileType::from_raw_mode(stat.st_mode) {
        rustix::fs::FileType::Symlink => TargetProblem::Symlink,
        // It came into being between the two looks.
        rustix::fs::FileType::Directory => return parent.open(name).map_err(failed),
        _ => TargetProblem::NotFolder,
    };
    Err(WriteError::Target { path: parent.path_of(name), problem })
}

/// A tree under our lock.
pub(super) struct Site {
    pub(super) tree: Folder,
    pub(super) name: String,
    chain: Chain,
}

impl Site {
    /// The folder that holds the tree.
    pub(super) fn parent(&self) -> Result<&Folder, Fault> {
        let gone =
            || Fault { path: self.tree.path().to_path_buf(), action: Action::Read, cause: Cause::Changed };
        self.chain.links.last().map(|link| &link.parent).ok_or_else(gone)
    }

    /// Whether this process made the folder of the tree.
    pub(super) fn is_made(&self) -> bool {
        self.chain.links.last().is_some_and(|link| link.made)
    }

    /// Removes the folders that were made for a tree that did not come to be.
    pub(super) fn abandon(self, disk: &mut Disk<'_>) {
        self.chain.undo(disk);
    }
}

/// The folders from the base down to the parent of the tree.
#[derive(Default)]
struct Chain {
    links: Vec<Link>,
}

struct Link {
    parent: Folder,
    name: String,
    made: bool,
}

impl Chain {
    fn push(&mut self, parent: Folder, name: &str, made: bool) {
        self.links.push(Link { parent, name: name.to_owned(), made });
    }

    /// A folder that has content by now, or that cannot be deleted, stays.
    fn undo(&self, disk: &mut Disk<'_>) {
        for link in self.links.iter().rev().filter(|link| link.made) {
            let _ = disk.delete_empty(&link.parent, &link.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_inside_of_the_project() {
        let root = Path::new("/p");
        let good = Target::inside(root, Path::new("./deploy/prod")).unwrap();
        assert_eq!(good.path(), Path::new("/p/deploy/prod"));
        for bad in ["", ".", "..", "../x", "a/../../b", "/etc"] {
            assert!(Target::inside(root, Path::new(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn places_that_the_user_names() {
        assert_eq!(Target::at(Path::new("../out")).unwrap().path(), Path::new("../out"));
        assert_eq!(Target::at(Path::new("out")).unwrap().path(), Path::new("out"));
        for bad in ["", ".", "..", "/", "a/.."] {
            assert!(Target::at(Path::new(bad)).is_err(), "{bad}");
        }
    }
}
