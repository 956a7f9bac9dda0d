//! A route that leads to no port.

use super::context::{Finding, listed};
use super::routed::{Routed, routes};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::decode::Choice;
use crate::spec::workload::Transport;
use crate::value::Value;

pub(super) const CHECK: Check = check!("route-without-port", Error, One(run));

fn nothing<'c>(cx: &'c Context<'c>, of: Routed<'_>) -> Finding<'c> {
    let (path, workload) = (of.workload_path(), of.workload);
    let names: Vec<&str> = workload.service_ports().map(|port| port.name.get().as_str()).collect();
    match &of.route.written.port {
        Some(name) => {
            let title = format!(
                "`{}` leads to a port `{}`, which no Service of `{path}` has",
                of.path(),
                name.get().text()
            );
            let finding = cx.find(&CHECK, title).at(name.origin(), "no such port");
            let other = workload.ports.iter().find(|port| *port.name.get() == super::routed::text(name));
            let finding = match other {
                Some(port) => {
                    finding.also_key(port.because, "it is for others of the pod, and in no Service")
                }
                None => finding,
            };
            if names.is_empty() {
                finding.help(add_port(of))
            } else {
                finding.help(format!("it has {}", listed(&names)))
            }
        }
        None => cx
            .find(&CHECK, format!("`{path}` has a route, and no port that anybody could call"))
            .at_key(of.route.because, "leads to nothing")
            .also_key(
                Origin::spec(workload.at),
                format!("a `{}` without a port for others", workload.kind.get().word()),
            )
            .help(add_port(of)),
    }
}

fn add_port(of: Routed<'_>) -> String {
    let name = of.workload.name.get();
    format!("give it a port for others: `[workloads.{name}.ports.web]` with `port = 8000`")
}

fn datagrams<'c>(cx: &'c Context<'c>, of: Routed<'_>, port: &crate::system::Port) -> Finding<'c> {
    cx.find(&CHECK, format!("`{}` leads to the port `{}`, which takes UDP", of.path(), port.name.get()))
        .at(of.route.port_because(), "a route carries HTTP and TLS, which need TCP")
        .also(port.transport.origin(), "UDP")
        .help("name a port with TCP; UDP comes in through a Service of `type = \"load-balancer\"`")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for of in routes(cx).filter(|of| of.workload.is_running()) {
        match of.route.port(of.workload) {
            None => found.push(nothing(cx, of)),
            Some(port) if *port.transport.get() == Transport::Udp => found.push(datagrams(cx, of, port)),
            Some(_) => {}
        }
    }
}
