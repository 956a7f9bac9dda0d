//! Caches and queues as a runbook needs them: what it costs to lose what is in one, and who works with it.

use serde::Serialize;

use super::workloads::{self, Run};
use crate::spec::decode::Choice as _;
use crate::system::cache::SECRETS;
use crate::system::{Service, System};
use crate::value::Value as _;

/// A cache of our own.
#[derive(Serialize)]
pub(super) struct Cache {
    object: String,
    namespace: String,
    path: String,
    engine: &'static str,
    /// `cache`, `session`, `queue`, `lock`
    role: &'static str,
    client: &'static str,
    /// the file of its password, if it has one
    password: Option<String>,
    /// whether entries outlive its pod
    is_kept: bool,
    memory: String,
    users: Vec<Run>,
}

pub(super) fn caches(system: &System) -> Vec<Cache> {
    let of = |service: &Service| {
        let own = service.caches.iter().filter_map(|cache| Some((cache, cache.server.as_ref()?)));
        let of = own.map(|(cache, server)| Cache {
            object: cache.object.get().to_string(),
            namespace: service.namespace.get().to_string(),
            path: format!("{}.caches.{}", service.stem, cache.name.get()),
            engine: cache.engine.get().word(),
            role: cache.role.get().word(),
            client: cache.engine.get().client(),
            password: cache.has_password().then(|| format!("{SECRETS}/{}", crate::system::cache::PASSWORD)),
            is_kept: server.storage.is_some(),
            memory: server.memory.get().text().into_owned(),
            users: workloads::users(service, "caches", cache.name.get()),
        });
        of.collect::<Vec<_>>()
    };
    system.services.iter().flat_map(of).collect()
}

/// A broker that somebody else runs.
#[derive(Serialize)]
pub(super) struct Queue {
    object: String,
    path: String,
    engine: &'static str,
    servers: String,
    /// how long a message is with who took it
    ack: String,
    users: Vec<Run>,
}

pub(super) fn queues(system: &System) -> Vec<Queue> {
    let of = |service: &Service| {
        let of = service.queues.iter().map(|queue| Queue {
            object: queue.credentials.object.get().to_string(),
            path: format!("{}.queues.{}", service.stem, queue.name.get()),
            engine: queue.engine.get().word(),
            servers: queue
                .addresses()
                .map(|(host, port)| format!("{}:{}", host.get(), port.get()))
                .collect::<Vec<_>>()
                .join(", "),
            ack: queue.ack_timeout.get().text().into_owned(),
            users: workloads::users(service, "queues", queue.name.get()),
        });
        of.collect::<Vec<_>>()
    };
    system.services.iter().flat_map(of).collect()
}
