//! What must not be lost, in the memory of one pod.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::cache::CacheRole;
use crate::spec::decode::Choice;
use crate::spec::environment::Tier;
use crate::system::{Cache, Service};

pub(super) const CHECK: Check = check!("volatile-store-in-prod", Deny, One(run));

fn volatile<'c>(cx: &'c Context<'c>, service: &Service, cache: &Cache) -> Finding<'c> {
    let (path, name) = (noun(service, "caches", cache.name.get()), cache.name.get());
    let what = match cache.role.get() {
        CacheRole::Cache => "entries",
        CacheRole::Session => "sessions",
        CacheRole::Queue => "work that waits",
        CacheRole::Lock => "locks",
    };
    cx.find(&CHECK, format!("`{path}` keeps {what} in the memory of one pod in `{}`", cx.environment()))
        .at(cache.role.origin(), format!("role `{}`", cache.role.get().word()))
        .at_key(Origin::spec(cache.at), "one pod, in memory only")
        .also(cx.system.environment.tier.origin(), "tier `prod`")
        .note("each drained node, each update and each crash begins with an empty store")
        .help(format!(
            "write `url = \"rediss://<host>\"` below `[caches.{name}]`, for a managed server with replicas"
        ))
        .help(
            "or `storage` with the size of a volume: entries then outlive the pod, but not while it restarts",
        )
}

fn run(cx: &Context<'_>, found: &mut Found) {
    if !cx.is_tier(Tier::Prod) {
        return;
    }
    for service in &cx.system.services {
        for cache in &service.caches {
            let forgets = cache.server.as_ref().is_some_and(|server| server.storage.is_none());
            if forgets && !cache.is_disposable() {
                found.push(volatile(cx, service, cache));
            }
        }
    }
}
