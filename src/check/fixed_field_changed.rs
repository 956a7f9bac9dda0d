//! A field that the cluster never lets change, or that acts at creation alone.

use super::context::Finding;
use super::history::{Stateful, What, pairs};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::spec::decode::Choice as _;
use crate::text::Text;
use crate::value::Value as _;

pub(super) const CHECK: Check = check!("fixed-field-changed", Error, Past(run));

/// A field with what it is and was.
struct Changed {
    key: &'static str,
    new: (String, Origin),
    old: (String, Origin),
}

fn changed<'c>(
    (now, past): (&'c Context<'c>, &Context<'_>),
    thing: &Stateful<'_>,
    field: &Changed,
) -> Finding<'c> {
    let Changed { key, new, old } = field;
    let finding = now
        .find(&CHECK, format!("`{}.{key}` is {}, and was {}", thing.path, new.0, old.0))
        .at(new.1, "changed")
        .at_key(thing.origin(), format!("its `{key}` is {} now", new.0))
        .also_value_in(past, old.1, format!("{} then", old.0));
    match &thing.what {
        What::Database(_) => finding
            .note("the operator looks at it when it makes the cluster, and never again: names would point at nothing")
            .help("give back what it was"),
        What::Disk(workload, _) if thing.is_templated() => finding
            .note("the API refuses to change the templates of a StatefulSet's volumes, even to more")
            .help("give back what it was")
            .help(format!(
                "or run `kubectl delete statefulset {} -n {} --cascade=orphan` first, and change each claim by hand; \
                 then allow this check for that one change",
                workload.object.get(),
                thing.service.namespace.get()
            )),
        What::Disk(..) => finding
            .note("the API refuses to change a claim that is bound, but for more `size`")
            .help("give back what it was, or make a new volume with another name"),
    }
}

fn differ(
    key: &'static str,
    new: Option<(String, Origin)>,
    old: Option<(String, Origin)>,
    at: (Origin, Origin),
) -> Option<Changed> {
    let unset = |at| ("unset".to_owned(), at);
    let (new, old) = (new.unwrap_or_else(|| unset(at.0)), old.unwrap_or_else(|| unset(at.1)));
    (new.0 != old.0).then_some(Changed { key, new, old })
}

fn text(value: &Traced<Text>) -> (String, Origin) {
    (format!("`{}`", value.get()), value.origin())
}

fn fields(thing: &Stateful<'_>, earlier: &Stateful<'_>) -> Vec<Changed> {
    let at = (thing.origin(), earlier.origin());
    match (&thing.what, &earlier.what) {
        (What::Database(new), What::Database(old)) => {
            let names = differ("name", Some(text(&new.database)), Some(text(&old.database)), at);
            names.into_iter().collect()
        }
        (What::Disk(_, new), What::Disk(_, old)) => {
            let class = |volume: &crate::system::Volume| {
                volume
                    .table
                    .storage_class
                    .as_ref()
                    .map(|class| (format!("`{}`", class.get()), class.origin()))
            };
            let access = |volume: &crate::system::Volume| {
                volume
                    .table
                    .access
                    .as_ref()
                    .map(|access| (format!("`{}`", access.get().word()), access.origin()))
            };
            let size = |volume: &crate::system::Volume| {
                volume.size.as_ref().map(|size| (size.get().text().into_owned(), size.origin()))
            };
            // a smaller size is a finding of its own
            let grown = thing.is_templated() && {
                let bytes = |volume: &crate::system::Volume| volume.size.map(|size| size.get().bytes());
                bytes(new) > bytes(old)
            };
            let found = [
                differ("storage_class", class(new), class(old), at),
                differ("access", access(new), access(old), at),
                if grown { differ("size", size(new), size(old), at) } else { None },
            ];
            found.into_iter().flatten().collect()
        }
        _ => Vec::new(),
    }
}

fn run(now: &Context<'_>, past: &Context<'_>, found: &mut Found) {
    for (earlier, thing) in pairs(past, now) {
        for field in fields(&thing, &earlier) {
            found.push(changed((now, past), &thing, &field));
        }
    }
}
