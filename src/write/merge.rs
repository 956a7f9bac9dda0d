//! Moving a staged tree into place, file by file, so that each step can be taken back or finished later.
//!
//! 1. The interim ledger replaces the ledger: from here on it lists every file that is on the disk or may come there.
//! 2. Files in the way of others are deleted, then staged files are moved in, then the rest is deleted, then folders
//!    that became empty. What is deleted or replaced goes to `.old` first.
//! 3. `.old` is dropped and the new ledger replaces the interim one. The tree is done.
//!
//! A step that fails takes back all before it. A build that is killed leaves the interim ledger, with which the next
//! build knows old and new files alike as its own.

use std::collections::BTreeSet;

use rustix::fs::Stat;

use super::disk::{Disk, Folder, same_file};
use super::draft::{Draft, Fate, Item};
use super::error::{Action, Cause, Fault, State};
use super::stage::{Above, OLD, PENDING, Stage, above};
use super::trail::{Trail, last_part};
use crate::tree::{LEDGER, RelPath};

/// What is to be put in place.
pub(super) struct Order<'a> {
    pub(super) draft: &'a Draft<'a>,
    /// The ledger for the time of the moves; `None` when no file moves but the ledger.
    pub(super) interim: Option<String>,
    /// Facts of the ledger that is there.
    pub(super) ledger: Option<&'a Stat>,
    pub(super) durable: bool,
}

/// How to take back a step.
enum Undo {
    /// `.old/<number>` was at this path.
    Saved(usize, String),
    /// Nothing was at this path.
    Made(String),
    MadeFolder(String),
    DeletedFolder(String),
    /// What was there is lost.
    Never,
}

pub(super) struct Merge<'m, 's> {
    disk: &'m mut Disk<'s>,
    tree: &'m Folder,
    stage: &'m Stage<'m>,
    undo: Vec<Undo>,
    /// Facts of the files in `.old`, which are named by their place in this list.
    saved: Vec<Stat>,
}

impl<'m, 's> Merge<'m, 's> {
    pub(super) fn new(disk: &'m mut Disk<'s>, tree: &'m Folder, stage: &'m Stage<'m>) -> Self {
        Self { disk, tree, stage, undo: Vec::new(), saved: Vec::new() }
    }

    /// Puts all in place.
    ///
    /// # Errors
    /// The step that failed, with what the others left behind.
    pub(super) fn run(mut self, order: &Order<'_>) -> Result<(), (Fault, State)> {
        self.steps(order).map_err(|fault| (fault, self.take_back()))
    }

    fn steps(&mut self, order: &Order<'_>) -> Result<(), Fault> {
        let Some(interim) = &order.interim else {
            if order.durable {
                self.disk.sync(self.tree)?;
            }
            return self.put_ledger(LEDGER, order.ledger, None);
        };
        let old = self.disk.make_folder(&self.stage.folder, OLD)?;
        let old = old.ok_or_else(|| changed(&self.stage.folder, OLD, Action::Create))?;
        self.disk.make_file(&self.stage.folder, PENDING, interim.as_bytes())?;
        if order.durable {
            self.disk.sync(self.tree)?;
        }
        self.put_ledger(PENDING, order.ledger, Some(&old))?;
        self.delete(order, &old, true)?;
        self.delete_vacated(order.draft)?;
        self.move_in(order, &old)?;
        self.delete(order, &old, false)?;
        self.delete_emptied(order.draft)?;
        if order.durable {
            self.disk.sync(self.tree)?;
        }
        self.expect_saved(&old)?;
        self.stage.drop_folders(self.disk)?;
        self.drop_old(&old)?;
        self.disk.replace((&self.stage.folder, LEDGER), (self.tree, LEDGER))
    }

