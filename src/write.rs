//! STAGE 7: a [`Tree`] onto the disk. The only module that changes the disk.
//!
//! It knows paths and bytes, no specs, no Kubernetes and no rendering of diagnostics.
//!
//! **Whose file is it?** Each tree has a ledger, `specc.lock` (see [`mod@ledger`] for its format). A file is replaced
//! or deleted only if the ledger lists it and its bytes are still those that it lists; a file that has the right
//! bytes already is left alone, mtime included. Anything else in our way is refused, all of it at once, before a
//! byte is written. `force` lets edited and foreign regular files pass; it never follows a link, never removes a
//! folder that holds something foreign, and never deletes a file that the ledger does not list. What is not in our
//! way is not even opened. A folder counts as ours while the ledger lists a file below it; it is removed when it
//! became empty, one by one, never recursively. Of a file's mode only the executable bit counts as a change, as in
//! git, so a checkout under another umask is clean.
//!
//! **Links.** None is followed below the base of a [`Target`]; above it they are, since the path to a project is its
//! user's business. The tree itself may not be a link.
//!
//! **Locks.** [`commit`] holds an exclusive `flock` on the folder of the tree, so nothing lies around that could be
//! left over. Whoever gets the lock looks whether the name still means the same folder, because a first build moves
//! a finished folder into place. [`plan`] and [`drift`] read without a lock.
//!
//! **Crashes.** New files are made in a staging directory beside the tree (see [`mod@stage`]). A tree that does not
//! exist is moved into place as a whole. Otherwise an interim ledger that lists old and new digests goes first, then
//! single files are moved, and the final ledger goes last (see [`mod@merge`]). So at each point every file of ours is
//! whole, old or new, and listed; the next build goes through without `force` and ends with the bytes of a clean
//! one; until then [`drift`] reports at least the ledger. A step that fails, rather than dies, is taken back.
//!
//! **Power.** Without `durable` a power cut may lose what the system had not written yet; git and another build
//! bring it back. With it the file system is synchronised twice, whatever the number of files: before the first move,
//! so that no name can come to mean a torn file, and at the end.

mod create;
mod disk;
mod draft;
mod error;
mod ledger;
mod merge;
mod stage;
mod target;
mod trail;

use std::fmt;

pub use create::{NewFile, create_new};
pub use disk::{Proceed, Steps};
pub use error::{Action, Cause, Fault, LedgerProblem, Reason, Refusal, State, TargetProblem, WriteError};
pub use target::Target;

use crate::tree::{LEDGER, RelPath, Tree};
use disk::{Disk, Folder, Found};
use draft::{Draft, Fate};
use ledger::Owned;
use merge::{Merge, Order};
use rustix::fs::Stat;
use stage::Stage;
use target::Site;

/// A file that the output was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its path relative to the root of the project, with `/`.
    pub path: String,
    /// The SHA-256 of its bytes.
    pub sha256: [u8; 32],
}

/// How to write.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Replace edited and foreign regular files that are in the way, and count both sides of a ledger with conflict
    /// markers as ours.
    pub force: bool,
    /// Return only when the output would survive a power cut.
    pub durable: bool,
}

/// What a commit does, or did. Each list is sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that were not there.
    pub created: Vec<RelPath>,
    /// Files with other bytes than before, or an executable bit that went.
    pub changed: Vec<RelPath>,
    /// Files that the tree no longer has.
    pub deleted: Vec<RelPath>,
    /// Files that the disk had already.
    pub unchanged: Vec<RelPath>,
    /// Whether `specc.lock` is written.
    pub ledger: bool,
}

impl Changes {
    /// Whether the disk is as it should be.
    pub fn is_empty(&self) -> bool {
        self.created.is_empty() && self.changed.is_empty() && self.deleted.is_empty() && !self.ledger
    }
}

/// A difference between a tree and the disk.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Drift {
    /// Path inside the tree.
    pub path: String,
    /// What a build would do there.
    pub kind: DriftKind,
}

