//! A port of the node that only root may open.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::Traced;
use crate::system::{Port, Service, Workload};

pub(super) const CHECK: Check = check!("privileged-port", Deny, One(run));

/// The first port that every user may open (Linux, `net.ipv4.ip_unprivileged_port_start`).
const FIRST: u16 = 1024;

fn privileged<'c>(cx: &'c Context<'c>, service: &Service, workload: &Workload, port: &Port) -> Finding<'c> {
    let (path, number) = (path_of(service, workload), port.number.get());
    let better = 8000 + u32::from(*number);
    cx.find(&CHECK, format!("`{path}` listens on port {number} of the node, which only root may open"))
        .at(port.number.origin(), format!("below {FIRST}"))
        .note("in a network of its own a pod may open every port; on the node's the program runs as a user without rights")
        .help(format!("let it listen on {better}, or do without `host_network`"))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let Some(security) = workload.security() else { continue };
        let is_on = |switch: Option<Traced<bool>>| switch.is_some_and(|on| *on.get());
        if !is_on(security.host_network) || is_on(security.root) {
            continue;
        }
        for port in workload.ports.iter().filter(|port| *port.number.get() < FIRST) {
            found.push(privileged(cx, service, workload, port));
        }
    }
}
