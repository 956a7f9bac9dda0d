//! A feature that the environment's Kubernetes does not have.

use super::context::{Finding, path_of};
use super::fields::{self, Problem, Style};
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

/// A field that is written by hand, for a version that does not serve it.
fn written<'c>(cx: &'c Context<'c>, problem: &Problem, needs: &str) -> Finding<'c> {
    let version = cx.system.environment.platform.kubernetes;
    let have = version.get().text();
    let finding = cx
        .find(&CHECK, format!("{} {needs}, and `{}` has {have}", problem.title, cx.environment()))
        .at_key(Origin::spec(problem.at), "a field of another version")
        .also(version.origin(), format!("{have} does not serve it"));
    finding
        .note("an older API server drops the field without a word")
        .help("delete the line, or write it in the overlays of environments whose clusters serve it")
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
    for patch in cx.system.services.iter().flat_map(|service| &service.patches) {
        let Some(kind) = fields::kind_of_file(patch.object.get()) else { continue };
        for problem in fields::judge(kind, have.minor(), Style::Patch, patch.table.fields()) {
            if let Some(needs) = &problem.version {
                found.push(written(cx, &problem, needs));
            }
        }
    }
    for document in cx.system.services.iter().flat_map(|s| &s.manifests).flat_map(|m| &m.documents) {
        let Some(kind) = crate::api::kind(&document.api_version, &document.kind) else { continue };
        for problem in fields::judge_whole(kind, have.minor(), &document.root) {
            if let Some(needs) = &problem.version {
                found.push(written(cx, &problem, needs));
            }
        }
    }
}
