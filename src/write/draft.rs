//! Comparing a tree with the disk: what would be made, replaced and deleted, and what is not ours to touch.
//!
//! Reads only. Whether a file may be touched is decided here alone: the ledger must list it and its bytes must match,
//! unless `force` lets a regular file pass.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::ops::Bound;

use rustix::fs::Stat;
use sha2::{Digest as _, Sha256};

use super::Input;
use super::disk::{Folder, Found, is_executable, same_inode};
use super::error::{Action, Fault, Reason, Refusal};
use super::ledger::{self, Digest, Owned};
use super::trail::{Trail, last_part};
use crate::tree::{RelPath, Tree};

/// What is to be done with a tree.
pub(super) struct Draft<'t> {
    pub(super) tree: &'t Tree,
    /// All files of the tree, sorted.
    pub(super) items: Vec<Item<'t>>,
    /// Files of the ledger that the tree no longer has.
    pub(super) doomed: BTreeMap<RelPath, Doomed>,
    /// Paths of the ledger that neither the tree nor the disk has. Their folders may be empty now, and are ours while
    /// a ledger lists the paths.
    pub(super) gone: BTreeMap<RelPath, Digest>,
    /// Folders in the way of files, and spelled like a folder to come but for case; empty once `doomed` is deleted.
    pub(super) vacated: BTreeSet<String>,
    /// Files of ours on the disk, as they are.
    pub(super) before: BTreeMap<RelPath, Digest>,
    /// What is in the way.
    pub(super) refusals: BTreeSet<Refusal>,
}

/// A file of the tree.
pub(super) struct Item<'t> {
    pub(super) path: &'t RelPath,
    pub(super) bytes: &'t [u8],
    pub(super) digest: Digest,
    pub(super) fate: Fate,
}

/// What becomes of a file of the tree.
pub(super) enum Fate {
    /// The disk has it.
    Keep,
    /// Nothing is there, or what is there is deleted before.
    Create,
    /// This is there and goes.
    Replace(Box<Stat>),
}

/// A file to delete.
pub(super) struct Doomed {
    pub(super) stat: Box<Stat>,
    /// It is in the way of a file to create.
    pub(super) first: bool,
}

/// A folder of the disk that the walk has come to.
enum Place {
    Open(Folder, Names),
    /// Not there yet, or deleted before it is made.
    Missing,
    /// Something is in the way and has been refused.
    Blocked,
}

/// The names in a folder by their folded form, read when first needed.
type Names = std::cell::OnceCell<BTreeMap<String, Vec<String>>>;

impl<'t> Draft<'t> {
    /// Compares `tree` with the folder `root`, of which `owned` is the ledger; `None` when there is no folder.
    pub(super) fn new(
        tree: &'t Tree,
        root: Option<Folder>,
        owned: &Owned,
        force: bool,
    ) -> Result<Self, Fault> {
        let mut draft = Self {
            tree,
            items: Vec::with_capacity(tree.len()),
            doomed: BTreeMap::new(),
            gone: BTreeMap::new(),
            vacated: BTreeSet::new(),
            before: BTreeMap::new(),
            refusals: BTreeSet::new(),
        };
        let top = root.map_or(Place::Missing, |folder| Place::Open(folder, Names::new()));
        let mut walk =
            Walk { draft: &mut draft, owned, force, buffer: vec![0; 64 << 10], folded: BTreeMap::new() };
        walk.no_longer_made(tree, &top)?;
        walk.made(tree, &top)?;
        Ok(draft)
    }

    /// The ledger once all is done.
    pub(super) fn ledger(&self, inputs: &[Input]) -> String {
        let outputs = self.items.iter().map(|item| (item.path, &item.digest));
        ledger::print(&sorted(inputs), outputs, std::iter::empty())
    }

    /// The ledger while it is being done.
    pub(super) fn interim_ledger(&self, inputs: &[Input]) -> String {
        let pending = self.items.iter().filter(|item| !matches!(item.fate, Fate::Keep));
        let before: BTreeMap<_, _> = self.before.iter().chain(&self.gone).collect();
        ledger::print(&sorted(inputs), before.into_iter(), pending.map(|item| (item.path, &item.digest)))
    }

    /// Whether more than the ledger is to be made, replaced or deleted.
    pub(super) fn touches_tree(&self) -> bool {
        !self.doomed.is_empty()
            || !self.gone.is_empty()
            || self.items.iter().any(|item| !matches!(item.fate, Fate::Keep))
    }

    fn refuse(&mut self, path: &str, reason: Reason) {
        self.refusals.insert(Refusal { path: path.to_owned(), reason });
    }

    /// Marks what is to be deleted at or below `path` as to be deleted first.
    fn delete_first(&mut self, path: &str) {
        if let Some(fate) = self.doomed.get_mut(path) {
            fate.first = true;
        }
        let below = format!("{path}/");
        let after = self.doomed.range_mut::<str, _>((Bound::Included(below.as_str()), Bound::Unbounded));
        for (_, fate) in after.take_while(|(doomed, _)| doomed.as_str().starts_with(&below)) {
            fate.first = true;
        }
    }
}

