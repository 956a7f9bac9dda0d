//! Queues in the report: what their brokers must be set to, and who guards them.

use super::Store;
use crate::spec::decode::Choice;
use crate::system::{Queue, System};
use crate::value::Value as _;

/// The row of a queue.
pub(super) fn store(queue: &Queue) -> Store {
    let topics: Vec<String> =
        queue.topics.iter().map(|topic| format!("{} is {}", topic.name.get(), topic.there.get())).collect();
    let topics = if topics.is_empty() { String::new() } else { format!("; {}", topics.join(", ")) };
    Store {
        object: hosts(queue),
        what: format!(
            "{} of others, {}, a message may be worked on for {}{topics}",
            queue.engine.get().word(),
            if *queue.tls.get() { "TLS" } else { "plain text" },
            queue.ack_timeout.get().text(),
        ),
        size: "-".to_owned(),
        image: "-".to_owned(),
    }
}

/// Its servers.
pub(super) fn hosts(queue: &Queue) -> String {
    let hosts: Vec<String> = queue.hosts.iter().map(|host| host.get().to_string()).collect();
    hosts.join(", ")
}

/// Where an edge to it leads.
pub(super) fn reached(queue: &Queue) -> String {
    let hosts: Vec<String> =
        queue.hosts.iter().map(|host| format!("{} {}/TCP", host.get().host(), host.get().port())).collect();
    hosts.join(", ")
}

/// Caches and queues of others whose addresses are not declared, so that the way to them is open to the internet.
pub(super) fn open(system: &System) -> Vec<String> {
    let mut open = Vec::new();
    for service in &system.services {
        let mut add = |nouns: &str, name: &str, host: &str| {
            let path = format!("{}.{nouns}.{name}", service.name.get());
            open.push(format!("{path}: who uses {host} may reach every public address on its port"));
        };
        for cache in service.caches.iter().filter(|cache| cache.cidrs.is_empty() && !cache.is_in_cluster()) {
            add("caches", cache.name.get(), cache.host.get());
        }
        for queue in service.queues.iter().filter(|queue| queue.cidrs.is_empty() && !queue.is_in_cluster()) {
            add("queues", queue.name.get(), &hosts(queue));
        }
    }
    open
}
