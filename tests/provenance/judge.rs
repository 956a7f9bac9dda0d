//! Two outputs side by side: which leaves differ, and whether each that does names what was turned.

use std::collections::{BTreeMap, BTreeSet};

use specc::bundle::{ObjectId, Scope};
use specc::origin::{NodeId, Origin};

use super::snapshot::{Environment, Object};

/// The spec nodes of one environment that a turn touches, as dotted paths.
#[derive(Clone, Debug, Default)]
pub(super) struct Turned {
    /// what was there before
    pub(super) before: Vec<String>,
    /// what is there after
    pub(super) after: Vec<String>,
    /// where something is missing afterwards: the table that has the key no more, the array that lost an item; what
    /// is gone with its last part counts as the table that held it
    pub(super) holder: Vec<String>,
}

impl Turned {
    /// One value that is another one afterwards.
    pub(super) fn at(path: &str) -> Turned {
        Turned { before: vec![path.to_owned()], after: vec![path.to_owned()], holder: Vec::new() }
    }
}

/// What is called otherwise after a turn, so that objects are compared with what they have become.
#[derive(Clone, Debug)]
pub(super) enum Renamed {
    /// the noun in this folder of a service
    Noun { service: String, from: String, to: String },
    /// a service
    Service { from: String, to: String },
    /// no object
    Nothing,
}

impl Renamed {
    /// What an object is for afterwards.
    fn object(&self, id: &ObjectId) -> ObjectId {
        let mut id = id.clone();
        match (self, &mut id.scope) {
            (Renamed::Noun { service: own, from, to }, Scope::Service { service, noun })
                if *service == own.as_str() && *noun == from.as_str() =>
            {
                *noun = to.clone().into();
            }
            (Renamed::Service { from, to }, Scope::Service { service, .. }) if *service == from.as_str() => {
                *service = to.clone().into();
            }
            _ => {}
        }
        id
    }

    /// Where a node is afterwards; `roots` are keys that became others.
    pub(super) fn path(&self, path: &str, roots: &[(String, String)]) -> String {
        for (from, to) in roots {
            if let Some(rest) =
                path.strip_prefix(from).filter(|rest| rest.is_empty() || rest.starts_with('.'))
            {
                return format!("{to}{rest}");
            }
        }
        match (self, path.split_once('.')) {
            (Renamed::Service { from, to }, Some((root, rest))) if root == from => format!("{to}.{rest}"),
            _ => path.to_owned(),
        }
    }
}

/// A leaf that changed and does not say why.
pub(super) struct Gap {
    environment: String,
    object: ObjectId,
    path: String,
    how: &'static str,
}

impl Gap {
    /// Whether it is a whole object that was not there before.
    pub(super) fn is_new_object(&self) -> bool {
        self.how == "appeared" && self.path.is_empty()
    }
}

/// What a comparison found.
#[derive(Default)]
pub(super) struct Verdict {
    pub(super) changed: usize,
    pub(super) gaps: Vec<Gap>,
}

/// One side of a comparison: an output and the nodes that its leaves must name.
struct Side<'a> {
    environment: &'a Environment,
    turned: Vec<NodeId>,
    /// nodes that may be named instead by what is there on this side alone
    holders: Vec<NodeId>,
}

impl Side<'_> {
    fn names_one_of(&self, nodes: &[NodeId], origins: impl IntoIterator<Item = Origin>) -> bool {
        origins
            .into_iter()
            .any(|origin| nodes.iter().any(|node| origin.names(*node, &self.environment.trace)))
    }

    fn names(&self, origins: impl IntoIterator<Item = Origin>) -> bool {
        self.names_one_of(&self.turned, origins)
    }

    /// Whether what is on this side alone says why.
    fn names_or_holds(&self, origins: impl Iterator<Item = Origin> + Clone) -> bool {
        self.names(origins.clone()) || self.names_one_of(&self.holders, origins)
    }

    /// Whether the lack of an object on this side has a reason that names what was turned.
    fn explains_lack_of(&self, object: &ObjectId) -> bool {
        self.names_or_holds(self.environment.absent.get(object).copied().into_iter())
    }

    /// Whether the lack of a leaf on this side has a reason that names what was turned.
    fn explains_omission(&self, object: &Object, path: &str) -> bool {
        let holds = |omitted: &str| {
            path.strip_prefix(omitted).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let omitted = object.omissions.iter().filter(|omission| holds(&omission.path));
        self.names_or_holds(omitted.map(|omission| omission.origin))
    }
}

