//! Secrets in an environment that names no store for them.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::system::{SecretSource, Service};

pub(super) const CHECK: Check = check!("secret-store-missing", Error, One(run));

fn no_store<'c>(cx: &'c Context<'c>, service: &Service, nouns: &str, source: &SecretSource) -> Finding<'c> {
    let path = noun(service, nouns, source.name.get());
    let keys = source.keys.at.map_or(Origin::spec(source.at), Origin::spec);
    let part = if nouns == "secrets" { "" } else { ".secrets" };
    cx.find(&CHECK, format!("`{path}` has secrets, and `{}` names no secret store", cx.environment()))
        .at_key(keys, "where do they come from?")
        .also_key(cx.system.environment.platform.origin, "no `secret_store` here")
        .note("nobody would make the Secret, and pods that mount it never start")
        .help(format!(
            "write `secret_store = \"<ClusterSecretStore>\"` below `[platform]` in `{}`; the values belong under `{}`",
            cx.environment_file(),
            source.remote.get()
        ))
        .help(format!(
            "or, if they are not needed here, {}",
            cx.remove(service, &format!("{nouns}.{}{part}", source.name.get()))
        ))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    if cx.system.environment.platform.secret_store.is_some() {
        return;
    }
    for service in &cx.system.services {
        for secret in service.secrets.iter().filter(|secret| secret.made.is_none()) {
            found.push(no_store(cx, service, "secrets", secret));
        }
        for managed in &service.managed {
            found.push(no_store(cx, service, "databases", &managed.credentials));
        }
        for external in service.externals.iter().filter(|e| !e.credentials.keys.is_empty()) {
            found.push(no_store(cx, service, "externals", &external.credentials));
        }
        for queue in service.queues.iter().filter(|queue| !queue.credentials.keys.is_empty()) {
            found.push(no_store(cx, service, "queues", &queue.credentials));
        }
        for cache in service.caches.iter().filter(|cache| !cache.credentials.keys.is_empty()) {
            found.push(no_store(cx, service, "caches", &cache.credentials));
        }
    }
}
