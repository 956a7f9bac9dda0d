//! Workloads as a runbook needs them: how to stop one, start it again, and see whether it runs.

use serde::Serialize;

use crate::spec::workload::{VolumeKind, WorkloadKind};
use crate::system::{Replicas, Service, System, Target, Workload};
use crate::text::Text;

/// A workload.
#[derive(Clone, Serialize)]
pub(super) struct Run {
    name: String,
    object: String,
    namespace: String,
    /// `deployment`, `statefulset`, `daemonset`, `cronjob`, `job`
    resource: &'static str,
    /// pods to start with again
    fewest: u32,
    /// whether an operator decides about its pods
    keda: bool,
    /// whether it has no pods until a database takes writes
    pub(super) waits: bool,
}

impl Run {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn is_job(&self) -> bool {
        self.resource == "job"
    }

    /// Whether an operator starts its pods by the work that waits.
    pub(super) fn is_scaled(&self) -> bool {
        self.keda
    }

    /// Whether `kubectl rollout` knows it.
    pub(super) fn rolls(&self) -> bool {
        matches!(self.resource, "deployment" | "statefulset" | "daemonset")
    }
}

fn run(service: &Service, workload: &Workload) -> Run {
    let queue = match &workload.replicas {
        Replicas::Auto { targets, .. } => targets.queue.is_some() && workload.waits.is_none(),
        Replicas::Fixed(_) | Replicas::None(_) => false,
    };
    Run {
        name: workload.name.get().to_string(),
        object: workload.object.get().to_string(),
        namespace: service.namespace.get().to_string(),
        resource: match workload.kind.get() {
            WorkloadKind::Http | WorkloadKind::Grpc | WorkloadKind::Worker => "deployment",
            WorkloadKind::Stateful => "statefulset",
            WorkloadKind::Daemon => "daemonset",
            WorkloadKind::Cron => "cronjob",
            WorkloadKind::Job => "job",
        },
        fewest: workload.replicas.fewest().map_or(0, |count| *count.get()),
        keda: queue,
        waits: workload.waits.is_some(),
    }
}

pub(super) fn of(service: &Service) -> Vec<Run> {
    service.workloads.iter().map(|workload| run(service, workload)).collect()
}

/// The workloads of a service that use its noun of this name.
pub(super) fn users(service: &Service, noun: &str, name: &Text) -> Vec<Run> {
    let uses = |workload: &&Workload| {
        workload.edges.iter().any(|edge| match edge.target {
            Some(Target::External(at)) => {
                noun == "externals" && service.externals.get(at).is_some_and(|e| e.name.get() == name)
            }
            Some(Target::Cache(at)) => {
                noun == "caches" && service.caches.get(at).is_some_and(|c| c.name.get() == name)
            }
            Some(Target::Queue(at)) => {
                noun == "queues" && service.queues.get(at).is_some_and(|q| q.name.get() == name)
            }
            Some(Target::Secret(at)) => {
                noun == "secrets" && service.secrets.get(at).is_some_and(|s| s.name.get() == name)
            }
            Some(Target::Database(at)) => {
                noun == "databases" && service.databases.get(at).is_some_and(|d| d.stack.get() == name)
            }
            _ => false,
        })
    };
    service.workloads.iter().filter(uses).map(|workload| run(service, workload)).collect()
}

/// A host that leads to a workload.
#[derive(Serialize)]
pub(super) struct Route {
    object: String,
    namespace: String,
    service: String,
    kind: &'static str,
    is_ingress: bool,
    host: String,
    url: String,
}

pub(super) fn routes(system: &System) -> Vec<Route> {
    use crate::system::workload::Carrier;
    let platform = &system.environment.platform;
    let listener = platform.gateway_listeners.as_ref().is_some_and(|listeners| listeners.https.is_some());
    let is_encrypted = platform.issuer.is_some() || listener;
    let mut all = Vec::new();
    for (service, workload) in system.workloads() {
        for route in &workload.routes {
            let Some(host) = route.hosts.first().map(|host| host.name.get().to_string()) else { continue };
            let path = route.paths.first().map_or("/", |path| path.text.get().as_str());
            let scheme = if is_encrypted || route.is_passed_through() { "https" } else { "http" };
            let kind = match route.carrier(workload) {
                _ if platform.ingress_class.is_some() => "ingresses.networking.k8s.io",
                Carrier::Http => "httproutes.gateway.networking.k8s.io",
                Carrier::Grpc => "grpcroutes.gateway.networking.k8s.io",
                Carrier::Tls => "tlsroutes.gateway.networking.k8s.io",
            };
            all.push(Route {
                object: route.object.get().to_string(),
                service: workload.object.get().to_string(),
                namespace: service.namespace.get().to_string(),
                kind,
                is_ingress: platform.ingress_class.is_some(),
                url: format!("{scheme}://{host}{path}"),
                host,
            });
        }
    }
    all
}

/// Data of workloads that no backup of specc's holds.
pub(super) fn lost(system: &System) -> Vec<String> {
    let mut lost = Vec::new();
    for (service, workload) in system.workloads() {
        let disks = workload.volumes.iter().filter(|volume| *volume.kind.get() == VolumeKind::Claim);
        lost.extend(disks.map(|volume| {
            let (namespace, object) = (service.namespace.get(), workload.object.get());
            format!("the disk {} of {object} in {namespace}", volume.name.get())
        }));
    }
    for service in &system.services {
        let namespace = service.namespace.get();
        lost.extend(service.caches.iter().map(|cache| {
            format!("the entries of the cache {} in {namespace}: it fills itself again", cache.object.get())
        }));
        lost.extend(service.databases.iter().filter(|database| database.backup.is_none()).map(|database| {
            format!("the database {} in {namespace}: it has no backups", database.object.get())
        }));
    }
    lost
}
