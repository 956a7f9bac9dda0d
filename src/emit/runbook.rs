//! `RUNBOOK.md`: what to do when something is lost, with the names of this environment.
//!
//! Only sections that apply are written. Every object that a command names is an emitted one, or one that an operator
//! makes from an emitted one, and every path is a file of the output: tests hold both, and read each command. What differs
//! from environment to environment is data here; the words stand in the templates.

mod databases;
mod stores;
mod workloads;

use std::collections::BTreeMap;

use serde::Serialize;

use super::prose;
use crate::Environment;
use crate::spec::decode::Choice as _;
use crate::system::{SecretSource, Service, System};
use databases::Restorable;
use workloads::{Route, Run};

/// What the template sees.
#[derive(Serialize)]
struct Runbook<'a> {
    system: &'a str,
    environment: &'a str,
    tier: &'static str,
    /// the output folder, from the project's root
    out: String,
    /// namespace of the operator of databases, where there is one
    operator: Option<String>,
    operator_labels: String,
    namespaces: Vec<Namespace>,
    services: Vec<Of>,
    databases: Vec<Restorable>,
    secrets: Vec<Secret>,
    caches: Vec<stores::Cache>,
    queues: Vec<stores::Queue>,
    /// workloads that scale by the work that waits
    scaled: Vec<Run>,
    velero: Option<Velero>,
    gateway: Option<Gateway>,
    routes: Vec<Route>,
    /// what no backup brings back
    lost: Vec<String>,
    tests: Vec<Test>,
}

/// What people try out.
#[derive(Serialize)]
struct Test {
    kind: &'static str,
    title: &'static str,
    period: &'static str,
    /// the first, in UTC
    first: String,
    databases: Vec<Tested>,
}

/// A database that people try something out with.
#[derive(Serialize)]
struct Tested {
    object: String,
    env: String,
    follows: bool,
}

/// What people try out, in the order of the spec's keys.
fn tests(system: &System) -> Vec<Test> {
    let one = |rehearsal: &crate::system::rehearsal::Rehearsal| {
        let (year, month, day) = rehearsal.date();
        let of = |database: &crate::system::Database| Tested {
            object: database.object.get().to_string(),
            env: database.site.as_ref().map_or_else(String::new, |site| site.env.get().to_string()),
            follows: database.follows().is_some(),
        };
        Test {
            kind: rehearsal.kind.word(),
            title: super::calendar::title(rehearsal.kind),
            period: rehearsal.period.word(),
            first: format!(
                "{year}-{month:02}-{day:02} {:02}:{:02}",
                rehearsal.minute / 60,
                rehearsal.minute % 60
            ),
            databases: system.rehearsed(rehearsal.kind).map(|(_, database)| of(database)).collect(),
        }
    };
    system.rehearsals().iter().map(one).collect()
}

/// A namespace, and what is in it in the order in which it comes back.
#[derive(Default, Serialize)]
struct Namespace {
    name: String,
    managed: bool,
    /// folders of credentials from the store
    secret_folders: Vec<String>,
    secrets: Vec<String>,
    /// databases that a restore brings back
    restored: Vec<String>,
    /// databases that begin with what another site has
    following: Vec<String>,
    /// folders of databases that begin empty
    empty: Vec<String>,
    /// what runs once before the rest
    jobs: Vec<Run>,
    job_folders: Vec<String>,
    runs: Vec<Run>,
}

/// A service.
#[derive(Serialize)]
struct Of {
    name: String,
    namespace: String,
    overlay: String,
    images: String,
    folder: String,
    runs: Vec<Run>,
    /// what a rollback can undo
    rollouts: Vec<Run>,
}

/// A Secret from the platform's store.
#[derive(Serialize)]
struct Secret {
    object: String,
    namespace: String,
    remote: String,
    /// whether it is made in the cluster, and is in no store
    is_made: bool,
    keys: String,
    users: Vec<Run>,
}

/// What copies the manifests.
#[derive(Serialize)]
struct Velero {
    namespace: String,
    name: String,
    schedule: String,
    ttl: String,
    volumes: bool,
}

fn velero(environment: &Environment) -> Option<Velero> {
    let of = &environment.system.environment;
    let velero = &of.platform.velero;
    of.platform.copies(&environment.tracer).get().then(|| Velero {
        namespace: velero.namespace.get().to_string(),
        name: of.copies.get().to_string(),
        schedule: velero.schedule.get().to_string(),
        ttl: velero.ttl.get().to_string(),
        volumes: *velero.volumes.get(),
    })
}

#[derive(Serialize)]
struct Gateway {
    name: String,
    namespace: String,
}

