//! The staging directory: where new files are made before any file of the tree is touched.
//!
//! It stands beside the tree as `.specc-stage-<name of the tree>` (with `~1`, `~2`... when that name is taken), or
//! inside of it when the tree is a mount point, because files are moved and not copied. Its first file is the ledger
//! to come, which lists all others, so a later build can tell what a killed one left: it deletes a staging
//! directory only if nobody holds its lock and each thing in it is accounted for. There may be
//!
//! - files that this ledger lists with the digest it lists, of which the last may be torn,
//! - `.pending`, the interim ledger before it is put in place,
//! - `.old/<number>`, files taken out of the tree, all known to the tree's ledger,
//! - the folders of these.
//!
//! Anything else, a link or a single byte more, and the whole directory stays as it is.

use std::collections::BTreeSet;

use super::disk::{Disk, Folder, Found};
use super::draft::{Draft, Fate};
use super::error::{Action, Cause, Fault};
use super::ledger::{self, HEADER, Owned, SIZE_LIMIT};
use super::trail::{Trail, last_part};
use crate::tree::{LEDGER, RelPath};

/// No output path starts with a dot, so none of these names can be one.
const PREFIX: &str = ".specc-stage-";
/// The interim ledger, before it is moved into the tree.
pub(super) const PENDING: &str = ".pending";
/// The folder of files taken out of the tree, so that a failed commit can put them back.
pub(super) const OLD: &str = ".old";

/// More names than that are not taken by chance.
const TRIES: u32 = 1000;

fn name_of(tree: &str, number: u32) -> String {
    if number == 0 { format!("{PREFIX}{tree}") } else { format!("{PREFIX}{tree}~{number}") }
}

fn is_name_of(tree: &str, name: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let rest = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_prefix(tree));
    rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix('~').is_some_and(is_number))
}

/// A staging directory of this process.
pub(super) struct Stage<'h> {
    pub(super) folder: Folder,
    pub(super) home: &'h Folder,
    pub(super) name: String,
    /// Folders made for staged files.
    folders: BTreeSet<String>,
}

impl<'h> Stage<'h> {
    /// Makes an empty one in `home` for the tree of this name.
    pub(super) fn make(disk: &mut Disk<'_>, home: &'h Folder, tree: &str) -> Result<Self, Fault> {
        for number in 0..TRIES {
            let name = name_of(tree, number);
            if let Some(folder) = disk.make_folder(home, &name)? {
                // While we hold it, no other build takes the directory for a leftover.
                folder.lock()?;
                return Ok(Self { folder, home, name, folders: BTreeSet::new() });
            }
        }
        let error = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
        Err(Fault::new(home.path_of(&name_of(tree, 0)), Action::Create, error))
    }

    /// Makes the ledger to come and all files that the tree does not have yet.
    pub(super) fn fill(&mut self, disk: &mut Disk<'_>, draft: &Draft<'_>, ledger: &str) -> Result<(), Fault> {
        disk.make_file(&self.folder, LEDGER, ledger.as_bytes())?;
        let mut trail = Trail::default();
        for item in draft.items.iter().filter(|item| !matches!(item.fate, Fate::Keep)) {
            let folder = trail.descend(item.path, |above, path| {
                let above = above.unwrap_or(&self.folder);
                self.folders.insert(path.to_owned());
                disk.make_folder(above, last_part(path))?.ok_or_else(|| changed(above, last_part(path)))
            })?;
            disk.make_file(folder.unwrap_or(&self.folder), item.path.name(), item.bytes)?;
        }
        Ok(())
    }

    /// Deletes the folders of the staged files, which have all been moved into the tree.
    pub(super) fn drop_folders(&self, disk: &mut Disk<'_>) -> Result<(), Fault> {
        for path in self.folders.iter().rev() {
            delete_folder(disk, &self.folder, path)?;
        }
        Ok(())
    }

    /// Deletes what a failed commit leaves, as a later build would.
    pub(super) fn discard(self, disk: &mut Disk<'_>, known: &Owned) {
        let _ = clear(disk, self.home, &self.name, &self.folder, known);
    }
}

fn changed(folder: &Folder, name: &str) -> Fault {
    Fault { path: folder.path_of(name), action: Action::Create, cause: Cause::Changed }
}

/// Deletes what killed builds of the tree left in `home`. `known` is the ledger of the tree, whose lock is ours.
pub(super) fn sweep(disk: &mut Disk<'_>, home: &Folder, tree: &str, known: &Owned) -> Result<(), Fault> {
    for name in home.names()?.iter().filter(|name| is_name_of(tree, name)) {
        if let Some(folder) = home.open(name)?
            && folder.try_lock()
        {
            clear(disk, home, name, &folder, known)?;
        }
    }
    Ok(())
}

/// Deletes the staging directory `name` of `home`, open as `folder`, if all that it holds is accounted for.
fn clear(
    disk: &mut Disk<'_>,
    home: &Folder,
    name: &str,
    folder: &Folder,
    known: &Owned,
) -> Result<(), Fault> {
    let Some(found) = Inventory::take(folder, known)? else {
        return Ok(());
    };
    let mut trail = Trail::default();
    for path in &found.files {
        let above = trail.descend(path, |above, path| open(above.unwrap_or(folder), last_part(path)))?;
        disk.delete(above.unwrap_or(folder), path.name())?;
    }
    if let Some(old) = folder.open(OLD)? {
        for name in &found.old {
            disk.delete(&old, name)?;
        }
        disk.delete_empty(folder, OLD)?;
    }
    disk.delete(folder, PENDING)?;
    for path in found.folders.iter().rev() {
        delete_folder(disk, folder, path)?;
    }
    // What vouches for the rest goes last.
    disk.delete(folder, LEDGER)?;
    disk.delete_empty(home, name)?;
    Ok(())
}

