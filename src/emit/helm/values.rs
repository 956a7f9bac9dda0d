//! The values of one environment.
//!
//! Helm merges the chart's `values.yaml` under the values that it is given, key by key, and has no way to take a key away
//! but `null`. So every environment says of every optional part whether it is there; what the defaults bring along for a
//! part that is not there is never read.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::iter::Peekable;

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
    let mut parts =
        InOrder { rest: parts.unwrap_or_default().into_iter().peekable(), passed: BTreeMap::new() };
    let mut group = Vec::new();
    for entry in entries {
        let part = parts.take(&entry.name);
        let value = if entry.optional {
            Some(switch(&entry.body, part))
        } else {
            part.and_then(|part| values(&entry.body, part))
        };
        group.extend(value.map(|value| (Text::from(entry.name.clone().into_owned()), value)));
    }
    (!group.is_empty()).then_some(Tree::Map(group))
}

/// The parts of a map or list, asked for in about the order in which they stand.
struct InOrder<'t> {
    rest: Peekable<std::vec::IntoIter<(Cow<'t, str>, &'t Tree)>>,
    /// those that stand before one that was asked for
    passed: BTreeMap<Cow<'t, str>, &'t Tree>,
}

impl<'t> InOrder<'t> {
    fn take(&mut self, name: &str) -> Option<&'t Tree> {
        if let Some((_, tree)) = self.rest.next_if(|(next, _)| next == name) {
            return Some(tree);
        }
        self.passed.extend(self.rest.by_ref());
        self.passed.remove(name)
    }
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
