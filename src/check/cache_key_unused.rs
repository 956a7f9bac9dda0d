//! A key of a cache that nothing reads.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::spec::cache::Cache as Table;
use crate::system::cache::PASSWORD;
use crate::system::{Cache, Service};

pub(super) const CHECK: Check = check!("cache-key-unused", Error, One(run));

/// The keys that are about a server of our own.
fn of_server(table: &Table) -> Vec<(&'static str, Origin)> {
    let keys = [
        ("image", table.image.as_ref().map(Traced::origin)),
        ("memory", table.memory.as_ref().map(Traced::origin)),
        ("max_memory", table.max_memory.as_ref().map(Traced::origin)),
        ("max_clients", table.max_clients.as_ref().map(Traced::origin)),
        ("storage", table.storage.as_ref().map(Traced::origin)),
        ("storage_class", table.storage_class.as_ref().map(Traced::origin)),
        ("cpu", table.cpu.as_ref().map(Traced::origin)),
    ];
    keys.into_iter().filter_map(|(key, at)| Some((key, at?))).collect()
}

fn of_others<'c>(
    cx: &'c Context<'c>,
    service: &Service,
    cache: &Cache,
    (key, at): (&str, Origin),
) -> Finding<'c> {
    let (path, name) = (noun(service, "caches", cache.name.get()), cache.name.get());
    let url = cache.url.as_ref().map_or_else(|| Origin::spec(cache.at), Traced::origin);
    let is_layered = cx.apart(at, url);
    cx.find(&CHECK, format!("`{key}` means nothing for `{path}`, which somebody else runs"))
        .at_key(at, "is about a server of specc's own")
        .also_key(url, "says where a server is that somebody else runs")
        .maybe_help((!is_layered).then(|| format!("delete `{key}`, or `url`")))
        .maybe_help(is_layered.then(|| cx.remove(service, &format!("caches.{name}.{key}"))))
}

fn of_own<'c>(
    cx: &'c Context<'c>,
    service: &Service,
    cache: &Cache,
    (key, at, label, help): (&str, Origin, &str, &str),
) -> Finding<'c> {
    let path = noun(service, "caches", cache.name.get());
    cx.find(&CHECK, format!("`{key}` means nothing for `{path}`, a server of specc's own"))
        .at_key(at, label)
        .help(help)
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for cache in &service.caches {
            let Some(table) = service.file.caches.get(cache.name.get()).map(|entry| &entry.value) else {
                continue;
            };
            if cache.url.is_some() {
                for key in of_server(table) {
                    found.push(of_others(cx, service, cache, key));
                }
                continue;
            }
            let mut own =
                |key, at, label, help| found.push(of_own(cx, service, cache, (key, at, label, help)));
            if let Some(at) = table.cidrs.at {
                let help = "delete it, or write `url` with where the server is";
                own("cidrs", Origin::spec(at), "the policy names the pod itself", help);
            }
            if let (Some(class), None) = (&table.storage_class, &table.storage) {
                let help = "write `storage` with the size of the volume, or delete it";
                own("storage_class", class.origin(), "there is no volume", help);
            }
            for key in table.secrets.iter().filter(|key| key.get().as_str() != PASSWORD) {
                let help = "write `secrets = [\"password\"]`";
                own(
                    key.get().as_str(),
                    key.origin(),
                    "a server asks for a `password` and nothing else",
                    help,
                );
            }
        }
    }
}