fn open(above: &Folder, name: &str) -> Result<Folder, Fault> {
    above.open(name)?.ok_or_else(|| changed(above, name))
}

/// Deletes the folder `path` below `root` if it is empty.
fn delete_folder(disk: &mut Disk<'_>, root: &Folder, path: &str) -> Result<bool, Fault> {
    match above(root, path)? {
        Above::Top => disk.delete_empty(root, path),
        Above::Folder(folder) => disk.delete_empty(&folder, last_part(path)),
        Above::Missing => Ok(false),
    }
}

/// The folder that holds a path.
pub(super) enum Above {
    /// The root itself.
    Top,
    Folder(Folder),
    Missing,
}

/// Opens the folder above `path`, which is below `root`.
pub(super) fn above(root: &Folder, path: &str) -> Result<Above, Fault> {
    let Some((folders, _)) = path.rsplit_once('/') else {
        return Ok(Above::Top);
    };
    let mut at = None;
    for name in folders.split('/') {
        match at.as_ref().unwrap_or(root).open(name)? {
            Some(next) => at = Some(next),
            None => return Ok(Above::Missing),
        }
    }
    Ok(at.map_or(Above::Top, Above::Folder))
}

/// Everything in a staging directory that is accounted for.
#[derive(Default)]
struct Inventory {
    /// Sorted.
    files: BTreeSet<RelPath>,
    folders: BTreeSet<String>,
    old: Vec<String>,
}

impl Inventory {
    /// `None` when something is in there that a build did not put there.
    fn take(folder: &Folder, known: &Owned) -> Result<Option<Self>, Fault> {
        let names = folder.names()?;
        let journal = match text(folder, LEDGER)? {
            Some(text) => match ledger::parse(&text, false) {
                Ok(journal) => journal,
                // Torn: then the build had not come to any other file.
                Err(_) if names.len() == 1 && is_ledger_start(&text) => Owned::default(),
                Err(_) => return Ok(None),
            },
            None => Owned::default(),
        };
        let mut found = Self::default();
        if !found.take_folder(folder, "", &names, &journal, known)? {
            return Ok(None);
        }
        found.are_ours(folder, &journal).map(|ours| ours.then_some(found))
    }

    fn take_folder(
        &mut self,
        folder: &Folder,
        path: &str,
        names: &[String],
        journal: &Owned,
        known: &Owned,
    ) -> Result<bool, Fault> {
        for name in names {
            let child = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
            let ours = match child.as_str() {
                LEDGER => true,
                PENDING => text(folder, name)?.is_some_and(|text| is_ledger_start(&text)),
                OLD => self.take_old(folder, journal, known)?,
                _ if journal.lists(&child) => RelPath::new(&child).is_ok_and(|path| self.files.insert(path)),
                _ if journal.lists_below(&child) || known.lists_below(&child) => match folder.open(name)? {
                    Some(inner) => {
                        self.folders.insert(child.clone());
                        self.take_folder(&inner, &child, &inner.names()?, journal, known)?
                    }
                    None => false,
                },
                _ => false,
            };
            if !ours {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn take_old(&mut self, folder: &Folder, journal: &Owned, known: &Owned) -> Result<bool, Fault> {
        let Some(old) = folder.open(OLD)? else {
            return Ok(false);
        };
        let digests: BTreeSet<_> = journal.digests().chain(known.digests()).collect();
        for name in old.names()? {
            let Some(bytes) = bytes(&old, &name)? else {
                return Ok(false);
            };
            let is_ledger = || str::from_utf8(&bytes).is_ok_and(|text| ledger::parse(text, true).is_ok());
            if !digests.contains(&ledger::digest(&bytes)) && !is_ledger() {
                return Ok(false);
            }
            self.old.push(name);
        }
        Ok(true)
    }

    /// Files are made in the order of their paths, so only the last one may be torn.
    fn are_ours(&self, root: &Folder, journal: &Owned) -> Result<bool, Fault> {
        let mut trail = Trail::default();
        for path in &self.files {
            let above = trail.descend(path, |above, path| open(above.unwrap_or(root), last_part(path)))?;
            let Some(bytes) = bytes(above.unwrap_or(root), path.name())? else {
                return Ok(false);
            };
            if !journal.matches(path.as_str(), &ledger::digest(&bytes)) && self.files.last() != Some(path) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// The bytes of a regular file of sensible size.
fn bytes(folder: &Folder, name: &str) -> Result<Option<Vec<u8>>, Fault> {
    match folder.look(name)? {
        Found::File(mut file, stat) if u64::try_from(stat.st_size).is_ok_and(|size| size <= SIZE_LIMIT) => {
            folder.read(name, &mut file).map(Some)
        }
        _ => Ok(None),
    }
}

fn text(folder: &Folder, name: &str) -> Result<Option<String>, Fault> {
    Ok(bytes(folder, name)?.and_then(|bytes| String::from_utf8(bytes).ok()))
}

/// Whether this is a ledger of ours, or the beginning of one.
fn is_ledger_start(text: &str) -> bool {
    text.starts_with(HEADER) || HEADER.starts_with(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert!(is_name_of("dev", ".specc-stage-dev") && is_name_of("dev", &name_of("dev", 7)));
        for other in [".specc-stage-dev2", ".specc-stage-prod", ".specc-stage-dev~x", "dev", ".specc-stage-"]
        {
            assert!(!is_name_of("dev", other), "{other}");
        }
    }
}
