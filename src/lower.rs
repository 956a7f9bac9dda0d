//! STAGE 5: a system to objects. Cannot fail: what could go wrong is a check's finding before this stage runs.
//!
//! One file a kind; [`pod`] assembles the pod template that Deployments and CronJobs share; [`labels`] makes every label and
//! selector. Each maker gets only what it reads. This screen shows every object that the compiler can make.

mod alerts;
mod autoscaler;
mod cache;
mod cilium;
mod cron_job;
mod database;
mod deployment;
mod digest;
mod embedded;
mod external_name;
mod external_secret;
mod files;
mod istio;
mod labels;
mod made_secret;
mod manifest;
mod namespace;
mod network_policy;
mod outside;
mod patch;
mod pod;
mod pod_disruption_budget;
mod probes;
mod resize;
mod route;
mod service;
mod trigger;
mod velero;

use std::sync::Arc;

use crate::bundle::{Bundle, Scope};
use crate::k8s::Metadata;
use crate::origin::{BUDGET_DISRUPTION, HARDENED_NO_TOKEN, KIND, Origin, Traced, Tracer, rule};
use crate::spec::workload::WorkloadKind;
use crate::system::{Platform, Service, System, Workload};
use crate::text::Text;
use labels::Identity;

/// What every maker may read.
pub(crate) struct Cx<'a> {
    pub(crate) system: &'a System,
    pub(crate) tracer: &'a Tracer,
}

impl Cx<'_> {
    pub(crate) fn platform(&self) -> &Platform {
        &self.system.environment.platform
    }
}

/// The objects of all namespaces, then of each service in order.
pub fn lower(system: &System, tracer: &Tracer) -> Bundle {
    let mut bundle = namespaces(system, tracer);
    for index in 0..system.services.len() {
        bundle.append(service(system, index, tracer));
    }
    bundle
}

/// The objects of the namespaces that the system's services live in.
pub fn namespaces(system: &System, tracer: &Tracer) -> Bundle {
    let mut bundle = Bundle::default();
    namespace::lower(&Cx { system, tracer }, &mut bundle);
    velero::lower(&Cx { system, tracer }, &mut bundle);
    bundle.sort();
    bundle
}

/// The objects of one service, by its index in the system.
pub fn service(system: &System, index: usize, tracer: &Tracer) -> Bundle {
    let (cx, mut bundle) = (Cx { system, tracer }, Bundle::default());
    let Some(service) = system.services.get(index) else { return bundle };
    for workload in &service.workloads {
        lower_workload(&cx, service, workload, &mut bundle);
    }
    for database in &service.databases {
        database::lower(&cx, service, database, &mut bundle);
    }
    for managed in &service.managed {
        external_secret::lower(&cx, service, &managed.credentials, "databases", None, &mut bundle);
    }
    for cache in &service.caches {
        cache::lower(&cx, service, cache, &mut bundle);
    }
    for queue in &service.queues {
        external_secret::lower(&cx, service, &queue.credentials, "queues", None, &mut bundle);
    }
    for external in &service.externals {
        external_secret::lower(&cx, service, &external.credentials, "externals", None, &mut bundle);
        external_name::lower(&cx, service, external, &mut bundle);
        istio::lower(&cx, service, external, &mut bundle);
    }
    for secret in &service.secrets {
        external_secret::lower(&cx, service, secret, "secrets", None, &mut bundle);
    }
    for manifests in &service.manifests {
        manifest::lower(&cx, service, manifests, &mut bundle);
    }
    patch::apply(&service.patches, &mut bundle);
    bundle.sort();
    bundle
}

/// What restores the backups of a database into another cluster: `database` is a [`Database::restored_as`] of the service.
///
/// [`Database::restored_as`]: crate::system::Database::restored_as
pub fn restore(
    system: &System,
    service: &Service,
    database: &crate::system::Database,
    tracer: &Tracer,
) -> Bundle {
    let (cx, mut bundle) = (Cx { system, tracer }, Bundle::default());
    database::candidate(&cx, service, database, &mut bundle);
    bundle
}

/// What makes the Secrets of a restored database with the passwords that it had: `restored` as for [`restore`].
pub fn put_back(
    system: &System,
    service: &Service,
    (database, restored): (&crate::system::Database, &crate::system::Database),
    tracer: &Tracer,
) -> Bundle {
    let (cx, mut bundle) = (Cx { system, tracer }, Bundle::default());
    database::put_back(&cx, service, database, restored, &mut bundle);
    bundle
}

