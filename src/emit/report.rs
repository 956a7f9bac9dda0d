//! `REPORT.md`: what a reviewer of an environment wants to know and no single object says.
//!
//! Derived numbers with their formulas, edges, secrets that must exist, what is declared and not enforced. Prose, so a
//! template; every value is escaped for Markdown on its way in.

mod caches;
mod databases;
mod externals;
mod kept;
mod mesh;
mod operations;
mod pods;
mod protection;
mod queues;
mod routes;
mod shards;
mod ways_out;

use serde::Serialize;

use super::prose;
use crate::Environment;
use crate::origin::RULES;
use crate::spec::workload::WorkloadKind;
use crate::system::{Replicas, SecretSource, Service, System, Target, Workload};
use crate::value::{Duration, Value as _};

/// What the template sees.
#[derive(Serialize)]
struct Report<'a> {
    system: &'a str,
    environment: &'a str,
    tier: &'a str,
    workloads: Vec<Running>,
    stores: Vec<Store>,
    probed: Vec<pods::Probed>,
    exceptions: Vec<pods::Exception>,
    foreign: Vec<pods::Foreign>,
    written: Vec<ways_out::Field>,
    taken: Vec<ways_out::Taken>,
    shares: Vec<databases::Share>,
    budgets: Vec<databases::Budget>,
    sharded: Vec<shards::Shards>,
    recoveries: Vec<super::recovery::Recovery>,
    sites: Vec<databases::Sited>,
    routes: Vec<routes::Row>,
    migrations: Vec<operations::Migrates>,
    drills: Vec<operations::Drills>,
    managed: bool,
    edges: Vec<EdgeRow>,
    mesh: Option<mesh::Mesh>,
    transit: Vec<protection::InTransit>,
    rest: Vec<protection::AtRest>,
    secrets: Vec<SecretRow>,
    kept: Vec<kept::Password>,
    copies: Option<kept::Copies>,
    externals: Vec<externals::Outside>,
    open: Vec<String>,
    platform: Vec<Fact>,
    formulas: Vec<&'static crate::origin::RuleInfo>,
}

#[derive(Serialize)]
struct Running {
    object: String,
    kind: &'static str,
    pods: String,
    cpu: String,
    memory: String,
    timeout: String,
    drain: String,
    startup: String,
    image: String,
}

#[derive(Serialize)]
struct Store {
    object: String,
    what: String,
    size: String,
    image: String,
}

#[derive(Serialize)]
struct EdgeRow {
    from: String,
    to: String,
    reached: String,
}

#[derive(Serialize)]
struct SecretRow {
    remote: String,
    keys: String,
    object: String,
}

#[derive(Serialize)]
struct Fact {
    name: &'static str,
    value: String,
    declared: bool,
}

/// The report of an environment whose objects have files at `paths`.
pub fn print(environment: &Environment, paths: &[String]) -> String {
    let system = &environment.system;
    let report = Report {
        system: system.name.get(),
        environment: &environment.name,
        tier: crate::spec::decode::Choice::word(*system.environment.tier.get()),
        workloads: system.workloads().map(|(_, workload)| running(workload)).collect(),
        stores: system.services.iter().flat_map(stores).collect(),
        probed: pods::probed(system),
        exceptions: pods::exceptions(system),
        foreign: pods::foreign(system),
        written: ways_out::fields(system, paths),
        taken: ways_out::taken(system),
        shares: databases::shares(system),
        budgets: databases::budgets(system),
        sharded: shards::all(system),
        recoveries: databases::recoveries(environment),
        sites: databases::sites(system),
        routes: routes::rows(system),
        migrations: operations::migrations(environment),
        drills: operations::drills(environment),
        managed: *system.environment.platform.manage_namespaces.get(),
        edges: edges(system),
        mesh: mesh::section(system),
        transit: protection::in_transit(system),
        rest: protection::at_rest(system),
        secrets: system.services.iter().flat_map(secrets).collect(),
        kept: kept::passwords(environment),
        copies: kept::copies(environment),
        externals: externals::rows(system),
        open: [externals::open(system), queues::open(system)].concat(),
        platform: platform(environment),
        formulas: formulas(),
    };
    prose::render(&[("report", include_str!("report.md.jinja"))], &report)
}

fn running(workload: &Workload) -> Running {
    let seconds = |d: &crate::value::Duration| format!("{} s", d.seconds_ceil());
    Running {
        object: workload.object.get().to_string(),
        kind: crate::spec::decode::Choice::word(*workload.kind.get()),
        pods: match &workload.replicas {
            _ if workload.waits.is_some() => "0: waits until its database takes writes".to_owned(),
            Replicas::None(_) => match workload.schedule_text() {
                Some(schedule) => format!("{} {}", schedule.get(), workload.timezone.get()),
                None if *workload.kind.get() == WorkloadKind::Daemon => "one a node".to_owned(),
                None => "until done".to_owned(),
            },
            Replicas::Fixed(count) => count.get().to_string(),
            Replicas::Auto { min, max, targets, .. } => {
                format!("{} to {} at {}", min.get(), max.get(), aims(targets))
            }
        },
        cpu: workload.cpu.get().text().into_owned(),
        memory: workload.memory.get().text().into_owned(),
        timeout: seconds(workload.timeout.get()),
        drain: seconds(workload.drain.get()),
        startup: workload.health.as_ref().map_or_else(|_| "-".to_owned(), |h| seconds(h.startup.get())),
        image: workload.image.text().get().to_string(),
    }
}

