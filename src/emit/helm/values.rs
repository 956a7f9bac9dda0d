//! The values of one environment.
//!
//! Helm merges the chart's `values.yaml` under the values that it is given, key by key, and has no way to take a key away
//! but `null`. So every environment says of every optional part whether it is there; what the defaults bring along for a
//! part that is not there is never read.

use std::collections::BTreeMap;

use super::template::{Template, fields, items};
use super::{ENABLED, VALUE, because};
use crate::text::Text;
use crate::walk::{Atom, Tree};

/// The values that turn `template` into `tree`; `None` if it has no slot there.
pub(super) fn values(template: &Template<'_>, tree: &Tree) -> Option<Tree> {
    let (entries, parts) = match template {
        Template::Fixed(_) => return None,
        Template::Slot(slot) => return Some(slot.value(tree)),
        Template::Map(entries) => (entries, fields(tree)),
        Template::Seq(entries, by) => (entries, items(tree, *by)),
    };
    let parts: BTreeMap<_, &Tree> = parts.into_iter().flatten().collect();
    let mut group = Vec::new();
    for entry in entries {
        let part = parts.get(&entry.name).copied();
        let value = if entry.optional {
            Some(switch(&entry.body, part))
        } else {
            part.and_then(|part| values(&entry.body, part))
        };
        group.extend(value.map(|value| (Text::from(entry.name.clone().into_owned()), value)));
    }
    (!group.is_empty()).then_some(Tree::Map(group))
}

/// The values of a part that an environment may lack.
pub(super) fn switch(body: &Template<'_>, part: Option<&Tree>) -> Tree {
    let mut group = vec![(ENABLED.into(), Tree::Leaf(Atom::Bool(part.is_some()), because()))];
    match part.and_then(|part| values(body, part)) {
        Some(Tree::Map(inner)) if body.has_room_for_enabled() => group.extend(inner),
        Some(inner) => group.push((VALUE.into(), inner)),
        None => {}
    }
    Tree::Map(group)
}