/// What a build would do with a path that differs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum DriftKind {
    /// It is not there.
    Created,
    /// It has other bytes. For the ledger also: other inputs, another version of specc, or an interrupted build.
    Changed,
    /// It is no longer made.
    Deleted,
    /// It would be refused.
    Foreign(Reason),
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.escape_debug();
        match &self.kind {
            DriftKind::Created => write!(f, "`{path}` is missing"),
            DriftKind::Changed => write!(f, "`{path}` is out of date"),
            DriftKind::Deleted => write!(f, "`{path}` is no longer made"),
            DriftKind::Foreign(reason) => write!(f, "`{path}` {reason}"),
        }
    }
}

/// What [`commit`] would do, without a lock and without a change of the disk.
///
/// # Errors
/// As [`commit`], as far as it can be known.
pub fn plan(target: &Target, tree: &Tree, inputs: &[Input], options: Options) -> Result<Changes, WriteError> {
    let (held, draft) = read(target, tree, options.force)?;
    refuse(target, &draft)?;
    Ok(changes(&draft, held.text.as_ref() != Some(&draft.ledger(inputs))))
}

/// How the disk differs from what a build would leave there, sorted by path; nothing when they are equal. Writes
/// nothing and takes no lock.
///
/// # Errors
/// When that cannot be known: a place that cannot hold a tree, a ledger that says nothing, a file that cannot be read.
pub fn drift(target: &Target, tree: &Tree, inputs: &[Input]) -> Result<Vec<Drift>, WriteError> {
    let (held, draft) = read(target, tree, false)?;
    let found = changes(&draft, held.text.as_ref() != Some(&draft.ledger(inputs)));
    let in_way = |path: &RelPath| draft.refusals.iter().any(|refusal| refusal.path == path.as_str());
    let mut drift = Vec::new();
    for (paths, kind) in [
        (found.created, DriftKind::Created),
        (found.changed, DriftKind::Changed),
        (found.deleted, DriftKind::Deleted),
    ] {
        let paths = paths.into_iter().filter(|path| draft.refusals.is_empty() || !in_way(path));
        drift.extend(paths.map(|path| Drift { path: path.as_str().to_owned(), kind: kind.clone() }));
    }
    let foreign = |refusal: Refusal| Drift { path: refusal.path, kind: DriftKind::Foreign(refusal.reason) };
    drift.extend(draft.refusals.into_iter().map(foreign));
    if found.ledger {
        let kind = if held.text.is_some() { DriftKind::Changed } else { DriftKind::Created };
        drift.push(Drift { path: LEDGER.to_owned(), kind });
    }
    drift.sort();
    Ok(drift)
}

/// Makes the disk equal to the tree and says what had to be done. See the [module](self) for what that promises.
///
/// # Errors
/// See [`WriteError`]. But for [`State::Partial`] the output is as it was.
pub fn commit(
    target: &Target,
    tree: &Tree,
    inputs: &[Input],
    options: Options,
) -> Result<Changes, WriteError> {
    commit_with(target, tree, inputs, options, &mut Proceed)
}

/// [`commit`] with a say before each change of the disk.
///
/// # Errors
/// As [`commit`], and what `steps` answers.
pub fn commit_with(
    target: &Target,
    tree: &Tree,
    inputs: &[Input],
    options: Options,
    steps: &mut dyn Steps,
) -> Result<Changes, WriteError> {
    let mut disk = Disk::new(steps);
    let site = target.claim(&mut disk)?;
    let result = build(&mut disk, &site, target, tree, inputs, options);
    if result.is_err() {
        site.abandon(&mut disk);
    }
    result
}