/// What an autoscaler aims for, in words.
fn aims(targets: &crate::system::Targets) -> String {
    let mut all = Vec::new();
    all.extend(targets.cpu.map(|cpu| format!("{} % CPU", cpu.get())));
    all.extend(targets.memory.map(|memory| format!("{} % memory", memory.get())));
    all.extend(targets.rps.map(|rps| format!("{} requests a second and pod", rps.get())));
    let queue = targets.queue.as_ref();
    all.extend(queue.map(|q| {
        let source = [&q.database, &q.queue, &q.cache].into_iter().flatten().next();
        let name = source.map_or_else(String::new, |name| name.get().text().into_owned());
        format!("{} of `{name}` a pod", q.per_replica.get().get())
    }));
    all.join(", ")
}

fn stores(service: &Service) -> Vec<Store> {
    let databases = service.databases.iter().map(|database| Store {
        object: database.object.get().to_string(),
        what: format!("PostgreSQL, instances: {}", database.instances.get()),
        size: format!("{} each", database.storage.get().text()),
        image: database.image.text().get().to_string(),
    });
    let caches = service.caches.iter().map(caches::store);
    databases.chain(caches).chain(service.queues.iter().map(queues::store)).collect()
}

fn edges(system: &System) -> Vec<EdgeRow> {
    let mut rows = Vec::new();
    for (service, workload) in system.workloads() {
        for edge in &workload.edges {
            let reached = match edge.target {
                Some(Target::Database(at)) => service.databases.get(at).map(|database| {
                    let pool = database.pool.as_ref().filter(|_| !database.is_direct(workload));
                    let object = pool.map_or(&database.object, |pool| &pool.object);
                    let read = database.replicas.as_ref().filter(|_| database.reads_replicas(workload));
                    let read = read.and_then(|replicas| replicas.pool.as_ref()).filter(|_| pool.is_some());
                    match read {
                        Some(read) => format!("{}, {} 5432/TCP", object.get(), read.object.get()),
                        None => format!("{} 5432/TCP", object.get()),
                    }
                }),
                Some(Target::Sharded(at)) => service
                    .sharded
                    .get(at)
                    .map(|sharded| format!("the map of its {} shards", sharded.count.get())),
                Some(Target::Managed(at)) => {
                    service.managed.get(at).map(|m| format!("{} {}/TCP", m.host.get(), m.port.get()))
                }
                Some(Target::Cache(at)) => service.caches.get(at).map(caches::reached),
                Some(Target::Queue(at)) => service.queues.get(at).map(queues::reached),
                Some(Target::External(at)) => service
                    .externals
                    .get(at)
                    .map(|e| format!("{} {}/TCP", e.url.get().host(), e.url.get().port_or_default())),
                Some(Target::Workload(id)) => system.workload(id).map(|(theirs, w)| {
                    let ports: Vec<String> = w
                        .service_ports()
                        .map(|p| {
                            format!(
                                "{}/{}",
                                p.number.get(),
                                crate::spec::decode::Choice::word(*p.transport.get()).to_uppercase()
                            )
                        })
                        .collect();
                    let patience = edge.calls.as_ref().map_or_else(String::new, |calls| {
                        let (of, worst) = (calls.patience(), Duration::from_millis(calls.patience().worst()));
                        format!("; a call may take {} = {}", of.worst_terms(), worst.text())
                    });
                    format!("{} in {} {}{patience}", w.object.get(), theirs.namespace.get(), ports.join(", "))
                }),
                Some(Target::Secret(at)) => {
                    service.secrets.get(at).map(|s| format!("Secret {}", s.object.get()))
                }
                None => None,
            };
            rows.push(EdgeRow {
                from: workload.object.get().to_string(),
                to: edge.to.text().into_owned(),
                reached: reached.unwrap_or_default(),
            });
        }
    }
    rows
}

fn secrets(service: &Service) -> Vec<SecretRow> {
    let row = |(_, source): (&str, &SecretSource)| {
        let keys: Vec<String> = source.keys.iter().map(|key| key.get().text().into_owned()).collect();
        SecretRow {
            remote: if source.is_stored() {
                source.remote.get().to_string()
            } else {
                "none: made in the cluster".to_owned()
            },
            keys: keys.join(", "),
            object: format!("{}/{}", service.namespace.get(), source.object.get()),
        }
    };
    service.sources().map(row).collect()
}

fn platform(environment: &Environment) -> Vec<Fact> {
    let platform = &environment.system.environment.platform;
    let declared =
        |origin: crate::origin::Origin| environment.tracer.with(|trace| !origin.nodes(trace).is_empty());
    let peer = |name, peer: &crate::system::Peer| {
        let labels: Vec<String> =
            peer.labels.iter().map(|(key, value)| format!("{key}={}", value.get())).collect();
        Fact {
            name,
            value: format!("{} {}", peer.namespace.get(), labels.join(",")),
            declared: declared(peer.namespace.origin()),
        }
    };
    let mut facts = vec![
        Fact {
            name: "Kubernetes",
            value: platform.kubernetes.get().text().into_owned(),
            declared: declared(platform.kubernetes.origin()),
        },
        Fact {
            name: "cluster domain",
            value: platform.cluster_domain.get().to_string(),
            declared: declared(platform.cluster_domain.origin()),
        },
        peer("DNS", &platform.dns),
        peer("metrics scraper", &platform.monitoring),
    ];
    facts.extend(platform.gateway_peer.iter().map(|gateway| peer("pods that let callers in", gateway)));
    if environment.system.services.iter().any(|s| !s.databases.is_empty()) {
        facts.push(peer("CloudNativePG's operator", &platform.cnpg));
    }
    facts
}

/// The rules whose sentence is a formula.
fn formulas() -> Vec<&'static crate::origin::RuleInfo> {
    RULES.iter().filter(|rule| rule.says.contains(" = ")).collect()
}
