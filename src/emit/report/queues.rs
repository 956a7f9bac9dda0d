//! Queues in the report: what their brokers must be set to, and who guards them.

use super::Store;
use crate::spec::decode::Choice;
use crate::system::Queue;
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
