//! A feature that the environment's Kubernetes does not have.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::workload::{Resize, Zone};
use crate::value::{KubernetesVersion, Value};

pub(super) const CHECK: Check = check!("kubernetes-too-old", Error, One(run));

/// Something that needs a version.
struct Gate {
    path: String,
    at: Origin,
    /// the field of the API that it becomes
    field: &'static str,
    /// the minor version that serves it by default
    since: u8,
    help: &'static str,
}

fn too_old<'c>(cx: &'c Context<'c>, gate: &Gate) -> Finding<'c> {
    let version = cx.system.environment.platform.kubernetes;
    let have = version.get().text().into_owned();
    let title =
        format!("`{}` needs Kubernetes 1.{}, and `{}` has {have}", gate.path, gate.since, cx.environment());
    let finding = cx
        .find(&CHECK, title)
        .at(gate.at, format!("becomes `{}`", gate.field))
        .also(version.origin(), format!("{have} does not serve that field"));
    let finding = match cx.node(version.origin()) {
        Some(_) => finding,
        None => finding.note(format!("{have} is assumed where `platform.kubernetes` says nothing")),
    };
    finding.note("an older API server refuses the value, or drops it without a word").help(gate.help)
}

fn run(cx: &Context<'_>, found: &mut Found) {
    let have: KubernetesVersion = *cx.system.environment.platform.kubernetes.get();
    for (service, workload) in cx.system.workloads() {
        let path = path_of(service, workload);
        if *workload.resize.get() == Resize::InPlace && have.minor() < 35 {
            let gate = Gate {
                path: format!("{path}.resize"),
                at: workload.resize.origin(),
                field: "resizePolicy, and pods that are resized while they run",
                since: 35,
                help: "write `resize = \"recommend\"`, or raise `platform.kubernetes` when the cluster is there",
            };
            found.push(too_old(cx, &gate));
        }
        let further = workload.services.iter().map(|(name, e)| (format!("{path}.services.{name}"), &e.value));
        let own = workload.service.iter().map(|s| (format!("{path}.service"), s));
        for (of, settings) in own.chain(further) {
            let Some(zone) = settings.zone.filter(|zone| *zone.get() == Zone::Prefer) else { continue };
            let gate = Gate {
                path: format!("{of}.zone"),
                at: zone.origin(),
                field: "trafficDistribution: PreferSameZone",
                since: 35,
                help: "delete `zone`, or raise `platform.kubernetes` when the cluster is there",
            };
            if have.minor() < gate.since {
                found.push(too_old(cx, &gate));
            }
        }
    }
}
