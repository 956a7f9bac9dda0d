//! A workload that scales by work that waits, and does not say where that is.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::spec::queue::QueueEngine;
use crate::spec::workload::ScaleQueue as Written;
use crate::system::{Queue, Service, Workload, named};

pub(super) const CHECK: Check = check!("scale-source-incomplete", Error, One(run));

/// The keys that say where it is, and what each source needs and allows beside itself.
const SOURCES: &str = "`database`, `queue` and `cache`";

fn not_one<'c>(cx: &'c Context<'c>, of: &str, written: &Written, sources: &[(&str, Origin)]) -> Finding<'c> {
    let (title, label) = match sources.len() {
        0 => (format!("`{of}` says none of {SOURCES}"), "who is asked?"),
        count => (format!("`{of}` says {count} of {SOURCES}"), "only one of them can be asked"),
    };
    let finding = cx.find(&CHECK, title).at_key(Origin::spec(written.at), label);
    let finding = sources.iter().fold(finding, |finding, (_, at)| finding.also_key(*at, "one of them"));
    finding.help("write `database` with `sql`, or `queue` with `topic`, or `cache` with `list`")
}

fn lacks<'c>(cx: &'c Context<'c>, of: &str, source: (&str, Origin), key: &str, example: &str) -> Finding<'c> {
    cx.find(&CHECK, format!("`{of}` names a {}, and no `{key}`", source.0))
        .at_key(source.1, format!("which `{key}` of it?"))
        .help(format!("write `{key} = \"{example}\"` beside it"))
}

fn unread<'c>(cx: &'c Context<'c>, of: &str, source: (&str, Origin), key: (&str, Origin)) -> Finding<'c> {
    cx.find(&CHECK, format!("`{}` of `{of}` means nothing for a {}", key.0, source.0))
        .at_key(key.1, "nothing reads it")
        .also_key(source.1, "who is asked")
        .help("delete the one or the other")
}

/// Whether a broker counts what waits for each group of consumers.
fn has_groups(queue: Option<&Queue>) -> bool {
    queue.is_some_and(|queue| matches!(queue.engine.get(), QueueEngine::Kafka | QueueEngine::Nats))
}

fn judge<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    written: &Written,
) -> Vec<Finding<'c>> {
    let of = format!("{}.scale.queue", path_of(service, workload));
    let sources = [
        ("database", written.database.as_ref().map(Traced::origin)),
        ("queue", written.queue.as_ref().map(Traced::origin)),
        ("cache", written.cache.as_ref().map(Traced::origin)),
    ];
    let sources: Vec<(&str, Origin)> = sources.into_iter().filter_map(|(key, at)| Some((key, at?))).collect();
    let [source] = sources.as_slice() else { return vec![not_one(cx, &of, written, &sources)] };
    let queue = service.queues.iter().find(|q| written.queue.as_ref().is_some_and(|n| named(&q.name, n)));
    let parts = [
        ("sql", "database", written.sql.as_ref().map(Traced::origin), "SELECT count(*) FROM outbox"),
        ("topic", "queue", written.topic.as_ref().map(Traced::origin), "jobs"),
        ("group", "queue", written.group.as_ref().map(Traced::origin), "workers"),
        ("list", "cache", written.list.as_ref().map(Traced::origin), "jobs"),
    ];
    let mut all = Vec::new();
    for (key, owner, at, example) in parts {
        let belongs = owner == source.0 && (key != "group" || queue.is_none() || has_groups(queue));
        let is_needed = belongs && (key != "group" || queue.is_some());
        match at {
            Some(at) if !belongs => all.push(unread(cx, &of, *source, (key, at))),
            None if is_needed => all.push(lacks(cx, &of, *source, key, example)),
            _ => {}
        }
    }
    if let Some(queue) = queue.filter(|q| *q.engine.get() == QueueEngine::Nats && q.monitor.is_none()) {
        let title = format!(
            "KEDA cannot ask `{}.queues.{}`, which says nothing of its `monitor`",
            service.stem,
            queue.name.get()
        );
        let finding = cx
            .find(&CHECK, title)
            .at_key(Origin::spec(queue.at), "where does NATS tell about its streams?")
            .also_key(source.1, "asks it")
            .help(format!("write `monitor = \"<host>:8222\"` below `[queues.{}]`", queue.name.get()));
        all.push(finding);
    }
    all
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for of in cx.system.workloads() {
        if let Some(written) = of.1.scales_by() {
            for finding in judge(cx, of, written) {
                found.push(finding);
            }
        }
    }
}