fn build(
    disk: &mut Disk<'_>,
    site: &Site,
    target: &Target,
    tree: &Tree,
    inputs: &[Input],
    options: Options,
) -> Result<Changes, WriteError> {
    let held = Held::read(&site.tree, options.force)?;
    // Files are moved from the staging directory, so it has to be on the file system of the tree.
    let parent = site.parent().map_err(failed)?;
    let beside = parent.facts().map_err(failed)?.st_dev == site.tree.facts().map_err(failed)?.st_dev;
    let home = if beside { parent } else { &site.tree };
    stage::sweep(disk, home, &site.name, &held.owned).map_err(failed)?;

    let root = site.tree.again().map_err(failed)?;
    let draft = Draft::new(tree, Some(root), &held.owned, options.force).map_err(failed)?;
    refuse(target, &draft)?;
    let ledger = draft.ledger(inputs);
    let changes = changes(&draft, held.text.as_ref() != Some(&ledger));
    if changes.is_empty() {
        return Ok(changes);
    }
    let mut stage = Stage::make(disk, home, &site.name).map_err(failed)?;
    let whole = beside && site.is_made() && site.tree.names().map_err(failed)?.is_empty();
    let result = match stage.fill(disk, &draft, &ledger) {
        Err(fault) => Err((fault, State::Untouched)),
        Ok(()) if whole => move_whole(disk, site, &stage, options.durable),
        Ok(()) => {
            let order = Order {
                interim: draft.touches_tree().then(|| draft.interim_ledger(inputs)),
                draft: &draft,
                ledger: held.stat.as_deref(),
                durable: options.durable,
            };
            Merge::new(disk, &site.tree, &stage).run(&order)
        }
    };
    match result {
        Ok(()) => {
            if !whole {
                // What holds something by now stays, as does the output.
                let _ = disk.delete_empty(home, &stage.name);
            }
            finish(disk, home, options.durable)?;
            Ok(changes)
        }
        Err((fault, state)) => {
            stage.discard(disk, &held.owned);
            Err(WriteError::Failed { fault, state })
        }
    }
}

/// Moves the staging directory over the empty folder that this process made for the tree.
fn move_whole(
    disk: &mut Disk<'_>,
    site: &Site,
    stage: &Stage<'_>,
    durable: bool,
) -> Result<(), (Fault, State)> {
    let untouched = |fault| (fault, State::Untouched);
    if durable {
        disk.sync(stage.home).map_err(untouched)?;
    }
    disk.replace((stage.home, &stage.name), (stage.home, &site.name)).map_err(untouched)
}

fn finish(disk: &mut Disk<'_>, home: &Folder, durable: bool) -> Result<(), WriteError> {
    if durable {
        disk.sync(home).map_err(|fault| WriteError::Failed { fault, state: State::Partial })?;
    }
    Ok(())
}

/// The ledger that a tree has.
#[derive(Default)]
struct Held {
    owned: Owned,
    text: Option<String>,
    stat: Option<Box<Stat>>,
}

impl Held {
    fn read(root: &Folder, union: bool) -> Result<Self, WriteError> {
        let wrong = |problem| WriteError::Ledger { path: root.path_of(LEDGER), problem };
        let (mut file, stat) = match root.look(LEDGER).map_err(failed)? {
            Found::Missing => return Ok(Self::default()),
            Found::File(file, stat) => (file, stat),
            Found::Folder | Found::Symlink | Found::Special => return Err(wrong(LedgerProblem::NotText)),
        };
        if !u64::try_from(stat.st_size).is_ok_and(|size| size <= ledger::SIZE_LIMIT) {
            return Err(wrong(LedgerProblem::NotText));
        }
        let bytes = root.read(LEDGER, &mut file).map_err(failed)?;
        let text = String::from_utf8(bytes).map_err(|_| wrong(LedgerProblem::NotText))?;
        let owned = ledger::parse(&text, union).map_err(wrong)?;
        Ok(Self { owned, text: Some(text), stat: Some(stat) })
    }
}

/// Reads ledger and files of a tree that may not exist.
fn read<'t>(target: &Target, tree: &'t Tree, force: bool) -> Result<(Held, Draft<'t>), WriteError> {
    let root = target.open()?;
    let held = match &root {
        Some(folder) => Held::read(folder, force)?,
        None => Held::default(),
    };
    let draft = Draft::new(tree, root, &held.owned, force).map_err(failed)?;
    Ok((held, draft))
}

fn refuse(target: &Target, draft: &Draft<'_>) -> Result<(), WriteError> {
    if draft.refusals.is_empty() {
        return Ok(());
    }
    Err(WriteError::Refused { path: target.path(), refusals: draft.refusals.iter().cloned().collect() })
}

fn changes(draft: &Draft<'_>, ledger: bool) -> Changes {
    let mut changes =
        Changes { ledger, deleted: draft.doomed.keys().cloned().collect(), ..Changes::default() };
    for item in &draft.items {
        let list = match item.fate {
            Fate::Keep => &mut changes.unchanged,
            Fate::Create => &mut changes.created,
            Fate::Replace(_) => &mut changes.changed,
        };
        list.push(item.path.clone());
    }
    changes
}

fn failed(fault: Fault) -> WriteError {
    WriteError::Failed { fault, state: State::Untouched }
}
