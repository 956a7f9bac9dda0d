//! The common template of one object in several environments, found by comparing its trees.
//!
//! What is the same everywhere stays in the template. Maps are compared key by key, lists item by item if all their
//! items have names and one order suits every environment. A key or item that some environment lacks is optional, and
//! all its leaves are values: they differ from nothing. Anything else that differs is one value as a whole.

use std::collections::BTreeSet;

use super::order;
use super::slot::Slot;
use crate::walk::{Atom, Tree};

/// An object, or a part of one, with slots where environments differ.
#[derive(Debug)]
pub(super) enum Template<'t> {
    /// the same in every environment that has it
    Fixed(&'t Tree),
    /// a map
    Map(Vec<Entry<'t>>),
    /// a list of named items
    Seq(Vec<Entry<'t>>),
    /// a value
    Slot(Slot),
}

/// A key of a map or a named item of a list.
#[derive(Debug)]
pub(super) struct Entry<'t> {
    /// key or name
    pub(super) name: &'t str,
    /// what stands there
    pub(super) body: Template<'t>,
    /// whether an environment that has the map or list lacks the entry
    pub(super) optional: bool,
}

impl<'t> Template<'t> {
    /// The template of `trees`, one for each environment that has the object; at least one.
    pub(super) fn of(trees: &[&'t Tree]) -> Self {
        let Some((first, rest)) = trees.split_first() else { return Template::Map(Vec::new()) };
        if rest.iter().all(|tree| tree == first) {
            return Template::Fixed(first);
        }
        let merged = if let Some(maps) = all(trees, fields) {
            let names = names(&maps);
            // The order of a map's keys means nothing.
            let order = order::common(&names).unwrap_or_else(|| order::seen(&names));
            Template::Map(entries(&order, &maps))
        } else if let Some(lists) = all(trees, items)
            && let Some(order) = order::common(&names(&lists))
        {
            Template::Seq(entries(&order, &lists))
        } else {
            return Template::Slot(Slot::of(trees));
        };
        // Maps that differ in nothing but the order of their keys.
        if merged.has_values() { merged } else { Template::Fixed(first) }
    }

    /// Whether any value stands in it.
    pub(super) fn has_values(&self) -> bool {
        match self {
            Template::Fixed(_) => false,
            Template::Slot(_) => true,
            Template::Map(entries) | Template::Seq(entries) => {
                entries.iter().any(|entry| entry.optional || entry.body.has_values())
            }
        }
    }

    /// Whether `enabled` can stand beside its values; otherwise these stand under `value`.
    pub(super) fn has_room_for_enabled(&self) -> bool {
        match self {
            Template::Fixed(_) => true,
            Template::Slot(_) => false,
            Template::Map(entries) | Template::Seq(entries) => {
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
            Template::Seq(entries) => Template::Seq(open(entries)),
            Template::Slot(slot) => Template::Slot(slot),
        }
    }
}

/// A tree with all leaves as values; `{}` is no leaf that could be another.
fn opened(tree: &Tree) -> Template<'_> {
    if let Tree::Leaf(Atom::EmptyMap, _) = tree {
        Template::Fixed(tree)
    } else if let Some(fields) = fields(tree) {
        Template::Map(opened_parts(fields))
    } else if let Some(items) = items(tree) {
        Template::Seq(opened_parts(items))
    } else {
        Template::Slot(Slot::of(&[tree]))
    }
}

fn opened_parts<'t>(parts: Parts<'t>) -> Vec<Entry<'t>> {
    parts.into_iter().map(|(name, part)| Entry { name, body: opened(part), optional: false }).collect()
}

/// The named parts of a map or list.
type Parts<'t> = Vec<(&'t str, &'t Tree)>;

/// What `f` makes of each tree, if it makes something of all.
fn all<'t>(trees: &[&'t Tree], f: fn(&'t Tree) -> Option<Parts<'t>>) -> Option<Vec<Parts<'t>>> {
    trees.iter().map(|tree| f(tree)).collect()
}

/// The keys and values of a map.
pub(super) fn fields(tree: &Tree) -> Option<Parts<'_>> {
    match tree {
        Tree::Map(fields) => Some(fields.iter().map(|(key, value)| (key.as_str(), value)).collect()),
        Tree::Leaf(Atom::EmptyMap, _) => Some(Vec::new()),
        _ => None,
    }
}

/// The names and items of a list, if each item has a name of its own.
pub(super) fn items(tree: &Tree) -> Option<Parts<'_>> {
    let Tree::Seq(items) = tree else { return None };
    let mut known = BTreeSet::new();
    let mut parts = Vec::with_capacity(items.len());
    for (name, item) in items {
        let name = name.as_ref()?.as_str();
        if !known.insert(name) {
            return None;
        }
        parts.push((name, item));
    }
    Some(parts)
}

fn names<'t>(parts: &[Parts<'t>]) -> Vec<Vec<&'t str>> {
    parts.iter().map(|parts| parts.iter().map(|(name, _)| *name).collect()).collect()
}

fn entries<'t>(order: &[&'t str], all: &[Parts<'t>]) -> Vec<Entry<'t>> {
    let by_name: Vec<std::collections::BTreeMap<&str, &'t Tree>> =
        all.iter().map(|parts| parts.iter().copied().collect()).collect();
    let entry = |name: &'t str| {
        let present: Vec<&'t Tree> = by_name.iter().filter_map(|parts| parts.get(name).copied()).collect();
        let (optional, body) = (present.len() < all.len(), Template::of(&present));
        Entry { name, body: if optional { body.open() } else { body }, optional }
    };
    order.iter().map(|name| entry(name)).collect()
}
