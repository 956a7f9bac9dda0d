//! The graph: what `uses` leads to, and who is led to.
//!
//! One item of `uses` may lead to several things: a database in shards gives an edge to each of them, and one to what they
//! have in common.

use crate::origin::{DEFAULT_CALL_TIMEOUT, NET_EDGE, NodeId, SHARD, Traced, Tracer};
use crate::spec::edge::EdgeRef;
use crate::spec::workload as spec;
use crate::text::Text;
use crate::value::{Duration, Value};

use super::patience::{Patience, Retry};
use super::{Database, Service, Workload};

/// A workload of a [`super::System`], by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WorkloadId {
    /// index of the service
    pub service: usize,
    /// index of the workload in it
    pub workload: usize,
}

/// What an edge leads to; indices are positions in the same service, except for workloads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// a database of the same service
    Database(usize),
    /// all shards of a database of the same service; an edge to each of them stands beside this one
    Sharded(usize),
    /// a database of the same service that others run
    Managed(usize),
    /// a cache of the same service
    Cache(usize),
    /// a broker of messages
    Queue(usize),
    /// a service of others
    External(usize),
    /// a secret of the same service
    Secret(usize),
    /// a workload of any service
    Workload(WorkloadId),
}

/// One item of `uses`.
#[derive(Clone, Debug)]
pub struct Edge {
    /// what was written; its origin is why everything that the edge gives is there
    pub written: Traced<EdgeRef>,
    /// the same, by the name of what it leads to: of a shard that of the shard, such as `databases.main-0`
    pub to: EdgeRef,
    /// what it leads to; `None` if there is no such thing
    pub target: Option<Target>,
    /// how patiently another workload is called, if somebody said so
    pub calls: Option<Calls>,
}

/// How patiently another workload is called.
#[derive(Clone, Debug)]
pub struct Calls {
    /// the table
    pub at: NodeId,
    /// the longest that one try may take
    pub timeout: Traced<Duration>,
    /// what the client does after a try that failed
    pub retry: Option<Retry>,
}

impl Calls {
    /// As typed arithmetic.
    pub fn patience(&self) -> Patience<'_> {
        Patience { timeout: &self.timeout, retry: self.retry.as_ref() }
    }

    fn resolve(
        written: &spec::Calls,
        target: Option<Target>,
        services: &[Service],
        tracer: &Tracer,
    ) -> Option<Calls> {
        let Some(Target::Workload(id)) = target else { return None };
        let called = services.get(id.service)?.workloads.get(id.workload)?;
        Some(Calls {
            at: written.at,
            timeout: written.timeout.unwrap_or_else(|| {
                tracer.derive(DEFAULT_CALL_TIMEOUT, (&called.timeout,), |(timeout,)| *timeout)
            }),
            retry: written.retry.as_ref().map(|retry| Retry::resolve(retry, tracer)),
        })
    }
}

/// Somebody who uses a workload.
#[derive(Clone, Debug)]
pub struct Caller {
    /// the edge
    pub because: crate::origin::Origin,
    /// who it is
    pub from: WorkloadId,
    /// its object's name, which its pods carry as a label
    pub object: Traced<Text>,
    /// where its pods live
    pub namespace: Traced<Text>,
}

/// Resolves the edges of every workload, and gives each store and workload its callers.
pub(super) fn link(services: &mut [Service], tracer: &Tracer) {
    let mut found = Vec::new();
    for (service_index, service) in services.iter().enumerate() {
        for (workload_index, workload) in service.workloads.iter().enumerate() {
            let from = WorkloadId { service: service_index, workload: workload_index };
            let edges = workload.uses.iter().flat_map(|written| {
                let led = database(written, service, workload, tracer);
                led.unwrap_or_else(|| {
                    let target = resolve(written.get(), service_index, services);
                    vec![Edge { target, to: written.get().clone(), written: written.clone(), calls: None }]
                })
            });
            let linked = edges.map(|edge| {
                let caller = Caller {
                    from,
                    because: tracer.because(NET_EDGE, &[edge.written.origin(), workload.because]),
                    object: workload.object.clone(),
                    namespace: service.namespace.clone(),
                };
                let calls = workload.calls.get(&edge.written.get().text());
                let calls =
                    calls.and_then(|entry| Calls::resolve(&entry.value, edge.target, services, tracer));
                (Edge { calls, ..edge }, caller)
            });
            found.push((from, linked.collect::<Vec<_>>()));
        }
    }
    for (from, linked) in found {
        let mut edges = Vec::with_capacity(linked.len());
        for (edge, caller) in linked {
            if let Some(callers) = edge.target.and_then(|target| callers_of(target, from.service, services)) {
                callers.push(caller);
            }
            edges.push(edge);
        }
        if let Some(workload) =
            services.get_mut(from.service).and_then(|s| s.workloads.get_mut(from.workload))
        {
            workload.edges = edges;
        }
    }
}

