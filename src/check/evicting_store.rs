//! A cache that drops what must not be lost.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::spec::cache::{CacheRole, Eviction};
use crate::spec::decode::Choice;
use crate::system::{Cache, Service};

pub(super) const CHECK: Check = check!("evicting-store", Deny, One(run));

/// What the loss of an entry means.
fn loss(role: CacheRole) -> &'static str {
    match role {
        CacheRole::Cache => "an entry is read anew from where it is kept",
        CacheRole::Session => "a user whose session goes must log in again, in the middle of what they did",
        CacheRole::Queue => "work that goes is never done, and nobody is told",
        CacheRole::Lock => "a lock that goes has two holders",
    }
}

fn evicts<'c>(cx: &'c Context<'c>, service: &Service, cache: &Cache) -> Finding<'c> {
    let (path, role) = (noun(service, "caches", cache.name.get()), *cache.role.get());
    let policy = cache.eviction.get().word();
    let title = format!("`{path}` is a {} store and drops entries when memory is full", role.word());
    cx.find(&CHECK, title)
        .at(cache.eviction.origin(), format!("`{policy}` makes room by dropping entries"))
        .also(cache.role.origin(), format!("what may not be lost: role `{}`", role.word()))
        .note(loss(role))
        .help(
            "leave `eviction` out: a store of this role refuses writes when it is full, and the writer knows",
        )
        .help("or put what is a copy of something into a cache of its own, with role `cache`")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for cache in &service.caches {
            if !cache.is_disposable() && *cache.eviction.get() != Eviction::Refuse {
                found.push(evicts(cx, service, cache));
            }
        }
    }
}
