//! The common template of one object in several environments, found by comparing its trees.
//!
//! What is the same everywhere stays in the template. Maps are compared key by key; lists item by item, by the items' names
//! or, if these have none, by their positions. A key or item that some environment lacks is optional, and all its leaves
//! are values: each differs from nothing. A list is one value as a whole if its items cannot be matched, or if none of its
//! leaves would stay in the template.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::order;
use super::slot::Slot;
use crate::text::Text;
use crate::walk::{Atom, Tree};

/// An object, or a part of one, with slots where environments differ.
#[derive(Debug)]
pub(super) enum Template<'t> {
    /// the same in every environment that has it
    Fixed(&'t Tree),
    /// a map
    Map(Vec<Entry<'t>>),
    /// a list
    Seq(Vec<Entry<'t>>, By),
    /// a value
    Slot(Slot),
}

/// How the items of a list are matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// each has a name of its own
    Name,
    /// as many in every environment; a position counts as name
    Position,
}

/// A key of a map or an item of a list.
#[derive(Debug)]
pub(super) struct Entry<'t> {
    /// key or name
    pub(super) name: Cow<'t, str>,
    /// what stands there
    pub(super) body: Template<'t>,
    /// whether an environment that has the map or list lacks the entry
    pub(super) optional: bool,
}

impl<'t> Template<'t> {
    /// The template of `trees`, one for each environment that has the object; at least one.
    pub(super) fn of(trees: &[&'t Tree]) -> Self {
        let Some((first, rest)) = trees.split_first() else { return Template::Map(Vec::new()) };
        if let Some(template) = aligned(trees) {
            return template;
        }
        if rest.iter().all(|tree| tree == first) {
            return Template::Fixed(first);
        }
        if let Some(maps) = all(trees, fields) {
            let names = names(&maps);
            // The order of a map's keys means nothing.
            let order = order::common(&names).unwrap_or_else(|| order::seen(&names));
            return Template::Map(entries(&order, &maps));
        }
        let (entries, by) = if let Some(lists) = all(trees, |tree| items(tree, By::Name)) {
            (order::common(&names(&lists)).map(|order| entries(&order, &lists)), By::Name)
        } else {
            let lists = all(trees, |tree| items(tree, By::Position)).unwrap_or_default();
            let mut lengths = lists.iter().map(Vec::len);
            let length = lengths.next().filter(|length| lengths.all(|other| other == *length));
            let positions: Vec<String> = (0..length.unwrap_or(0)).map(|at| at.to_string()).collect();
            let order: Vec<&str> = positions.iter().map(String::as_str).collect();
            (length.map(|_| entries(&order, &lists)), By::Position)
        };
        match entries {
            Some(entries) if entries.iter().any(Entry::keeps_something) => Template::Seq(entries, by),
            _ => Template::Slot(Slot::of(trees)),
        }
    }

    /// Whether `enabled` can stand beside its values; otherwise these stand under `value`.
    pub(super) fn has_room_for_enabled(&self) -> bool {
        match self {
            Template::Fixed(_) => true,
            Template::Slot(_) => false,
            Template::Map(entries) | Template::Seq(entries, _) => {
                entries.iter().all(|entry| entry.name != super::ENABLED)
            }
        }
    }

    /// The same with all leaves as values.
    fn open(self) -> Self {
        let open = |entries: Vec<Entry<'t>>| {
            entries.into_iter().map(|entry| Entry { body: entry.body.open(), ..entry }).collect()
        };
        match self {
            Template::Fixed(tree) => opened(tree),
            Template::Map(entries) => Template::Map(open(entries)),
            Template::Seq(entries, by) => Template::Seq(open(entries), by),
            Template::Slot(slot) => Template::Slot(slot),
        }
    }
}

impl Entry<'_> {
    /// Whether a leaf of it stays in the template, or may.
    fn keeps_something(&self) -> bool {
        !self.optional && !matches!(self.body, Template::Slot(_))
    }
}

/// A tree with all leaves as values; `{}` is no leaf that could be another.
fn opened(tree: &Tree) -> Template<'_> {
    match tree {
        Tree::Leaf(Atom::EmptyMap, _) => Template::Fixed(tree),
        Tree::Map(_) => {
            let entry = |(name, part)| Entry { name, body: opened(part), optional: false };
            Template::Map(fields(tree).into_iter().flatten().map(entry).collect())
        }
        Tree::Leaf(..) | Tree::Seq(_) => Template::Slot(Slot::of(&[tree])),
    }
}

/// The parts of a map or list by name.
pub(super) type Parts<'t> = Vec<(Cow<'t, str>, &'t Tree)>;

/// What `f` makes of each tree, if it makes something of all.
fn all<'t>(trees: &[&'t Tree], f: impl Fn(&'t Tree) -> Option<Parts<'t>>) -> Option<Vec<Parts<'t>>> {
    trees.iter().map(|tree| f(tree)).collect()
}

/// The keys and values of a map.
pub(super) fn fields(tree: &Tree) -> Option<Parts<'_>> {
    match tree {
        Tree::Map(fields) => {
            Some(fields.iter().map(|(key, value)| (Cow::from(key.as_str()), value)).collect())
        }
        Tree::Leaf(Atom::EmptyMap, _) => Some(Vec::new()),
        _ => None,
    }
}