/// The callers of a target that keeps them; `own` is the index of the user's service.
fn callers_of(target: Target, own: usize, services: &mut [Service]) -> Option<&mut Vec<Caller>> {
    match target {
        Target::Database(index) => Some(&mut services.get_mut(own)?.databases.get_mut(index)?.callers),
        Target::Managed(index) => Some(&mut services.get_mut(own)?.managed.get_mut(index)?.callers),
        Target::Cache(index) => Some(&mut services.get_mut(own)?.caches.get_mut(index)?.callers),
        Target::Workload(id) => {
            Some(&mut services.get_mut(id.service)?.workloads.get_mut(id.workload)?.callers)
        }
        Target::External(index) => Some(&mut services.get_mut(own)?.externals.get_mut(index)?.callers),
        Target::Queue(_) | Target::Secret(_) | Target::Sharded(_) => None,
    }
}

/// The edges to a database of the service: one, or in shards what they have in common and each of them.
fn database(
    written: &Traced<EdgeRef>,
    service: &Service,
    workload: &Workload,
    tracer: &Tracer,
) -> Option<Vec<Edge>> {
    let EdgeRef::Database(name) = written.get() else { return None };
    let to = |index: usize, database: &Database| {
        let to = EdgeRef::Database(database.known_to(workload).get().clone());
        let why = database.shard.map(|shard| [written.origin(), shard.count.origin()]);
        let because = why.map_or(written.origin(), |why| tracer.because(SHARD, &why));
        let written = Traced::because(written.get().clone(), because);
        Edge { written, to, target: Some(Target::Database(index)), calls: None }
    };
    let all = || service.databases.iter().enumerate();
    if let Some(index) = service.sharded.iter().position(|sharded| sharded.name.get() == name) {
        let common = Edge {
            written: written.clone(),
            to: written.get().clone(),
            target: Some(Target::Sharded(index)),
            calls: None,
        };
        let shards = all().filter(|(_, database)| database.name.get() == name);
        return Some(std::iter::once(common).chain(shards.map(|(index, shard)| to(index, shard))).collect());
    }
    let (index, one) = all().find(|(_, database)| database.stack.get() == name)?;
    Some(vec![to(index, one)])
}

fn resolve(edge: &EdgeRef, own: usize, services: &[Service]) -> Option<Target> {
    let service = services.get(own)?;
    let workload = |index: usize, name: &Text| {
        let workload = services.get(index)?.workloads.iter().position(|w| w.name.get() == name)?;
        Some(Target::Workload(WorkloadId { service: index, workload }))
    };
    match edge {
        // one of ours has been found before
        EdgeRef::Database(name) => {
            service.managed.iter().position(|d| d.name.get() == name).map(Target::Managed)
        }
        EdgeRef::Cache(name) => service.caches.iter().position(|c| c.name.get() == name).map(Target::Cache),
        EdgeRef::Queue(name) => service.queues.iter().position(|q| q.name.get() == name).map(Target::Queue),
        EdgeRef::External(name) => {
            service.externals.iter().position(|e| e.name.get() == name).map(Target::External)
        }
        EdgeRef::Secret(name) => {
            service.secrets.iter().position(|s| s.name.get() == name).map(Target::Secret)
        }
        EdgeRef::Workload(name) => workload(own, name),
        EdgeRef::Service(name, target) => {
            workload(services.binary_search_by(|s| s.stem.cmp(name)).ok()?, target)
        }
    }
}