const TEMPLATES: &[(&str, &str)] = &[
    ("runbook", include_str!("runbook/runbook.md.jinja")),
    ("databases", include_str!("runbook/databases.md.jinja")),
    ("restore", include_str!("runbook/restore.md.jinja")),
    ("site", include_str!("runbook/site.md.jinja")),
    ("passwords", include_str!("runbook/passwords.md.jinja")),
    ("drill", include_str!("runbook/drill.md.jinja")),
    ("stores", include_str!("runbook/stores.md.jinja")),
    ("pause", include_str!("runbook/pause.md.jinja")),
    ("resume", include_str!("runbook/resume.md.jinja")),
    ("copies", include_str!("runbook/copies.md.jinja")),
    ("rebuild", include_str!("runbook/rebuild.md.jinja")),
    ("tests", include_str!("runbook/tests.md.jinja")),
    ("secrets", include_str!("runbook/secrets.md.jinja")),
    ("releases", include_str!("runbook/releases.md.jinja")),
    ("routes", include_str!("runbook/routes.md.jinja")),
];

/// The runbook of an environment.
pub fn print(environment: &Environment) -> String {
    let system = &environment.system;
    let below = system.project.project.out.as_ref().map_or("deploy", |out| out.get().as_str());
    let out = format!("{below}/{}", environment.name);
    let images = &system.environment.images_path;
    let folder = images.rsplit_once('/').map_or("", |(folder, _)| folder);
    let platform = &system.environment.platform;
    let has_databases = system.services.iter().any(|service| !service.databases.is_empty());
    let labels: Vec<String> =
        platform.cnpg.labels.iter().map(|(key, value)| format!("{key}={}", value.get())).collect();
    let services: Vec<Of> = system
        .services
        .iter()
        .map(|service| Of {
            name: service.name.get().to_string(),
            namespace: service.namespace.get().to_string(),
            overlay: format!("{folder}/{}.toml", service.stem),
            images: images.clone(),
            folder: format!("{out}/services/{}", service.name.get()),
            runs: workloads::of(service),
            rollouts: workloads::of(service).into_iter().filter(Run::rolls).collect(),
        })
        .collect();
    let runbook = Runbook {
        system: system.name.get(),
        environment: &environment.name,
        tier: system.environment.tier.get().word(),
        operator: has_databases.then(|| platform.cnpg.namespace.get().to_string()),
        operator_labels: labels.join(","),
        namespaces: namespaces(system, &out),
        databases: databases::all(environment, &out, folder),
        secrets: system.services.iter().flat_map(secrets).collect(),
        caches: stores::caches(system),
        queues: stores::queues(system),
        scaled: system.services.iter().flat_map(workloads::of).filter(Run::is_scaled).collect(),
        velero: velero(environment),
        gateway: platform.gateway.as_ref().map(|gateway| Gateway {
            name: gateway.get().name().to_owned(),
            namespace: gateway.get().namespace().to_owned(),
        }),
        routes: workloads::routes(system),
        lost: workloads::lost(system),
        tests: tests(system),
        services,
        out,
    };
    prose::render(TEMPLATES, &runbook)
}

fn secrets(service: &Service) -> Vec<Secret> {
    let one = |(noun, source): (&'static str, &SecretSource)| {
        let keys: Vec<String> =
            source.keys.iter().map(|key| crate::value::Value::text(key.get()).into_owned()).collect();
        Secret {
            object: source.object.get().to_string(),
            namespace: service.namespace.get().to_string(),
            remote: source.remote.get().to_string(),
            is_made: source.made.is_some(),
            keys: keys.join(", "),
            users: workloads::users(service, noun, source.name.get()),
        }
    };
    service.sources().map(one).collect()
}

/// What each namespace holds, in the order of its return.
fn namespaces(system: &System, out: &str) -> Vec<Namespace> {
    let mut all = BTreeMap::<&str, Namespace>::new();
    for service in &system.services {
        let name = service.namespace.get().as_str();
        let namespace = all.entry(name).or_default();
        name.clone_into(&mut namespace.name);
        namespace.managed = *system.environment.platform.manage_namespaces.get();
        let folder = |noun: &str| format!("{out}/services/{}/{noun}", service.name.get());
        for (noun, source) in service.sources() {
            namespace.secrets.push(source.object.get().to_string());
            namespace.secret_folders.push(folder(&format!("{noun}-{}", source.name.get())));
        }
        for database in &service.databases {
            if database.backup.is_some() && database.follows().is_some() {
                namespace.following.push(database.object.get().to_string());
            } else if database.backup.is_some() {
                namespace.restored.push(database.object.get().to_string());
            } else {
                namespace.empty.push(folder(&format!("databases-{}", database.stack.get())));
            }
        }
        // a job that waits does nothing here that could be waited for
        for run in workloads::of(service).into_iter().filter(|run| !run.is_job() || !run.waits) {
            if run.is_job() {
                namespace.job_folders.push(folder(run.name()));
                namespace.jobs.push(run);
            } else {
                namespace.runs.push(run);
            }
        }
    }
    all.into_values().collect()
}
