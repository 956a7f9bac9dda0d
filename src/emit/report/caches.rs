//! Caches in the report: what their memory is for, what becomes of their entries, and who guards them.

use super::Store;
use crate::spec::decode::Choice;
use crate::system::{Cache, CacheServer};
use crate::value::Value as _;

/// The row of a cache.
pub(super) fn store(cache: &Cache) -> Store {
    let guard = match (cache.has_password(), &cache.url) {
        (true, _) => "asks for a password",
        (false, None) => "no password: the network policy guards it",
        (false, Some(_)) => "no password of ours",
    };
    let server = cache.server.as_ref();
    let role = cache.role.get().word();
    Store {
        object: cache.object.get().to_string(),
        what: match server {
            Some(server) => format!(
                "{} as {role}, {}, {}, {guard}",
                cache.engine_word(),
                cache.eviction.get().word(),
                kept(server)
            ),
            None => format!(
                "{} as {role}, run by others, who must set {}, {guard}",
                cache.engine_word(),
                cache.eviction.get().word()
            ),
        },
        size: server.map_or_else(|| "-".to_owned(), size),
        image: server.map_or_else(|| "-".to_owned(), |server| server.image.text().get().to_string()),
    }
}

/// Where an edge to a cache leads.
pub(super) fn reached(cache: &Cache) -> String {
    let name = if cache.server.is_some() { cache.object.get() } else { cache.host.get() };
    format!("{name} {}/TCP", cache.port.get())
}

fn kept(server: &CacheServer) -> String {
    match &server.storage {
        Some(storage) => format!("kept on {}", storage.get().text()),
        None => "in memory only".to_owned(),
    }
}

fn size(server: &CacheServer) -> String {
    format!(
        "{} of {}, {} clients",
        server.max_memory.get().text(),
        server.memory.get().text(),
        server.max_clients.get()
    )
}
