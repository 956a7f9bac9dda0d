//! A database, cache, queue, service of others or secret that nothing uses.

use std::collections::{BTreeMap, BTreeSet};

use super::context::Finding;
use super::{Check, Context, Found};
use crate::origin::{NodeId, Origin};
use crate::system::{Service, Target};

pub(super) const CHECK: Check = check!("orphan-item", Warn, All(run));

fn unused<'c>(cx: &'c Context<'c>, service: &Service, item: &Item<'_>, everywhere: bool) -> Finding<'c> {
    let reference = format!("{}.{}", item.noun, item.name);
    let stem = &service.stem;
    let (title, remedy) = if everywhere {
        (format!("no workload of `{stem}` uses `{reference}`"), "delete it".to_owned())
    } else {
        let title = format!("no workload of `{stem}` uses `{reference}` in `{}`", cx.environment());
        (title, cx.remove(service, &reference))
    };
    cx.find(&CHECK, title)
        .at_key(Origin::spec(item.at), "declared, and never used")
        .note(item.cost)
        .help(format!("add `\"{reference}\"` to the `uses` of a workload, or {remedy}"))
}

struct Item<'a> {
    noun: &'static str,
    name: &'a str,
    at: NodeId,
    target: Target,
    cost: &'static str,
}

fn items(service: &Service) -> Vec<Item<'_>> {
    let mut all = Vec::new();
    let mut add = |noun, name, at, target, cost| all.push(Item { noun, name, at, target, cost });
    // shards are used together, or each by somebody of its own
    for (index, database) in service.databases.iter().enumerate() {
        let cost = "it runs, costs memory and storage, and nobody may reach it";
        add("databases", database.stack.get().as_str(), database.at, Target::Database(index), cost);
    }
    for (index, managed) in service.managed.iter().enumerate() {
        let cost = "it opens nothing and gives nothing until a workload uses it";
        add("databases", managed.name.get().as_str(), managed.at, Target::Managed(index), cost);
    }
    for (index, cache) in service.caches.iter().enumerate() {
        let cost = match cache.server {
            Some(_) => "it runs, costs memory, and nobody may reach it",
            None => "it opens nothing and gives nothing until a workload uses it",
        };
        add("caches", cache.name.get().as_str(), cache.at, Target::Cache(index), cost);
    }
    for (index, queue) in service.queues.iter().enumerate() {
        let cost = "it opens nothing and gives nothing until a workload uses it";
        add("queues", queue.name.get().as_str(), queue.at, Target::Queue(index), cost);
    }
    for (index, external) in service.externals.iter().enumerate() {
        let cost = "it opens nothing and gives nothing until a workload uses it";
        add("externals", external.name.get().as_str(), external.at, Target::External(index), cost);
    }
    for (index, secret) in service.secrets.iter().enumerate() {
        let cost = "a credential that nobody needs is fetched into the cluster all the same";
        add("secrets", secret.name.get().as_str(), secret.at, Target::Secret(index), cost);
    }
    all
}

/// The items of one environment that nothing uses.
fn orphans<'a>(cx: &Context<'a>) -> Vec<(&'a Service, Item<'a>)> {
    let mut all = Vec::new();
    for service in &cx.system.services {
        let edges = || service.workloads.iter().flat_map(|workload| &workload.edges);
        // a reference that leads nowhere may be a slip for any of them, and is reported itself
        if edges().any(|edge| edge.target.is_none()) {
            continue;
        }
        let is_used = |item: &Item<'_>| edges().any(|edge| edge.target == Some(item.target));
        all.extend(items(service).into_iter().filter(|item| !is_used(item)).map(|item| (service, item)));
    }
    all
}

fn run(contexts: &[Context<'_>], found: &mut Found) {
    let place = |cx: &Context<'_>, item: &Item<'_>| cx.key_place(Origin::spec(item.at));
    let orphans: Vec<_> = contexts.iter().map(|cx| (cx, orphans(cx))).collect();
    let mut unused_in: BTreeMap<_, usize> = BTreeMap::new();
    for (cx, items) in &orphans {
        for (_, item) in items {
            *unused_in.entry(place(cx, item)).or_default() += 1;
        }
    }
    let mut told = BTreeSet::new();
    for (cx, items) in &orphans {
        for (service, item) in items {
            let place = place(cx, item);
            let everywhere = unused_in.get(&place) == Some(&contexts.len());
            if !everywhere || told.insert(place) {
                found.push(unused(cx, service, item, everywhere));
            }
        }
    }
}
