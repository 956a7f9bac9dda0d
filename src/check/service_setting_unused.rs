//! A setting of a Service that means nothing for its type, or names a port that there is not.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::spec::decode::Choice;
use crate::spec::workload::{ServiceSettings, ServiceType};
use crate::system::Workload;
use crate::value::Value;

pub(super) const CHECK: Check = check!("service-setting-unused", Error, One(run));

fn unused<'c>(cx: &'c Context<'c>, of: &str, key: &str, at: Origin, kind: ServiceType) -> Finding<'c> {
    cx.find(&CHECK, format!("`{key}` means nothing for `{of}`, which is of type `{}`", kind.word()))
        .at_key(at, "read by nothing")
        .help("delete the key, or write the `type` that it belongs to")
}

fn no_port<'c>(cx: &'c Context<'c>, of: &str, name: &str, at: Origin) -> Finding<'c> {
    cx.find(&CHECK, format!("`{of}` names a port `{name}`, which is in no Service of the workload"))
        .at(at, "no such port")
        .help("name `http` or `grpc`, the main port of these kinds, `main` of a `stateful` workload, or a port of `ports`")
}

fn judge(cx: &Context<'_>, of: &str, workload: &Workload, settings: &ServiceSettings, found: &mut Found) {
    use ServiceType::{Cluster, Headless, LoadBalancer, NodePort};
    let kind = settings.kind.map_or(Cluster, |kind| *kind.get());
    let keys = [
        (
            "external_traffic",
            settings.external_traffic.as_ref().map(Traced::origin),
            &[LoadBalancer, NodePort][..],
        ),
        ("source_ranges", settings.source_ranges.at.map(Origin::spec), &[LoadBalancer]),
        ("load_balancer_class", settings.load_balancer_class.as_ref().map(Traced::origin), &[LoadBalancer]),
        ("not_ready", settings.not_ready.as_ref().map(Traced::origin), &[Headless]),
        ("zone", settings.zone.as_ref().map(Traced::origin), &[Cluster, LoadBalancer, NodePort]),
        ("sticky", settings.sticky.as_ref().map(Traced::origin), &[Cluster, LoadBalancer, NodePort]),
        (
            "node_ports",
            settings.node_ports.iter().next().map(|(_, entry)| entry.key.origin()),
            &[LoadBalancer, NodePort],
        ),
    ];
    for (key, at, kinds) in keys {
        if let (Some(at), false) = (at, kinds.contains(&kind)) {
            found.push(unused(cx, of, key, at, kind));
        }
    }
    let has = |name: &str| workload.service_ports().any(|port| port.name.get() == name);
    for port in settings.ports.iter().filter(|port| !has(&port.get().text())) {
        found.push(no_port(cx, of, &port.get().text(), port.origin()));
    }
    for (name, entry) in settings.node_ports.iter().filter(|(name, _)| !has(name)) {
        found.push(no_port(cx, of, name, entry.key.origin()));
    }
}

fn port_of_further<'c>(cx: &'c Context<'c>, of: &str, at: Origin) -> Finding<'c> {
    cx.find(&CHECK, format!("`port` means nothing for `{of}`, a further Service"))
        .at(at, "read by nothing")
        .help("write it into `service`: all Services of a workload have the same ports")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let path = path_of(service, workload);
        if let Some(settings) = &workload.service {
            judge(cx, &format!("{path}.service"), workload, settings, found);
        }
        for (name, entry) in workload.services.iter() {
            let of = format!("{path}.services.{name}");
            judge(cx, &of, workload, &entry.value, found);
            if let Some(port) = &entry.value.port {
                found.push(port_of_further(cx, &of, port.origin()));
            }
        }
    }
}
