//! A cache whose entries, clients or file need more than it has.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::system::cache::CLIENT_BUFFERS;
use crate::system::{Cache, CacheServer, Service};
use crate::value::{Bytes, Value};

pub(super) const CHECK: Check = check!("cache-does-not-fit", Deny, One(run));

/// Half or three quarters, as the rule says.
fn share(server: &CacheServer) -> (&'static str, u64, u64) {
    if server.storage.is_some() { ("half", 1, 2) } else { ("three quarters", 3, 4) }
}

fn mebibytes(bytes: u64) -> String {
    format!("{}Mi", bytes.div_ceil(1 << 20))
}

/// Entries and buffers against the pod's memory.
fn entries<'c>(
    cx: &'c Context<'c>,
    service: &Service,
    cache: &Cache,
    server: &CacheServer,
) -> Option<Finding<'c>> {
    let (most, limit) = (server.max_memory.get(), server.share.get());
    if most <= limit {
        return None;
    }
    let path = noun(service, "caches", cache.name.get());
    let (words, part, of) = share(server);
    let needed = mebibytes(most.bytes().div_ceil(part).saturating_mul(of));
    let title = format!(
        "`{path}` may fill {} of its {}, and only {} are safe",
        most.text(),
        server.memory.get().text(),
        limit.text()
    );
    let why = match &server.storage {
        Some(_) => "while the file is rewritten, pages that change are in memory twice",
        None => {
            "memory is fragmented, so the process takes more than its entries: past the limit it is killed"
        }
    };
    let finding = cx
        .find(&CHECK, title)
        .at(server.max_memory.origin(), format!("{words} of `memory` is {}", limit.text()))
        .also(server.memory.origin(), "request and limit of the pod")
        .note(why);
    let finding = match &server.storage {
        Some(storage) => finding.also(storage.origin(), "keeps entries in a file"),
        None => finding,
    };
    Some(
        finding
            .help(format!("write `memory = \"{needed}\"`"))
            .help(format!("or leave `max_memory` out: it is then {}", limit.text())),
    )
}

/// Buffers of clients against their part of the memory.
fn clients<'c>(
    cx: &'c Context<'c>,
    service: &Service,
    cache: &Cache,
    server: &CacheServer,
) -> Option<Finding<'c>> {
    let (count, room) = (*server.max_clients.get(), server.client_memory.get());
    let needed = u64::from(count) * CLIENT_BUFFERS;
    // ten clients are always let in, however small the cache is
    if count <= 10 || needed <= room.bytes() {
        return None;
    }
    let path = noun(service, "caches", cache.name.get());
    let fits = (room.bytes() / CLIENT_BUFFERS).max(10);
    let title = format!(
        "{count} clients of `{path}` need {} for buffers, and there are {}",
        mebibytes(needed),
        room.text()
    );
    Some(
        cx.find(&CHECK, title)
            .at(server.max_clients.origin(), format!("40Ki each: {}", mebibytes(needed)))
            .also(server.memory.origin(), format!("a tenth of what entries may take is {}", room.text()))
            .note("when buffers take more than their part, the engine disconnects clients, the largest first")
            .help(format!("write `max_clients = {fits}`, or leave it out"))
            .help(format!(
                "or give it `max_memory = \"{}\"`, and the `memory` for it",
                mebibytes(needed * 10)
            )),
    )
}

/// The append-only file, which is there twice while it is rewritten.
fn file<'c>(
    cx: &'c Context<'c>,
    service: &Service,
    cache: &Cache,
    server: &CacheServer,
) -> Option<Finding<'c>> {
    let storage = server.storage.as_ref()?;
    let needed = Bytes::from_bytes(server.max_memory.get().bytes().saturating_mul(2));
    if *storage.get() >= needed {
        return None;
    }
    let path = noun(service, "caches", cache.name.get());
    let title = format!(
        "the file of `{path}` may need {}, and its volume has {}",
        needed.text(),
        storage.get().text()
    );
    Some(
        cx.find(&CHECK, title)
            .at(storage.origin(), "the volume of the append-only file")
            .also(server.max_memory.origin(), format!("entries of up to {}", server.max_memory.get().text()))
            .also_key(Origin::spec(cache.at), "keeps its entries")
            .note("while the file is rewritten, the old and the new one are there; when the volume is full, the engine refuses every write")
            .help(format!("write `storage = \"{}\"`", mebibytes(needed.bytes()))),
    )
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for cache in &service.caches {
            let Some(server) = &cache.server else { continue };
            let of = [
                entries(cx, service, cache, server),
                clients(cx, service, cache, server),
                file(cx, service, cache, server),
            ];
            of.into_iter().flatten().for_each(|finding| found.push(finding));
        }
    }
}
