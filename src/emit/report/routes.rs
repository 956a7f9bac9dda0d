//! What the report says of routes: who is reached from outside, how it is encrypted, and what nobody enforces.

use serde::Serialize;

use crate::spec::workload::Limit;
use crate::system::workload::{Carrier, Outside, Route, RouteHost};
use crate::system::{Platform, System, Workload};
use crate::value::Value as _;

/// A host with what it leads to.
#[derive(Serialize)]
pub(super) struct Row {
    hosts: String,
    paths: String,
    reaches: String,
    encrypted: String,
    timeout: String,
    asked: String,
}

/// Every route.
pub(super) fn rows(system: &System) -> Vec<Row> {
    let platform = &system.environment.platform;
    let of = |workload: &Workload| -> Vec<Row> {
        workload.routes.iter().map(|route| row(platform, workload, route)).collect()
    };
    system.workloads().flat_map(|(_, workload)| of(workload)).collect()
}

/// The paths of a route that are asked from outside, and how often.
fn asked(workload: &Workload, route: &Route) -> String {
    let through = |outside: &&Outside| {
        outside
            .route
            .and_then(|at| workload.routes.get(at))
            .is_some_and(|r| r.object.get() == route.object.get())
    };
    let all = workload.outside_checks.iter().filter(through).map(|outside| {
        let status = outside.status.map_or(String::new(), |status| format!(" for {}", status.get()));
        format!("{}{status} every {}", outside.path.get(), outside.interval.get().text())
    });
    let all: Vec<String> = all.collect();
    if all.is_empty() { "-".to_owned() } else { all.join(", ") }
}

fn row(platform: &Platform, workload: &Workload, route: &Route) -> Row {
    let mut hosts: Vec<String> = route.hosts.iter().map(|host| host.name.get().to_string()).collect();
    hosts.extend(route.moved.iter().map(|host| format!("{} (sent on)", host.name.get())));
    let paths = route.paths.iter().map(|path| {
        if path.is_exact { format!("{} alone", path.text.get()) } else { path.text.get().to_string() }
    });
    let port = route.port(workload);
    let number = port.map_or(String::new(), |port| format!(" {}", port.number.get()));
    let timeout = match (route.carrier(workload), &route.timeout) {
        (Carrier::Http, Some(limit)) if platform.ingress_class.is_none() => match limit.get() {
            Limit::At(time) => time.text().into_owned(),
            Limit::None => "none".to_owned(),
        },
        _ => "not limited here".to_owned(),
    };
    Row {
        hosts: hosts.join(", "),
        paths: if route.is_passed_through() {
            "all".to_owned()
        } else {
            paths.collect::<Vec<_>>().join(", ")
        },
        reaches: format!("{}{number}", workload.object.get()),
        encrypted: encrypted(platform, route, port.is_some_and(|port| port.tls.is_some())),
        timeout,
        asked: asked(workload, route),
    }
}

fn encrypted(platform: &Platform, route: &Route, again: bool) -> String {
    if route.is_passed_through() {
        return "to the program".to_owned();
    }
    let certificate = |host: &RouteHost| match &host.kept.certificate {
        Some(secret) => format!("Secret {}", secret.get()),
        None => match &platform.issuer {
            Some(issuer) => format!("cert-manager, {}", issuer.get()),
            None => String::new(),
        },
    };
    let listener = platform.gateway_listeners.as_ref().and_then(|listeners| listeners.https.as_ref());
    let own = *platform.listener_sets.get() || platform.ingress_class.is_some();
    let by = match (own, listener, route.hosts.first()) {
        (true, _, Some(host)) => certificate(host),
        (false, Some(listener), _) => format!("the Gateway's listener {}", listener.get().text()),
        _ => String::new(),
    };
    match (by.is_empty(), again) {
        (true, _) => "not said".to_owned(),
        (false, true) => format!("{by}; again to the program"),
        (false, false) => by,
    }
}
