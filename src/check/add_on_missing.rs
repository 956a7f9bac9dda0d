//! Something whose operator the cluster does not have.

use super::context::{Finding, noun, path_of};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::decode::Choice;
use crate::spec::platform::AddOn;
use crate::spec::workload::Resize;
use crate::system::{Replicas, Service};

pub(super) const CHECK: Check = check!("add-on-missing", Error, One(run));

/// Something that needs an operator.
struct Needs {
    add_on: AddOn,
    /// what the operator is called
    operator: &'static str,
    /// who needs it, for the message
    path: String,
    at: Origin,
    /// what it becomes
    becomes: &'static str,
    /// what to remove, below the service
    remove: String,
}

fn missing<'c>(cx: &'c Context<'c>, service: &Service, needs: &Needs) -> Finding<'c> {
    let platform = &cx.system.environment.platform;
    let declared = platform.add_ons.at.map_or(platform.origin, Origin::spec);
    let Needs { path, operator, .. } = needs;
    cx.find(&CHECK, format!("`{path}` needs {operator}, which `{}` does not declare", cx.environment()))
        .at_key(needs.at, format!("becomes a `{}` of {operator}", needs.becomes))
        .also_key(declared, format!("`\"{}\"` is not among the add-ons here", needs.add_on.word()))
        .note("without the operator the API server does not know the kind, and the apply stops half-way")
        .help(format!("if the cluster has it, write {}", with_add_on(cx, needs.add_on)))
        .help(format!("else {}", cx.remove(service, &needs.remove)))
}

/// What a service needs; of a database nothing more than its operator, where that is missing.
fn needs_of(service: &Service, has_operator: bool) -> Vec<Needs> {
    let databases = service.databases.iter().map(|database| Needs {
        add_on: AddOn::Cnpg,
        operator: "CloudNativePG",
        path: noun(service, "databases", database.name.get()),
        at: Origin::spec(database.at),
        becomes: "Cluster",
        remove: format!("databases.{}", database.name.get()),
    });
    let backups = service.databases.iter().filter(|database| has_operator && database.backup.is_some()).map(
        |database| Needs {
            add_on: AddOn::BarmanCloud,
            operator: "the Barman Cloud plugin",
            path: format!("{}.backup", noun(service, "databases", database.name.get())),
            at: Origin::spec(database.at),
            becomes: "ObjectStore",
            remove: format!("databases.{}", database.name.get()),
        },
    );
    let mut all: Vec<Needs> = databases.chain(backups).collect();
    for workload in &service.workloads {
        let (path, name) = (path_of(service, workload), workload.name.get());
        if let Replicas::Auto { targets, .. } = &workload.replicas
            && let Some(queue) = &targets.queue
        {
            all.push(Needs {
                add_on: AddOn::Keda,
                operator: "KEDA",
                path: format!("{path}.scale.queue"),
                at: Origin::spec(queue.at),
                becomes: "ScaledObject",
                remove: format!("workloads.{name}.scale.queue"),
            });
        }
        if let Replicas::Auto { targets, .. } = &workload.replicas
            && let Some(rps) = &targets.rps
        {
            all.push(Needs {
                add_on: AddOn::PrometheusAdapter,
                operator: "the Prometheus adapter",
                path: format!("{path}.scale.rps"),
                at: rps.origin(),
                becomes: "HorizontalPodAutoscaler on `http_requests_per_second`, a metric",
                remove: format!("workloads.{name}.scale.rps"),
            });
        }
        all.extend(workload.outside_checks.iter().map(|outside| Needs {
            add_on: AddOn::PrometheusOperator,
            operator: "prometheus-operator",
            path: format!("{path}.{}", outside.key),
            at: outside.because,
            becomes: "Probe",
            remove: format!("workloads.{name}.{}", outside.key),
        }));
        if *workload.resize.get() != Resize::Off {
            all.push(Needs {
                add_on: AddOn::Vpa,
                operator: "the vertical pod autoscaler",
                path: format!("{path}.resize"),
                at: workload.resize.origin(),
                becomes: "VerticalPodAutoscaler",
                remove: format!("workloads.{name}.resize"),
            });
        }
    }
    all
}

/// Copies that are asked for where Velero is not.
fn no_velero<'c>(cx: &'c Context<'c>) -> Option<Finding<'c>> {
    let platform = &cx.system.environment.platform;
    let table = cx.system.environment.file.platform.as_ref()?.velero.as_ref()?;
    let declined = table.backup.is_some_and(|backup| !*backup.get());
    if declined || platform.has(AddOn::Velero) {
        return None;
    }
    let declared = platform.add_ons.at.map_or(platform.origin, Origin::spec);
    let title = format!("`platform.velero` needs Velero, which `{}` does not declare", cx.environment());
    let finding = cx
        .find(&CHECK, title)
        .at_key(platform.velero.at, "nothing is copied")
        .also_key(declared, "`\"velero\"` is not among the add-ons here")
        .note("without Velero the API server does not know its Schedule, so none is written")
        .help(format!("if the cluster has it, write {}", with_add_on(cx, AddOn::Velero)))
        .help("else delete the table, or write `backup = false` in it");
    Some(finding)
}

/// The line that declares an add-on beside the others, and where it belongs.
fn with_add_on(cx: &Context<'_>, add_on: AddOn) -> String {
    let platform = &cx.system.environment.platform;
    let words = platform.add_ons.iter().map(|declared| declared.get().word()).chain([add_on.word()]);
    let list: Vec<String> = words.map(|word| format!("\"{word}\"")).collect();
    format!("`add_ons = [{}]` below `[platform]` in `{}`", list.join(", "), cx.environment_file())
}

/// Secrets that External Secrets makes; with a store it is there as well.
fn made(cx: &Context<'_>, service: &Service) -> Vec<Needs> {
    if *cx.system.environment.platform.makes_passwords().get() {
        return Vec::new();
    }
    let secrets = service.secrets.iter();
    let made = secrets.filter_map(|secret| Some((secret, secret.made.as_ref()?)));
    let needs = made.map(|(secret, made)| Needs {
        add_on: AddOn::ExternalSecrets,
        operator: "External Secrets",
        path: format!("{}.generate", noun(service, "secrets", secret.name.get())),
        at: Origin::spec(made.at),
        becomes: "Password",
        remove: format!("secrets.{}.generate", secret.name.get()),
    });
    needs.collect()
}

fn run(cx: &Context<'_>, found: &mut Found) {
    if let Some(finding) = no_velero(cx) {
        found.push(finding);
    }
    for service in &cx.system.services {
        for needs in made(cx, service) {
            found.push(missing(cx, service, &needs));
        }
        let needed = needs_of(service, cx.system.environment.platform.has(AddOn::Cnpg));
        for needs in needed.iter().filter(|needs| !cx.system.environment.platform.has(needs.add_on)) {
            found.push(missing(cx, service, needs));
        }
    }
}
