//! Two things whose objects would have the same name.

use std::collections::{BTreeMap, BTreeSet};

use super::context::Finding;
use super::derived::{self, Derived};
use super::{Check, Context, Found};
use crate::text::Text;

pub(super) const CHECK: Check = check!("derived-name-collision", Error, One(run));

/// The policy that denies all traffic in a namespace of ours.
const DEFAULT_DENY: &str = "default-deny";

fn collision<'c>(cx: &'c Context<'c>, first: &Derived<'_>, second: &Derived<'_>) -> Finding<'c> {
    let namespace = second.service.namespace.get();
    let title = format!(
        "`{}` and `{}` would both be called `{}` in namespace `{namespace}`",
        first.of(),
        second.of(),
        second.name
    );
    cx.find(&CHECK, title)
        .at_key(second.at, format!("becomes `{}`", second.name))
        .at(second.service.name.origin(), format!("becomes `{}`", second.name))
        .also_key(first.at, format!("becomes `{}` as well", first.name))
        .note("the object that is applied last would replace the other, and one Service would lead to both")
        .help("rename one of them")
}

fn reserved<'c>(cx: &'c Context<'c>, derived: &Derived<'_>) -> Finding<'c> {
    let title = format!("the objects of `{}` would be called `{DEFAULT_DENY}`", derived.of());
    cx.find(&CHECK, title)
        .at_key(derived.at, format!("becomes `{DEFAULT_DENY}`"))
        .at(derived.service.name.origin(), format!("becomes `{DEFAULT_DENY}`"))
        .note("the network policy that denies all traffic in the namespace has that name")
        .help("rename the workload or its service")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    let names = derived::names(cx);
    let mut told = BTreeSet::new();
    let mut known: BTreeMap<(&Text, bool, &Text), &Derived<'_>> = BTreeMap::new();
    for derived in &names {
        if derived.name == DEFAULT_DENY
            && !derived.is_of_route
            && *cx.system.environment.platform.manage_namespaces.get()
        {
            found.push(reserved(cx, derived));
        }
        let key = (derived.service.namespace.get(), derived.is_of_route, &derived.name);
        match known.get(&key) {
            // all names of the two clash then: the first says it for all
            Some(first) if told.insert((first.of(), derived.of())) => {
                found.push(collision(cx, first, derived));
            }
            Some(_) => {}
            None => {
                known.insert(key, derived);
            }
        }
    }
}
