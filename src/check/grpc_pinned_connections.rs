//! Calls of gRPC that all go to one pod.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::workload::{ServiceSettings, ServiceType, WorkloadKind};
use crate::system::{Replicas, Service, Workload};

pub(super) const CHECK: Check = check!("grpc-pinned-connections", Warn, One(run));

fn pinned<'c>(cx: &'c Context<'c>, (service, workload): (&Service, &Workload), at: Origin) -> Finding<'c> {
    let (path, name) = (path_of(service, workload), workload.name.get());
    let caller = workload.callers.first();
    let theirs = caller.and_then(|caller| cx.system.workload(caller.from));
    let by = theirs.map_or(String::new(), |(service, workload)| path_of(service, workload));
    let finding = cx
        .find(&CHECK, format!("all calls of `{by}` to `{path}` go to one of its pods"))
        .at_key(Origin::spec(workload.at), "one address for all pods")
        .also(at, "more than one pod");
    let finding = match caller {
        Some(caller) => finding.also(caller.because, "keeps one connection"),
        None => finding,
    };
    let platform = &cx.system.environment.platform;
    let mesh = platform.has_mesh().then(|| platform.mesh.origin());
    finding
        .maybe_also(mesh, "balances connections, not calls")
        .note("gRPC sends all calls over one connection, and the address of a Service chooses a pod for each connection, not for each call; a mesh that only knows connections does not help")
        .help(format!(
            "write `[workloads.{name}.service]` with `type = \"headless\"` and let clients balance over the pods: `dns:///` before the address, and the policy `round_robin`"
        ))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let several = match &workload.replicas {
            Replicas::Fixed(count) => (*count.get() > 1).then(|| count.origin()),
            Replicas::Auto { max, .. } => (*max.get() > 1).then(|| max.origin()),
            Replicas::None(_) => None,
        };
        let is_headless = |settings: &ServiceSettings| {
            settings.kind.is_some_and(|kind| *kind.get() == ServiceType::Headless)
        };
        let further = workload.services.iter().map(|(_, entry)| &entry.value);
        let is_known = workload.service.iter().chain(further).any(is_headless);
        if let Some(at) = several
            && *workload.kind.get() == WorkloadKind::Grpc
            && !workload.callers.is_empty()
            && !is_known
        {
            found.push(pinned(cx, (service, workload), at));
        }
    }
}