/// The items of a list by name, if each has one of its own, or by position.
pub(super) fn items<'t>(tree: &'t Tree, by: By) -> Option<Parts<'t>> {
    let Tree::Seq(items) = tree else { return None };
    match by {
        By::Name => {
            let part = |(name, item): &'t (Option<Text>, Tree)| Some((Cow::from(name.as_deref()?), item));
            if are_unique(items) { items.iter().map(part).collect() } else { None }
        }
        By::Position => {
            let part = |(at, (_, item)): (usize, &'t (Option<Text>, Tree))| (Cow::from(at.to_string()), item);
            Some(items.iter().enumerate().map(part).collect())
        }
    }
}

/// The template of maps, or of lists with names, that have the same names in the same order, as most have.
fn aligned<'t>(trees: &[&'t Tree]) -> Option<Template<'t>> {
    let (first, rest) = trees.split_first()?;
    match first {
        Tree::Map(fields) => {
            let others: Vec<_> = rest.iter().map(|tree| same_keys(fields, tree)).collect::<Option<_>>()?;
            let names = fields.iter().map(|(key, value)| (key, value));
            let entries =
                side_by_side(&names, |at| others.iter().filter_map(move |other| Some(&other.get(at)?.1)));
            Some(entries.map_or(Template::Fixed(first), Template::Map))
        }
        Tree::Seq(items) => {
            let others: Vec<_> = rest.iter().map(|tree| same_names(items, tree)).collect::<Option<_>>()?;
            are_unique(items).then_some(())?;
            let names = items.iter().filter_map(|(name, item)| Some((name.as_ref()?, item)));
            let entries =
                side_by_side(&names, |at| others.iter().filter_map(move |other| Some(&other.get(at)?.1)));
            match entries {
                None => Some(Template::Fixed(first)),
                Some(entries) if entries.iter().any(Entry::keeps_something) => {
                    Some(Template::Seq(entries, By::Name))
                }
                Some(_) => None,
            }
        }
        Tree::Leaf(..) => None,
    }
}

/// The entries of aligned parts, or `None` if no part differs: `first` are the names and parts of the first tree, `others`
/// gives the parts of the other trees at an index.
fn side_by_side<'t, I: Iterator<Item = &'t Tree>>(
    first: &(impl Iterator<Item = (&'t Text, &'t Tree)> + Clone),
    others: impl Fn(usize) -> I,
) -> Option<Vec<Entry<'t>>> {
    let entry = |name: &'t Text, body| Entry { name: Cow::from(name.as_str()), body, optional: false };
    let (mut entries, mut present) = (Vec::new(), Vec::new());
    for (at, (name, part)) in first.clone().enumerate() {
        present.clear();
        present.push(part);
        present.extend(others(at));
        let body = Template::of(&present);
        match body {
            // most maps do not differ: nothing is kept until one does
            Template::Fixed(_) if entries.is_empty() => {}
            body => {
                if entries.is_empty() {
                    entries.extend(
                        first.clone().take(at).map(|(name, part)| entry(name, Template::Fixed(part))),
                    );
                }
                entries.push(entry(name, body));
            }
        }
    }
    (!entries.is_empty()).then_some(entries)
}

/// The fields of `tree`, if it is a map with the same keys in the same order.
fn same_keys<'t>(fields: &[(Text, Tree)], tree: &'t Tree) -> Option<&'t [(Text, Tree)]> {
    let Tree::Map(others) = tree else { return None };
    let same = fields.iter().map(|(key, _)| key).eq(others.iter().map(|(key, _)| key));
    same.then_some(others.as_slice())
}

/// The items of `tree`, if it is a list with the same names in the same order.
fn same_names<'t>(items: &[(Option<Text>, Tree)], tree: &'t Tree) -> Option<&'t [(Option<Text>, Tree)]> {
    let Tree::Seq(others) = tree else { return None };
    let same = items.iter().map(|(name, _)| name).eq(others.iter().map(|(name, _)| name));
    same.then_some(others.as_slice())
}

/// Whether each item has a name of its own.
fn are_unique(items: &[(Option<Text>, Tree)]) -> bool {
    let names = items.iter().map(|(name, _)| name.as_deref()).collect::<Option<Vec<&str>>>();
    names.is_some_and(|mut names| {
        names.sort_unstable();
        names.is_sorted_by(|a, b| a < b)
    })
}

fn names<'p>(all: &'p [Parts<'_>]) -> Vec<Vec<&'p str>> {
    all.iter().map(|parts| parts.iter().map(|(name, _)| name.as_ref()).collect()).collect()
}

fn entries<'t>(order: &[&str], all: &[Parts<'t>]) -> Vec<Entry<'t>> {
    let by_name: Vec<BTreeMap<&str, &(Cow<'t, str>, &'t Tree)>> =
        all.iter().map(|parts| parts.iter().map(|part| (part.0.as_ref(), part)).collect()).collect();
    let entry = |name: &&str| {
        let parts: Vec<_> = by_name.iter().filter_map(|parts| parts.get(name)).collect();
        let present: Vec<&'t Tree> = parts.iter().map(|part| part.1).collect();
        let (optional, body) = (present.len() < all.len(), Template::of(&present));
        let name = parts.first().map(|part| part.0.clone())?;
        Some(Entry { name, body: if optional { body.open() } else { body }, optional })
    };
    order.iter().filter_map(entry).collect()
}
