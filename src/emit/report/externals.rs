//! What a reviewer of calls to the outside asks: who holds programs to it, how patient they are, and what nobody enforces.

use serde::Serialize;

use crate::system::patience::Retry;
use crate::system::{External, Service, System, Way};
use crate::value::{Duration, Value as _};

/// One service of others.
#[derive(Serialize)]
pub(super) struct Outside {
    external: String,
    host: String,
    way: String,
    tries: String,
    worst: String,
    circuit: String,
}

fn externals(system: &System) -> impl Iterator<Item = (&Service, &External)> {
    system
        .services
        .iter()
        .flat_map(|service| service.externals.iter().map(move |external| (service, external)))
}

/// What holds programs to it, in words.
fn way(external: &External) -> String {
    match external.way.get() {
        Way::Cluster(namespace) => format!("NetworkPolicy: namespace {namespace}"),
        Way::Address(address) => format!("NetworkPolicy: {address}"),
        Way::Ranges => {
            let ranges: Vec<String> = external.cidrs.iter().map(|cidr| cidr.get().to_string()).collect();
            format!("NetworkPolicy: {}", ranges.join(", "))
        }
        Way::Waypoint => "Istio's waypoint: the host".to_owned(),
        Way::Host => "CiliumNetworkPolicy: the host".to_owned(),
        Way::Anywhere => "nothing".to_owned(),
    }
}

pub(super) fn rows(system: &System) -> Vec<Outside> {
    let millis = |millis| Duration::from_millis(millis).text().into_owned();
    let row = |(service, external): (&Service, &External)| {
        let (host, port) = (external.url.get().host(), external.url.get().port_or_default());
        let waits: Vec<String> = external.retry.iter().flat_map(Retry::waits).map(millis).collect();
        let tries = match external.attempts() {
            1 => "1".to_owned(),
            tries => format!("{tries}, after {}", waits.join(", ")),
        };
        Outside {
            external: format!("{}.externals.{}", service.name.get(), external.name.get()),
            host: format!("{host}:{port}"),
            way: way(external),
            tries,
            worst: format!("{} = {}", external.patience().worst_terms(), millis(external.patience().worst())),
            circuit: external.circuit.as_ref().map_or_else(
                || "-".to_owned(),
                |circuit| {
                    let (window, open) = (circuit.window.get().text(), circuit.open.get().text());
                    format!("{} failures in {window} stop it for {open}", circuit.failures.get())
                },
            ),
        }
    };
    externals(system).map(row).collect()
}

/// What is declared of services of others and not enforced by anything that specc writes.
pub(super) fn open(system: &System) -> Vec<String> {
    let mut open = Vec::new();
    for (service, external) in externals(system) {
        let path = format!("{}.externals.{}", service.name.get(), external.name.get());
        let (host, port) = (external.url.get().host(), external.url.get().port_or_default());
        let mut add = |what: String| open.push(format!("{path}: {what}"));
        if *external.way.get() == Way::Anywhere {
            let accepted = external.any_address.as_ref().map_or_else(String::new, |accepted| {
                let until = accepted.until.as_ref().map(|until| format!(" until {}", until.get().0));
                format!("; accepted{}: {}", until.unwrap_or_default(), accepted.reason.get())
            });
            add(format!(
                "host names are not enforced here, so who uses {host} may reach every public address on port {port}{accepted}"
            ));
        }
        let is_mesh = *external.way.get() == Way::Waypoint;
        if external.circuit.is_some() && !is_mesh {
            add("the circuit is up to the program; no mesh stops its calls".to_owned());
        }
        if external.circuit.is_some() && is_mesh && external.url.get().scheme() == "https" {
            add("the waypoint passes TLS on, so its circuit counts connections that fail, not answers"
                .to_owned());
        }
    }
    for service in &system.services {
        for managed in service.managed.iter().filter(|managed| managed.cidrs.is_empty()) {
            let (service, name) = (service.name.get(), managed.name.get());
            let (host, port) = (managed.host.get(), managed.port.get());
            open.push(format!(
                "{service}.databases.{name}: who uses {host} may reach every public address on port {port}"
            ));
        }
    }
    open
}
