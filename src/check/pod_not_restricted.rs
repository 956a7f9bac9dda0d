//! A pod that may do more than the restricted Pod Security Standard allows.

use super::context::{Finding, noun, path_of};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::workload::{PodLevel, Security};
use crate::system::{Manifests, Service, Workload};

pub(super) const CHECK: Check = check!("pod-not-restricted", Deny, One(run));

fn loosened<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    security: &Security,
) -> Finding<'c> {
    let (path, namespace) = (path_of(service, workload), service.namespace.get());
    let level = workload.level().word();
    let title = format!("`{path}` asks for rights that only the level `{level}` of Pod Security allows");
    let finding = cx
        .find(&CHECK, title)
        .at_key(Origin::spec(security.at), format!("reason: {}", security.reason.get()));
    let finding = workload.of_node().fold(finding, |finding, (what, at)| finding.also(at, what));
    finding
        .note(format!("the whole namespace `{namespace}` is opened to that level, for all its pods"))
        .help("do without: write below `writable`, run as a user of the image, take a Service for a port of the node")
        .help(format!(
            "else give the service a `namespace` of its own, and agree on it in `specc.toml`: `[checks.{}]` with `level = \"warn\"` and a `reason`",
            CHECK.slug
        ))
}

fn taken<'c>(cx: &'c Context<'c>, service: &Service, manifests: &Manifests) -> Finding<'c> {
    let (name, level) = (noun(service, "manifests", manifests.name.get()), manifests.allowed().word());
    let origin = manifests.level.map_or(Origin::spec(manifests.at), |level| level.origin());
    let reason = manifests.reason.as_ref().map_or("no reason is given", |reason| reason.get().as_str());
    cx.find(&CHECK, format!("`{name}` asks for the level `{level}` of Pod Security"))
        .at(origin, format!("reason: {reason}"))
        .note(format!("the whole namespace `{}` is opened to that level, for all its pods", service.namespace.get()))
        .help("do without, or give the service a `namespace` of its own")
        .help(format!(
            "where it is meant, agree on it in `specc.toml`: `[checks.{}]` with `level = \"warn\"` and a `reason`",
            CHECK.slug
        ))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for manifests in service.manifests.iter().filter(|m| m.allowed() > PodLevel::Restricted) {
            found.push(taken(cx, service, manifests));
        }
    }
    for (service, workload) in cx.system.workloads() {
        // without a reason another check refuses it
        let Some(security) = workload.security() else { continue };
        if workload.level() > PodLevel::Restricted {
            found.push(loosened(cx, (service, workload), security));
        }
    }
}