    /// Moves a ledger from the staging directory over the one that was read.
    fn put_ledger(&mut self, name: &str, seen: Option<&Stat>, old: Option<&Folder>) -> Result<(), Fault> {
        let from = (&self.stage.folder, name);
        let Some(seen) = seen else {
            self.disk.place(from, (self.tree, LEDGER))?;
            self.undo.push(Undo::Made(LEDGER.to_owned()));
            return Ok(());
        };
        expect_same(self.tree, LEDGER, seen, Action::Move)?;
        if let Some(old) = old {
            self.save_link((self.tree, LEDGER), LEDGER, seen, old)?;
        }
        self.disk.replace(from, (self.tree, LEDGER))
    }

    /// Keeps a file that is about to be replaced.
    fn save_link(
        &mut self,
        from: (&Folder, &str),
        path: &str,
        seen: &Stat,
        old: &Folder,
    ) -> Result<(), Fault> {
        if self.disk.link(from, (old, &self.saved.len().to_string()))? {
            self.note_saved(path, seen);
        } else {
            self.undo.push(Undo::Never);
        }
        Ok(())
    }

    fn note_saved(&mut self, path: &str, seen: &Stat) {
        self.undo.push(Undo::Saved(self.saved.len(), path.to_owned()));
        self.saved.push(*seen);
    }

    /// The last chance to notice that somebody wrote into a file after our last look at it.
    fn expect_saved(&self, old: &Folder) -> Result<(), Fault> {
        for (number, seen) in self.saved.iter().enumerate() {
            expect_same(old, &number.to_string(), seen, Action::Delete)?;
        }
        Ok(())
    }

    fn delete(&mut self, order: &Order<'_>, old: &Folder, first: bool) -> Result<(), Fault> {
        let mut trail = Trail::default();
        for (path, doomed) in order.draft.doomed.iter().filter(|(_, doomed)| doomed.first == first) {
            let folder = trail.descend(path, |above, folder| {
                let above = above.unwrap_or(self.tree);
                above
                    .open(last_part(folder))?
                    .ok_or_else(|| changed(above, last_part(folder), Action::Delete))
            })?;
            let folder = folder.unwrap_or(self.tree);
            expect_same(folder, path.name(), &doomed.stat, Action::Delete)?;
            self.disk.replace((folder, path.name()), (old, &self.saved.len().to_string()))?;
            self.note_saved(path.as_str(), &doomed.stat);
        }
        Ok(())
    }

    fn move_in(&mut self, order: &Order<'_>, old: &Folder) -> Result<(), Fault> {
        let (mut staged, mut trail) = (Trail::default(), Trail::default());
        for item in order.draft.items.iter().filter(|item| !matches!(item.fate, Fate::Keep)) {
            let stage = &self.stage.folder;
            let from = staged.descend(item.path, |above, path| {
                let above = above.unwrap_or(stage);
                above.open(last_part(path))?.ok_or_else(|| changed(above, last_part(path), Action::Read))
            })?;
            let to = trail.descend(item.path, |above, path| self.enter(above, path))?;
            self.move_one(item, from.unwrap_or(stage), to.unwrap_or(self.tree), old)?;
        }
        Ok(())
    }

    fn enter(&mut self, above: Option<&Folder>, path: &str) -> Result<Folder, Fault> {
        let (above, name) = (above.unwrap_or(self.tree), last_part(path));
        if let Some(folder) = above.open(name)? {
            return Ok(folder);
        }
        let folder =
            self.disk.make_folder(above, name)?.ok_or_else(|| changed(above, name, Action::Create))?;
        self.undo.push(Undo::MadeFolder(path.to_owned()));
        Ok(folder)
    }

    fn move_one(&mut self, item: &Item<'_>, from: &Folder, to: &Folder, old: &Folder) -> Result<(), Fault> {
        let name = item.path.name();
        match &item.fate {
            Fate::Keep => {}
            Fate::Create => {
                self.disk.place((from, name), (to, name))?;
                self.undo.push(Undo::Made(item.path.as_str().to_owned()));
            }
            Fate::Replace(seen) => {
                expect_same(to, name, seen, Action::Move)?;
                self.save_link((to, name), item.path.as_str(), seen, old)?;
                self.disk.replace((from, name), (to, name))?;
            }
        }
        Ok(())
    }

