//! A service of others that prod and another environment call at the same address.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::spec::environment::Tier;
use crate::system::{External, Service, Way};

pub(super) const CHECK: Check = check!("same-external-in-prod", Warn, All(run));

fn same<'c>(
    cx: &'c Context<'c>,
    prod: &Context<'_>,
    service: &Service,
    external: &External,
    theirs: &External,
) -> Finding<'c> {
    let (path, own) = (noun(service, "externals", external.name.get()), cx.environment());
    let is_one = cx.key_place(external.url.origin()) == prod.key_place(theirs.url.origin());
    let by = if is_one {
        format!("called by both, `{own}` and `{}`", prod.environment())
    } else {
        format!("called by `{own}`")
    };
    cx.find(&CHECK, format!("`{path}` is at the same address in `{own}` and in `{}`", prod.environment()))
        .at_key(external.url.origin(), by)
        .also_key_in(prod, theirs.url.origin(), format!("called by `{}`", prod.environment()))
        .note("what is tried out there happens to real customers, unless the provider tells the two apart by their keys")
        .help(format!(
            "write the address of a sandbox or of a stub below `[externals.{}]` in `{}`",
            external.name.get(),
            cx.overlay_file(service)
        ))
        .help("where the keys decide, allow this check in `[checks]` with that as the reason")
}

fn run(contexts: &[Context<'_>], found: &mut Found) {
    for prod in contexts.iter().filter(|cx| cx.is_tier(Tier::Prod)) {
        for cx in contexts.iter().filter(|cx| cx.is_tier(Tier::Dev)) {
            for service in &cx.system.services {
                let theirs = prod.system.services.iter().find(|other| other.stem == service.stem);
                let theirs = theirs.map(|other| other.externals.as_slice()).unwrap_or_default();
                for external in service.externals.iter().filter(|e| !matches!(e.way.get(), Way::Cluster(_))) {
                    let is_same = |other: &&External| {
                        other.name.get() == external.name.get() && other.url.get() == external.url.get()
                    };
                    if let Some(theirs) = theirs.iter().find(is_same) {
                        found.push(same(cx, prod, service, external, theirs));
                    }
                }
            }
        }
    }
}
