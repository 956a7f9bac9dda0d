//! A port that only root may open.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::spec::workload::Capability;
use crate::system::{Port, Service, Workload};

pub(super) const CHECK: Check = check!("privileged-port", Deny, One(run));

/// The first port that every user may open (Linux, `net.ipv4.ip_unprivileged_port_start`).
const FIRST: u16 = 1024;

fn privileged<'c>(cx: &'c Context<'c>, service: &Service, workload: &Workload, port: &Port) -> Finding<'c> {
    let (path, number) = (path_of(service, workload), port.number.get());
    let better = 8000 + u32::from(*number);
    cx.find(&CHECK, format!("`{path}` listens on port {number}, which only root may open"))
        .at(port.number.origin(), format!("below {FIRST}"))
        .note("the program runs as a user without rights, so on many clusters it cannot start")
        .help(format!(
            "let it listen on {better}; callers need not know, since the Service has a port of its own (`service_port`)"
        ))
        .help("or give it the capability: `pod.security = { reason = \"…\", capabilities = [\"NET_BIND_SERVICE\"] }`")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let may_bind = workload.security().is_some_and(|security| {
            security.root.is_some_and(|root| *root.get())
                || security.capabilities.iter().any(|c| *c.get() == Capability::NetBindService)
        });
        if may_bind {
            continue;
        }
        for port in workload.ports.iter().filter(|port| *port.number.get() < FIRST) {
            found.push(privileged(cx, service, workload, port));
        }
    }
}
