//! What the report says of pods: how their health is asked for, what they may do beyond the hardened default, and which
//! objects of others they need.

use serde::Serialize;

use crate::origin::Origin;
use crate::spec::decode::Choice;
use crate::spec::workload::{Security, VolumeKind};
use crate::system::{Health, Question, System, VariableValue, Workload};
use crate::text::Text;
use crate::value::Value as _;

/// How a container is asked for its health.
#[derive(Serialize)]
pub(super) struct Probed {
    container: String,
    asked: String,
    start: String,
    ready: String,
    live: String,
}

/// Something that a workload may do beyond the hardened default.
#[derive(Serialize)]
pub(super) struct Exception {
    object: String,
    may: String,
    level: &'static str,
    reason: String,
    until: String,
}

/// An object that somebody else makes.
#[derive(Serialize)]
pub(super) struct Foreign {
    object: String,
    needs: String,
    optional: bool,
}

/// Every container that is asked.
pub(super) fn probed(system: &System) -> Vec<Probed> {
    let mut rows = Vec::new();
    for (_, workload) in system.workloads() {
        let object = workload.object.get();
        rows.extend(workload.health.as_ref().ok().map(|health| row(object.to_string(), health)));
        for sidecar in &workload.sidecars {
            let container = format!("{object} {}", sidecar.name.get());
            rows.extend(sidecar.health.as_ref().ok().map(|health| row(container, health)));
        }
    }
    rows
}

fn row(container: String, health: &Health) -> Probed {
    let times = |question: &Result<Question, Origin>, timing: &crate::system::Timing| {
        let (period, failures) = (*timing.period.get(), *timing.failures.get());
        let times = format!("{period} s x {failures} = {} s", period.saturating_mul(failures));
        question.as_ref().map_or_else(|_| "not asked".to_owned(), |_| times)
    };
    let start = health.live.as_ref().map(|_| format!("{} s", health.startup.get().seconds_ceil()));
    Probed {
        container,
        asked: asked(health),
        start: start.unwrap_or_else(|_| "not asked".to_owned()),
        ready: times(&health.ready, &health.readiness),
        live: times(&health.live, &health.liveness),
    }
}

/// How both probes ask, in few words where they ask alike.
fn asked(health: &Health) -> String {
    match (&health.live, &health.ready) {
        (
            Ok(Question::Http { path: live, port, .. }),
            Ok(Question::Http { path: ready, port: other, .. }),
        ) if port.get() == other.get() => {
            format!("HTTP {} {} and {}", port.get(), live.get(), ready.get())
        }
        (Ok(live), Ok(ready)) => {
            let (live, ready) = (question(live), question(ready));
            if live == ready { live } else { format!("{live} and {ready}") }
        }
        (Ok(one), Err(_)) | (Err(_), Ok(one)) => question(one),
        (Err(_), Err(_)) => String::new(),
    }
}

fn question(question: &Question) -> String {
    match question {
        Question::Http { path, port, .. } => format!("HTTP {} {}", port.get(), path.get()),
        Question::Grpc { port, .. } => format!("gRPC {}", port.get()),
        Question::Tcp { port } => format!("TCP {}", port.get()),
        Question::Exec { .. } => "a command".to_owned(),
    }
}

/// Every exception, with its reason.
pub(super) fn exceptions(system: &System) -> Vec<Exception> {
    let exception = |workload: &Workload| {
        let security = workload.security()?;
        let of_node = workload.of_node().map(|(what, _)| what);
        Some(Exception {
            object: workload.object.get().to_string(),
            may: may(security).into_iter().chain(of_node).collect::<Vec<_>>().join(", "),
            level: workload.level().word(),
            reason: security.reason.get().to_string(),
            until: security.until.as_ref().map(|day| day.get().0.to_string()).unwrap_or_default(),
        })
    };
    system.workloads().filter_map(|(_, workload)| exception(workload)).collect()
}

fn may(security: &Security) -> Vec<String> {
    let mut all: Vec<String> = security.capabilities.iter().map(|c| c.get().word().to_owned()).collect();
    let switches = [
        ("writes to its image's folders", &security.writable_root),
        ("runs as root", &security.root),
        ("uses the node's network", &security.host_network),
        ("sees the node's processes", &security.host_pid),
    ];
    let is_on = |switch: &Option<crate::origin::Traced<bool>>| switch.is_some_and(|on| *on.get());
    all.extend(switches.iter().filter(|(_, switch)| is_on(switch)).map(|(what, _)| (*what).to_owned()));
    all
}

/// Every object that a pod names and specc does not make.
pub(super) fn foreign(system: &System) -> Vec<Foreign> {
    let mut rows = Vec::new();
    for (service, workload) in system.workloads() {
        let namespace = service.namespace.get();
        for (kind, name, optional) in needed(workload) {
            rows.push(Foreign {
                object: workload.object.get().to_string(),
                needs: format!("{kind} {namespace}/{name}"),
                optional,
            });
        }
    }
    rows
}

/// Kind and name of each, and whether the pod starts without it; sorted, each once.
fn needed(workload: &Workload) -> Vec<(&'static str, Text, bool)> {
    let is_on = |switch: Option<crate::origin::Traced<bool>>| switch.is_some_and(|on| *on.get());
    let text = |name: &crate::value::Subdomain| Text::from(name.text().into_owned());
    let mut all = Vec::new();
    let further = workload.containers().flat_map(|container| &container.variables);
    for variable in workload.variables.iter().chain(further) {
        match &variable.value {
            VariableValue::Foreign(of) => all.push(("Secret", text(of.secret.get()), is_on(of.optional))),
            VariableValue::ConfigMap(of) => {
                all.push(("ConfigMap", text(of.config_map.get()), is_on(of.optional)));
            }
            _ => {}
        }
    }
    for (_, entry) in workload.env_from.iter() {
        let optional = is_on(entry.value.optional);
        all.extend(entry.value.secret.iter().map(|name| ("Secret", text(name.get()), optional)));
        all.extend(entry.value.config_map.iter().map(|name| ("ConfigMap", text(name.get()), optional)));
    }
    for volume in &workload.volumes {
        let kind = match volume.kind.get() {
            VolumeKind::ExistingClaim => "PersistentVolumeClaim",
            VolumeKind::ConfigMap => "ConfigMap",
            VolumeKind::Secret => "Secret",
            _ => continue,
        };
        let optional = is_on(volume.table.optional);
        all.extend(volume.table.name.iter().map(|name| (kind, text(name.get()), optional)));
    }
    if let Some(pod) = &workload.pod {
        all.extend(pod.image_pull_secrets.iter().map(|name| ("Secret", text(name.get()), false)));
        let account = pod.service_account.as_ref().and_then(|account| account.existing.as_ref());
        all.extend(account.map(|name| ("ServiceAccount", text(name.get()), false)));
    }
    all.sort();
    all.dedup_by(|later, first| (later.0, &later.1) == (first.0, &first.1));
    all
}
