//! The mesh in the report: which connections it encrypts, what holds each of them, and what is no part of it.

use serde::Serialize;

use crate::spec::decode::Choice as _;
use crate::spec::workload::Transport;
use crate::system::platform::Peer;
use crate::system::{Service, System, Target, Way, Workload, WorkloadId};
use crate::value::Value as _;

/// What the section shows.
#[derive(Serialize)]
pub(super) struct Mesh {
    /// whether namespaces take pods in, else a label of the pods themselves
    by_namespace: bool,
    connections: Vec<Connection>,
    outside: Vec<String>,
}

/// One kind of connection.
#[derive(Serialize)]
struct Connection {
    from: String,
    to: String,
    encrypted: String,
    held: String,
}

pub(super) fn section(system: &System) -> Option<Mesh> {
    let platform = &system.environment.platform;
    if !platform.has_mesh() {
        return None;
    }
    let mut connections = Vec::new();
    for (service_index, service) in system.services.iter().enumerate() {
        for (workload_index, workload) in service.workloads.iter().enumerate() {
            let from = WorkloadId { service: service_index, workload: workload_index };
            let targets = workload.edges.iter().filter_map(|edge| Some((edge, edge.target?)));
            connections.extend(
                targets.filter(|(_, target)| !matches!(target, Target::Secret(_) | Target::Sharded(_))).map(
                    |(edge, target)| {
                        let (encrypted, held) = reached(system, from, (service, workload), target);
                        let to = edge.to.text().into_owned();
                        Connection { from: workload.object.get().to_string(), to, encrypted, held }
                    },
                ),
            );
        }
    }
    connections.extend(of_platform(system));
    let by_namespace = *platform.manage_namespaces.get();
    Some(Mesh { by_namespace, connections, outside: outside(system) })
}

/// Whether the mesh encrypts an edge, and what holds it.
fn reached(
    system: &System,
    from: WorkloadId,
    (service, workload): (&Service, &Workload),
    target: Target,
) -> (String, String) {
    let account = || format!("{}/{}", service.namespace.get(), workload.account().get());
    let by_account = |object: &str| format!("AuthorizationPolicy {object}: account {}", account());
    let wrapped = system.wraps(from, target);
    let theirs = match target {
        Target::Workload(id) => system.workload(id).map(|(_, theirs)| theirs),
        _ => None,
    };
    let (encrypted, held) = match (target, theirs) {
        (Target::Workload(_), Some(theirs)) if wrapped => ("yes".to_owned(), by_account(theirs.object.get())),
        (Target::Workload(_), Some(theirs)) => {
            let on_node = if system.is_meshed(workload) { theirs } else { workload };
            (format!("no: {} is no part of the mesh", on_node.object.get()), NETWORK.to_owned())
        }
        (Target::Cache(index), _) if wrapped => {
            let own = service.caches.get(index).filter(|cache| cache.server.is_some());
            ("yes".to_owned(), own.map_or_else(|| THEIRS.to_owned(), |c| by_account(c.object.get())))
        }
        (Target::Database(_) | Target::Sharded(_), _) => (
            "no: PostgreSQL encrypts by itself, and answers nobody in plain text".to_owned(),
            NETWORK.to_owned(),
        ),
        (Target::External(index), _) if is_at_waypoint(service, index) => (
            "as far as the waypoint; beyond it as its URL says".to_owned(),
            format!("the waypoint: account {}", account()),
        ),
        _ if wrapped => ("yes".to_owned(), THEIRS.to_owned()),
        _ => ("no: its servers are no part of the mesh".to_owned(), NETWORK.to_owned()),
    };
    let datagrams: Vec<String> = theirs
        .into_iter()
        .flat_map(Workload::service_ports)
        .filter(|port| *port.transport.get() == Transport::Udp)
        .map(|port| format!("{}/{}", port.number.get(), port.transport.get().word().to_uppercase()))
        .collect();
    if wrapped && !datagrams.is_empty() {
        return (format!("{encrypted}, but for {}", datagrams.join(", ")), held);
    }
    (encrypted, held)
}

const NETWORK: &str = "NetworkPolicy";
const THEIRS: &str = "NetworkPolicy, as far as the namespace; there by policies of others";

fn is_at_waypoint(service: &Service, index: usize) -> bool {
    service.externals.get(index).is_some_and(|external| *external.way.get() == Way::Waypoint)
}

/// What the platform sends to pods of the mesh.
fn of_platform(system: &System) -> Vec<Connection> {
    let platform = &system.environment.platform;
    let meshed = || system.workloads().map(|(_, workload)| workload).filter(|w| system.is_meshed(w));
    let caches = || system.services.iter().flat_map(|service| &service.caches);
    let mut all = Vec::new();
    let mut add = |from: &str, to: &str, peer: &Peer| {
        let (encrypted, held) = match &peer.account {
            Some(account) => (
                "yes".to_owned(),
                format!("AuthorizationPolicies: account {}/{}", peer.namespace.get(), account.get()),
            ),
            None => ("no: it is no part of the mesh".to_owned(), NETWORK.to_owned()),
        };
        all.push(Connection { from: from.to_owned(), to: to.to_owned(), encrypted, held });
    };
    if let Some(gateway) = &platform.gateway_peer
        && meshed().any(|workload| !workload.routes.is_empty())
    {
        add("the gateway", "workloads with a route", gateway);
    }
    if meshed().any(|workload| workload.ports.iter().any(|port| port.is_scraped)) {
        add("the scraper", "ports with metrics", &platform.monitoring);
    }
    let counts = |workload: &Workload| workload.scales_by().is_some_and(|queue| queue.cache.is_some());
    if caches().any(|cache| cache.server.is_some()) && system.workloads().any(|(_, w)| counts(w)) {
        add("KEDA", "caches whose entries it counts", &platform.keda);
    }
    all.push(Connection {
        from: "the kubelet".to_owned(),
        to: "ports that it asks".to_owned(),
        encrypted: "no: it comes from its node, past the mesh".to_owned(),
        held: NETWORK.to_owned(),
    });
    all
}

/// Pods of this environment that are no part of the mesh.
fn outside(system: &System) -> Vec<String> {
    let mut all = Vec::new();
    for (_, workload) in system.workloads().filter(|(_, workload)| !system.is_meshed(workload)) {
        all.push(format!("{}: on the network of its node, which no mesh redirects", workload.object.get()));
    }
    for database in system.services.iter().flat_map(|service| &service.databases) {
        let pools = [database.pool.as_ref(), database.replicas.as_ref().and_then(|r| r.pool.as_ref())];
        let mut names = vec![database.object.get().to_string()];
        names.extend(pools.into_iter().flatten().map(|pool| pool.object.get().to_string()));
        all.push(format!(
            "{}: kept out by a label; the operator calls from outside, and connections outlast proxies",
            names.join(", ")
        ));
        if let Some(drill) = &database.drill {
            all.push(format!("{}: as the database that it asks", drill.object.get()));
        }
    }
    all
}
