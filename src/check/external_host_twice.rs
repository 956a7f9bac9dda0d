//! Two entries of one host in one namespace, of which a mesh takes the older.

use std::collections::BTreeMap;

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::system::{External, Service, Way};

pub(super) const CHECK: Check = check!("external-host-twice", Error, One(run));

fn twice<'c>(
    cx: &'c Context<'c>,
    (service, external): (&Service, &External),
    (other, first): (&Service, &External),
) -> Finding<'c> {
    let (one, two) =
        (noun(other, "externals", first.name.get()), noun(service, "externals", external.name.get()));
    let host = external.url.get().host();
    cx.find(&CHECK, format!("`{one}` and `{two}` both declare `{host}` in namespace `{}`", service.namespace.get()))
        .at(external.url.origin(), "declared again")
        .also(first.url.origin(), "declared here")
        .also(cx.system.environment.platform.egress.origin(), "through Istio's waypoint")
        .note("Istio takes the older entry of a host and ignores the other, with its port and with those who may call it")
        .help("let one service call the host, and the others call that service")
        .help("or give one of the services a `namespace` of its own")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    let mut known: BTreeMap<_, (&Service, &External)> = BTreeMap::new();
    for service in &cx.system.services {
        for external in service.externals.iter().filter(|external| *external.way.get() == Way::Waypoint) {
            let key = (service.namespace.get(), external.url.get().host());
            match known.get(&key) {
                Some(first) => found.push(twice(cx, (service, external), *first)),
                None => drop(known.insert(key, (service, external))),
            }
        }
    }
}