/// Compares the outputs of one environment before and after a turn.
pub(super) fn compare(
    before: &Environment,
    after: &Environment,
    turned: &Turned,
    renamed: Option<&Renamed>,
) -> Verdict {
    let old = Side { environment: before, turned: before.at(&turned.before), holders: Vec::new() };
    let new = Side {
        environment: after,
        turned: after.at(&turned.after),
        holders: turned.holder.iter().filter_map(|path| after.at_or_above(path)).collect(),
    };
    let mut verdict = Verdict::default();
    let becomes = |id: &ObjectId| renamed.map_or_else(|| id.clone(), |renamed| renamed.object(id));
    let was: BTreeMap<ObjectId, &ObjectId> = before.objects.keys().map(|id| (becomes(id), id)).collect();
    let ids: BTreeSet<&ObjectId> = was.keys().chain(after.objects.keys()).collect();
    for id in ids {
        let mut gap = |path: &str, how: &'static str| {
            let (environment, path) = (before.name.clone(), path.to_owned());
            verdict.gaps.push(Gap { environment, object: id.clone(), path, how });
        };
        match (was.get(id).map(|id| &before.objects[id]), after.objects.get(id)) {
            (Some(was), Some(is)) => verdict.changed += compare_rows(&old, was, &new, is, &mut gap),
            (Some(was), None) => {
                verdict.changed += was.rows.len();
                if !(old.names([was.because]) || old.turned.is_empty() && new.explains_lack_of(id)) {
                    gap("", "vanished");
                }
            }
            (None, Some(is)) => {
                verdict.changed += is.rows.len();
                if !new.names_or_holds([is.because].into_iter()) && !old.explains_lack_of(id) {
                    gap("", "appeared");
                }
            }
            (None, None) => {}
        }
    }
    verdict
}

/// Compares the leaves of an object that is on both sides; the number of those that differ.
fn compare_rows(
    old: &Side<'_>,
    was: &Object,
    new: &Side<'_>,
    is: &Object,
    gap: &mut dyn FnMut(&str, &'static str),
) -> usize {
    let mut changed = 0;
    let paths: BTreeSet<&String> = was.rows.keys().chain(is.rows.keys()).collect();
    for path in paths {
        match (was.rows.get(path), is.rows.get(path)) {
            (Some(was), Some(is)) if was.value == is.value => continue,
            (Some(was), Some(is)) => {
                // a name that hashes what is new says so by what holds it
                let nothing = old.turned.is_empty() && new.turned.is_empty();
                let origins: Vec<Origin> = is.origins().collect();
                if nothing && !new.names_or_holds(origins.into_iter()) {
                    gap(path, "changed, and was not to");
                }
                if !old.turned.is_empty() && !old.names(was.origins()) {
                    gap(path, "changed (before)");
                }
                // where some of it is gone, what holds instead may come from elsewhere
                let all_there = new.turned.len() >= old.turned.len();
                if all_there && !new.turned.is_empty() && !new.names(is.origins()) {
                    gap(path, "changed (after)");
                }
            }
            (Some(row), None) => {
                let omitted = old.turned.is_empty() && new.explains_omission(is, path);
                if !omitted && !old.names(row.origins()) {
                    gap(path, "vanished");
                }
            }
            (None, Some(row)) => {
                let origins: Vec<Origin> = row.origins().collect();
                if !new.names_or_holds(origins.into_iter()) && !old.explains_omission(was, path) {
                    gap(path, "appeared");
                }
            }
            (None, None) => {}
        }
        changed += 1;
    }
    changed
}

/// The gaps for people: by turn and field, with the objects and environments that have them.
pub(super) fn report(gaps: &[(String, Gap)]) -> String {
    let mut groups: BTreeMap<(&str, String), BTreeSet<String>> = BTreeMap::new();
    for (what, gap) in gaps {
        let field = format!("{} {} {}", gap.object.kind, gap.how, gap.path);
        groups.entry((what.as_str(), field)).or_default().insert(format!(
            "{}/{}",
            gap.environment,
            gap.object.path()
        ));
    }
    let mut text = format!("{} leaves changed without naming what was turned:\n", gaps.len());
    let mut last = "";
    for ((what, field), objects) in &groups {
        if *what != last {
            text += &format!("{what}\n");
            last = what;
        }
        let first = objects.first().map_or("", String::as_str);
        text += &format!("    {field}  ({} objects, such as {first})\n", objects.len());
    }
    text
}
