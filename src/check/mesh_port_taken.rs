//! A port that a program of the mesh cannot have.

use super::context::path_of;
use super::{Check, Context, Found};
use crate::k8s::HBONE;

pub(super) const CHECK: Check = check!("mesh-port-taken", Error, One(run));

/// The ports that the node's proxy opens inside of each pod: for what goes out, for what comes in in plain text, for what
/// comes in wrapped, for names (Istio source, `cni/pkg/iptables`).
const TAKEN: [u16; 4] = [15001, 15006, HBONE, 15053];

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads().filter(|(_, workload)| cx.system.is_meshed(workload)) {
        let ports = workload.ports.iter().chain(workload.containers().flat_map(|container| &container.ports));
        for port in ports.filter(|port| TAKEN.contains(port.number.get())) {
            let (path, number) = (path_of(service, workload), port.number.get());
            found.push(
                cx.find(&CHECK, format!("`{path}` listens on {number}, which the mesh has taken"))
                    .at(port.number.origin(), "the node's proxy listens here, inside of the pod")
                    .also(cx.system.environment.platform.mesh.origin(), "the mesh")
                    .note("a program that binds the port fails, or gets what was not meant for it")
                    .help("take another port, below 15000"),
            );
        }
    }
}