fn sorted(inputs: &[Input]) -> BTreeMap<&str, &Digest> {
    inputs.iter().map(|input| (input.path.as_str(), &input.sha256)).collect()
}

struct Walk<'d, 't> {
    draft: &'d mut Draft<'t>,
    owned: &'d Owned,
    force: bool,
    buffer: Vec<u8>,
    /// What is to be deleted, by its folded path.
    folded: BTreeMap<String, RelPath>,
}

impl<'t> Walk<'_, 't> {
    /// What the ledger lists and the tree does not.
    fn no_longer_made(&mut self, tree: &Tree, top: &Place) -> Result<(), Fault> {
        let mut trail = Trail::default();
        let owned = self.owned;
        for (path, digest) in owned.iter().filter(|(path, _)| !tree.contains(path.as_str())) {
            let place = trail.descend(path, |above, folder| self.enter_old(above.unwrap_or(top), folder))?;
            let Place::Open(folder, _) = place.unwrap_or(top) else {
                self.draft.gone.insert(path.clone(), *digest);
                continue;
            };
            let reason = match folder.look(path.name())? {
                Found::Missing => {
                    self.draft.gone.insert(path.clone(), *digest);
                    continue;
                }
                Found::File(mut file, stat) => {
                    let found = self.hash(folder, path, &mut file)?;
                    if owned.matches(path.as_str(), &found) || self.force {
                        self.draft.before.insert(path.clone(), found);
                        self.draft.doomed.insert(path.clone(), Doomed { stat, first: false });
                        continue;
                    }
                    Reason::Edited
                }
                Found::Folder => Reason::Folder,
                Found::Symlink => Reason::Symlink,
                Found::Special => Reason::Special,
            };
            // A thing that is not a file was never ours; with `force` it stays and leaves the ledger.
            if !self.force && !tree.has_folder(path.as_str()) {
                self.draft.refuse(path.as_str(), reason);
            }
        }
        Ok(())
    }

    fn enter_old(&mut self, above: &Place, path: &str) -> Result<Place, Fault> {
        let Place::Open(parent, _) = above else {
            return Ok(Place::Missing);
        };
        let name = last_part(path);
        if let Some(folder) = parent.open(name)? {
            return Ok(Place::Open(folder, Names::new()));
        }
        if !self.force && matches!(parent.look(name)?, Found::Symlink) {
            self.draft.refuse(path, Reason::Symlink);
        }
        Ok(Place::Missing)
    }

    /// What the tree has.
    fn made(&mut self, tree: &'t Tree, top: &Place) -> Result<(), Fault> {
        self.folded =
            self.draft.doomed.keys().map(|path| (path.as_str().to_ascii_lowercase(), path.clone())).collect();
        let mut trail = Trail::default();
        for (path, bytes) in tree {
            let place = trail.descend(path, |above, folder| self.enter_new(above.unwrap_or(top), folder))?;
            let digest = ledger::digest(bytes);
            let fate = match place.unwrap_or(top) {
                Place::Open(folder, names) => self.fate(folder, names, path, bytes, &digest)?,
                Place::Missing => Fate::Create,
                Place::Blocked => continue,
            };
            self.draft.items.push(Item { path, bytes, digest, fate });
        }
        Ok(())
    }

    fn enter_new(&mut self, above: &Place, path: &str) -> Result<Place, Fault> {
        let (parent, names) = match above {
            Place::Open(parent, names) => (parent, names),
            Place::Missing => return Ok(Place::Missing),
            Place::Blocked => return Ok(Place::Blocked),
        };
        let name = last_part(path);
        if let Some(folder) = parent.open(name)? {
            return Ok(Place::Open(folder, Names::new()));
        }
        let reason = match parent.look(name)? {
            Found::Missing => {
                self.check_case(parent, names, path)?;
                return Ok(Place::Missing);
            }
            Found::File(..) if self.draft.doomed.contains_key(path) => {
                self.draft.delete_first(path);
                return Ok(Place::Missing);
            }
            Found::File(..) if self.owned.lists(path) => Reason::Edited,
            Found::File(..) | Found::Folder => Reason::NotFolder,
            Found::Symlink => Reason::Symlink,
            Found::Special => Reason::Special,
        };
        self.draft.refuse(path, reason);
        Ok(Place::Blocked)
    }

    fn fate(
        &mut self,
        folder: &Folder,
        names: &Names,
        path: &RelPath,
        bytes: &[u8],
        digest: &Digest,
    ) -> Result<Fate, Fault> {
        let reason = match folder.look(path.name())? {
            Found::Missing => {
                self.check_case(folder, names, path.as_str())?;
                return Ok(Fate::Create);
            }
            Found::File(_, stat) if self.is_doomed_twin(path.as_str(), &stat) => return Ok(Fate::Create),
            Found::File(mut file, stat) => {
                let same = self.has_bytes(folder, path, &mut file, &stat, bytes)?;
                if same {
                    self.draft.before.insert(path.clone(), *digest);
                    return Ok(if is_executable(&stat) { Fate::Replace(stat) } else { Fate::Keep });
                }
                let listed = self.owned.lists(path.as_str());
                if listed {
                    let found = self.hash(folder, path, &mut file)?;
                    if self.owned.matches(path.as_str(), &found) || self.force {
                        self.draft.before.insert(path.clone(), found);
                        return Ok(Fate::Replace(stat));
                    }
                }
                if self.force {
                    return Ok(Fate::Replace(stat));
                }
                if listed { Reason::Edited } else { Reason::Foreign }
            }
            Found::Folder => {
                if self.owned.lists_below(path.as_str()) && self.is_vacated(folder, path.as_str())? {
                    self.draft.delete_first(path.as_str());
                    self.draft.vacated.insert(path.as_str().to_owned());
                    return Ok(Fate::Create);
                }
                Reason::Folder
            }
            Found::Symlink => Reason::Symlink,
            Found::Special => Reason::Special,
        };
        self.draft.refuse(path.as_str(), reason);
        Ok(Fate::Create)
    }

    /// On a file system that folds case, a file that is to be deleted appears under its new spelling too.
    fn is_doomed_twin(&mut self, path: &str, stat: &Stat) -> bool {
        let Some(twin) = self.folded.get(&path.to_ascii_lowercase()) else {
            return false;
        };
        let found = self.draft.doomed.get_mut(twin).filter(|doomed| same_inode(&doomed.stat, stat));
        found.map(|doomed| doomed.first = true).is_some()
    }

    /// Whether the folder `path`, which is in `parent`, holds nothing but what is to be deleted.
    fn is_vacated(&self, parent: &Folder, path: &str) -> Result<bool, Fault> {
        let Some(folder) = parent.open(last_part(path))? else {
            return Ok(false);
        };
        for name in folder.names()? {
            let child = format!("{path}/{name}");
            let ours = self.draft.doomed.contains_key(child.as_str())
                || (self.owned.lists_below(&child) && self.is_vacated(&folder, &child)?);
            if !ours {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Refuses what is to come at `path` when its folder has the same name in other letter case.
    fn check_case(&mut self, folder: &Folder, names: &Names, path: &str) -> Result<(), Fault> {
        let name = last_part(path);
        let others = names_in(folder, names)?.get(&name.to_ascii_lowercase()).map_or(&[][..], Vec::as_slice);
        for other in others.iter().filter(|other| *other != name) {
            let other =
                path.rsplit_once('/').map_or_else(|| other.clone(), |(above, _)| format!("{above}/{other}"));
            if self.draft.doomed.contains_key(other.as_str()) {
                self.draft.delete_first(&other);
            } else if self.owned.lists_below(&other) && self.is_vacated(folder, &other)? {
                self.draft.delete_first(&other);
                self.draft.vacated.insert(other);
            } else {
                self.draft.refuse(path, Reason::Case { other });
            }
        }
        Ok(())
    }

    /// Whether the file on the disk has exactly these bytes.
    fn has_bytes(
        &mut self,
        folder: &Folder,
        path: &RelPath,
        file: &mut File,
        stat: &Stat,
        bytes: &[u8],
    ) -> Result<bool, Fault> {
        if u64::try_from(stat.st_size).ok() != u64::try_from(bytes.len()).ok() {
            return Ok(false);
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            let read = self.read(folder, path, file)?;
            match rest.split_at_checked(read.len()) {
                Some((now, later)) if now == read && !now.is_empty() => rest = later,
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    fn hash(&mut self, folder: &Folder, path: &RelPath, file: &mut File) -> Result<Digest, Fault> {
        file.rewind().map_err(|error| Fault::new(folder.path_of(path.name()), Action::Read, error))?;
        let mut hash = Sha256::new();
        loop {
            let read = self.read(folder, path, file)?;
            if read.is_empty() {
                return Ok(hash.finalize().into());
            }
            hash.update(read);
        }
    }

    /// The next bytes of a file; none at its end.
    fn read(&mut self, folder: &Folder, path: &RelPath, file: &mut File) -> Result<&[u8], Fault> {
        loop {
            match file.read(&mut self.buffer) {
                Ok(count) => return Ok(self.buffer.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Fault::new(folder.path_of(path.name()), Action::Read, error)),
            }
        }
    }
}

fn names_in<'n>(folder: &Folder, names: &'n Names) -> Result<&'n BTreeMap<String, Vec<String>>, Fault> {
    if let Some(known) = names.get() {
        return Ok(known);
    }
    let mut by_fold = BTreeMap::<_, Vec<_>>::new();
    for name in folder.names()? {
        by_fold.entry(name.to_ascii_lowercase()).or_default().push(name);
    }
    Ok(names.get_or_init(|| by_fold))
}