    /// Empties the way of files that take the place of folders.
    fn delete_vacated(&mut self, draft: &Draft<'_>) -> Result<(), Fault> {
        if draft.vacated.is_empty() {
            return Ok(());
        }
        let in_way = |folder: &str| {
            let mut above = folder.match_indices('/').filter_map(|(at, _)| folder.get(..at)).chain([folder]);
            above.any(|part| draft.vacated.contains(part))
        };
        self.delete_folders(emptied(draft).into_iter().filter(|folder| in_way(folder)))
    }

    fn delete_emptied(&mut self, draft: &Draft<'_>) -> Result<(), Fault> {
        self.delete_folders(emptied(draft).into_iter().filter(|folder| !draft.tree.has_folder(folder)))
    }

    /// Deletes those of the folders, given outermost first, that are empty.
    fn delete_folders<'f>(&mut self, folders: impl DoubleEndedIterator<Item = &'f str>) -> Result<(), Fault> {
        for path in folders.rev() {
            let name = last_part(path);
            let deleted = match above(self.tree, path)? {
                Above::Top => self.disk.delete_empty(self.tree, name)?,
                Above::Folder(folder) => self.disk.delete_empty(&folder, name)?,
                Above::Missing => false,
            };
            if deleted {
                self.undo.push(Undo::DeletedFolder(path.to_owned()));
            }
        }
        Ok(())
    }

    fn drop_old(&mut self, old: &Folder) -> Result<(), Fault> {
        for number in 0..self.saved.len() {
            self.disk.delete(old, &number.to_string())?;
            self.undo.push(Undo::Never);
        }
        self.disk.delete_empty(&self.stage.folder, OLD).map(drop)
    }

    /// Takes back all steps, last first, as far as possible.
    fn take_back(mut self) -> State {
        let mut state = State::Untouched;
        while let Some(undo) = self.undo.pop() {
            if !self.take_back_one(&undo).is_ok_and(|done| done) {
                state = State::Partial;
            }
        }
        state
    }

    fn take_back_one(&mut self, undo: &Undo) -> Result<bool, Fault> {
        let path = match undo {
            Undo::Saved(_, path) | Undo::Made(path) | Undo::MadeFolder(path) | Undo::DeletedFolder(path) => {
                path
            }
            Undo::Never => return Ok(false),
        };
        let inner = match above(self.tree, path)? {
            Above::Top => None,
            Above::Folder(folder) => Some(folder),
            Above::Missing => return Ok(false),
        };
        let (folder, name) = (inner.as_ref().unwrap_or(self.tree), last_part(path));
        match undo {
            Undo::Saved(number, _) => {
                let (old, number) = (self.stage.folder.open(OLD)?, number.to_string());
                let Some(old) = old else { return Ok(false) };
                self.disk.replace((&old, &number), (folder, name))?;
                // Two names of one file both survive a move of one over the other.
                self.disk.delete(&old, &number)?;
            }
            Undo::Made(_) => self.disk.delete(folder, name)?,
            Undo::MadeFolder(_) => return self.disk.delete_empty(folder, name),
            Undo::DeletedFolder(_) => return Ok(self.disk.make_folder(folder, name)?.is_some()),
            Undo::Never => return Ok(false),
        }
        Ok(true)
    }
}

/// Folders above what is deleted, each before those in it. A folder that has something left stays by itself.
fn emptied<'d>(draft: &'d Draft<'_>) -> BTreeSet<&'d str> {
    draft.doomed.keys().chain(draft.gone.keys()).flat_map(RelPath::folders).collect()
}

/// The last look before a file goes: it must still be the one that was compared.
fn expect_same(folder: &Folder, name: &str, seen: &Stat, action: Action) -> Result<(), Fault> {
    match folder.stat(name)? {
        Some(now) if same_file(&now, seen) => Ok(()),
        _ => Err(changed(folder, name, action)),
    }
}

fn changed(folder: &Folder, name: &str, action: Action) -> Fault {
    Fault { path: folder.path_of(name), action, cause: Cause::Changed }
}