fn lower_workload(cx: &Cx<'_>, service: &Service, workload: &Workload, bundle: &mut Bundle) {
    let scope = Scope::Service { service: service.name.get().clone(), noun: workload.name.get().clone() };
    let identity = Identity::of_workload(cx, service, workload);
    let because = cx.tracer.because(KIND, &[workload.because, workload.kind.origin()]);
    let files = files::config_map(cx, workload, &identity);

    account(workload, &identity, because, &scope, bundle);
    let mut template = pod::template(cx, workload, &identity, files.as_ref());
    let probed = network_policy::mesh::probed(cx, &template);
    let rules = network_policy::of_workload(cx, service, workload, &identity, &probed);
    rules.finish(&identity, cx.tracer.because(KIND, &[workload.because]), &scope, bundle);
    cilium::lower(cx, service, workload, &identity, &scope, bundle);
    labels::join_mesh(cx, &network_policy::mesh::membership(cx, workload), &mut template.metadata);
    let (kind, of) = (*workload.kind.get(), (workload, &identity, because));
    match kind {
        WorkloadKind::Http | WorkloadKind::Grpc | WorkloadKind::Worker => {
            let mut object = deployment::lower(cx, of.0, of.1, of.2, template);
            external_secret::reload(cx, workload, &mut object.metadata);
            described(workload, &mut object.metadata);
            bundle.push(&scope, None, object);
        }
        WorkloadKind::Stateful => {
            let mut object = deployment::stateful(of.0, of.1, of.2, template);
            external_secret::reload(cx, workload, &mut object.metadata);
            described(workload, &mut object.metadata);
            bundle.push(&scope, None, object);
        }
        WorkloadKind::Daemon => {
            let mut object = deployment::daemon(of.0, of.1, of.2, template);
            external_secret::reload(cx, workload, &mut object.metadata);
            described(workload, &mut object.metadata);
            bundle.push(&scope, None, object);
        }
        WorkloadKind::Cron => {
            let mut object = cron_job::lower(of.0, of.1, of.2, template);
            described(workload, &mut object.metadata);
            bundle.push(&scope, None, object);
        }
        WorkloadKind::Job => {
            let mut object = cron_job::job(cx, of.0, of.1, of.2, template);
            described(workload, &mut object.metadata);
            bundle.push(&scope, None, object);
        }
    }
    if kind != WorkloadKind::Stateful {
        for (volume, claim) in deployment::claims(cx, workload, &identity) {
            bundle.push_as(&scope, Some(volume), claim);
        }
    }
    if let Some(files) = files {
        bundle.push(&scope, None, files);
    }
    service::lower(cx, workload, &identity, &scope, bundle);
    autoscaler::lower(cx, service, workload, &identity, &scope, bundle);
    alerts::of_scaled(cx, (service, workload), &identity, &scope, bundle);
    match resize::lower(cx, workload, &identity) {
        Ok(object) => bundle.push(&scope, None, object),
        Err(because) => bundle.leave_out(&scope, "VerticalPodAutoscaler", workload.object.get(), because),
    }
    budget(cx, workload, &identity, &scope, bundle);
    route::lower(cx, service, workload, &identity, &scope, bundle);
    outside::lower(cx, (service, workload), &identity, &scope, bundle);
}

/// What the workload's table says of the object that runs it.
fn described(workload: &Workload, metadata: &mut Metadata) {
    let labels = workload.labels.iter().map(|(key, entry)| (key.clone(), amount(&entry.value)));
    if !workload.labels.is_empty() {
        Arc::make_mut(&mut metadata.labels).extend(labels);
    }
    let annotations = workload.annotations.iter();
    metadata.annotations.extend(annotations.map(|(key, entry)| (key.clone(), entry.value.clone())));
}

fn budget(cx: &Cx<'_>, workload: &Workload, identity: &Identity, scope: &Scope, bundle: &mut Bundle) {
    let fewest = workload.replicas.fewest();
    let mut inputs: Vec<Origin> =
        fewest.map(Traced::origin).into_iter().chain([workload.because, workload.kind.origin()]).collect();
    inputs.extend(workload.waits);
    let because = cx.tracer.because(BUDGET_DISRUPTION, &inputs);
    if workload.waits.is_none() && fewest.is_some_and(|count| *count.get() > 1) {
        bundle.push(scope, None, pod_disruption_budget::lower(identity, because));
    } else {
        bundle.leave_out(scope, "PodDisruptionBudget", workload.object.get(), because);
    }
}

/// The identity of a workload's pods, unless they take one that somebody else makes.
fn account(workload: &Workload, identity: &Identity, because: Origin, scope: &Scope, bundle: &mut Bundle) {
    let written = workload.pod.as_ref().and_then(|pod| pod.service_account.as_ref());
    if let Some(existing) = written.and_then(|account| account.existing.as_ref()) {
        return bundle.leave_out(scope, "ServiceAccount", workload.object.get(), existing.origin());
    }
    let mut account = service_account(identity, because);
    if let Some(written) = written {
        let annotations = written.annotations.iter().map(|(key, entry)| (key.clone(), entry.value.clone()));
        account.metadata.annotations.extend(annotations);
    }
    bundle.push(scope, None, account);
}

/// An identity without a token: pods that need none cannot lose one.
fn service_account(identity: &Identity, because: Origin) -> crate::k8s::ServiceAccount {
    crate::k8s::ServiceAccount {
        because,
        metadata: identity.metadata(),
        automount_service_account_token: rule(HARDENED_NO_TOKEN, false),
    }
}

/// A typed value as the text that the API takes.
pub(crate) fn amount<T: crate::value::Value>(value: &Traced<T>) -> Traced<Text> {
    crate::system::text_of(value)
}
