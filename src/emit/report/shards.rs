//! What a reviewer of a database in shards asks: what a program opens to all of them, and what it takes to bring them back.

use serde::Serialize;

use crate::emit::recovery;
use crate::system::{Database, Service, Sharded, System};

/// A database in shards.
#[derive(Serialize)]
pub(super) struct Shards {
    /// `billing.databases.main`
    path: String,
    count: u32,
    /// the clusters
    clusters: String,
    key: String,
    /// connections that all workloads may open to all shards at their most, with the terms
    connections: String,
    /// when one is lost, or all are restored at a time
    together: String,
    /// when they are restored one after the other
    in_turn: String,
    users: Vec<User>,
}

/// A workload that uses all shards, or some.
#[derive(Serialize)]
struct User {
    object: String,
    terms: String,
}

/// The tables of all services.
pub(super) fn all(system: &System) -> Vec<Shards> {
    let of = |service: &Service, sharded: &Sharded| {
        let shards: Vec<&Database> =
            service.databases.iter().filter(|shard| shard.name.get() == sharded.name.get()).collect();
        let first = shards.first()?;
        let peaks: Vec<u32> = shards.iter().map(|shard| peak(shard)).collect();
        let sum = peaks.iter().fold(0u32, |sum, peak| sum.saturating_add(*peak));
        let terms: Vec<String> = peaks.iter().map(u32::to_string).collect();
        let copies = shards.iter().map(|shard| recovery::copy_seconds(shard));
        let (detect, is_kept) = (first.detect.get().seconds_ceil(), first.backup.is_some());
        let back = |copy: u64| {
            if is_kept { recovery::minutes(detect.saturating_add(copy)) } else { "never".to_owned() }
        };
        let names: Vec<&str> = shards.iter().map(|shard| shard.object.get().as_str()).collect();
        Some(Shards {
            path: format!("{}.databases.{}", service.stem, sharded.name.get()),
            count: *sharded.count.get(),
            clusters: names.join(", "),
            key: sharded.key.as_ref().map_or_else(|| "not said".to_owned(), |key| key.get().to_string()),
            connections: format!("{} = {sum}", terms.join(" + ")),
            together: back(copies.clone().max().unwrap_or(0)),
            in_turn: back(copies.fold(0, u64::saturating_add)),
            users: users(service, &shards),
        })
    };
    system.services.iter().flat_map(|s| s.sharded.iter().filter_map(move |sharded| of(s, sharded))).collect()
}

/// What all workloads may open to a shard at their most, and KEDA.
fn peak(shard: &Database) -> u32 {
    let opened = shard.shares.iter().fold(0u32, |sum, share| sum.saturating_add(*share.connections.get()));
    opened.saturating_add(shard.scaler_connections())
}

/// What a pod of each workload opens: a pool on each shard that it uses.
fn users(service: &Service, shards: &[&Database]) -> Vec<User> {
    let of = |workload: &crate::system::Workload| {
        let uses = |shard: &&&Database| shard.callers.iter().any(|c| c.object.get() == workload.object.get());
        let used: Vec<&&Database> = shards.iter().filter(uses).collect();
        let (count, each) = (u32::try_from(used.len()).ok()?, *used.first()?.per_process.get());
        let workers = *workload.workers.get();
        let sum = count.saturating_mul(each).saturating_mul(workers);
        Some(User {
            object: workload.object.get().to_string(),
            terms: format!("{count} shards x {workers} processes x {each} = {sum}"),
        })
    };
    service.workloads.iter().filter_map(of).collect()
}
