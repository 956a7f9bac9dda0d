//! Two routes for the same requests.

use std::collections::BTreeMap;

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::system::workload::Route;
use crate::system::{Service, Workload};
use crate::text::Text;

pub(super) const CHECK: Check = check!("route-host-conflict", Error, One(run));

#[derive(Clone, Copy)]
struct Routed<'a> {
    service: &'a Service,
    workload: &'a Workload,
    route: &'a Route,
}

impl Routed<'_> {
    fn name(&self) -> String {
        path_of(self.service, self.workload)
    }
}

fn same_path<'c>(
    cx: &'c Context<'c>,
    first: (Routed<'_>, &Traced<Text>),
    second: (Routed<'_>, &Traced<Text>),
) -> Finding<'c> {
    let (host, path) = (second.0.route.host.get(), second.1.get());
    let (one, other) = (first.0.name(), second.0.name());
    if one == other {
        return cx
            .find(&CHECK, format!("the route of `{other}` has `{path}` twice"))
            .at(second.1.origin(), "the same again")
            .also(first.1.origin(), "listed here already")
            .help("delete one of the two");
    }
    cx.find(&CHECK, format!("`{one}` and `{other}` both take `{host}{path}`"))
        .at(second.1.origin(), format!("taken by `{other}`"))
        .at_key(second.0.route.because, format!("`{other}` takes every path"))
        .also(second.0.route.host.origin(), "on this host")
        .also(path_or_route(cx, first), format!("taken by `{one}`"))
        .also(first.0.route.host.origin(), "on the same host")
        .note(
            "the older route wins and the other is dead; which one is older differs from cluster to cluster",
        )
        .help("give each its own host, or its own paths: `paths = [\"/v1/orders\"]`")
}

/// Where a path stands; the table of a route that takes every path.
fn path_or_route(cx: &Context<'_>, (routed, path): (Routed<'_>, &Traced<Text>)) -> Origin {
    if cx.node(path.origin()).is_some() { path.origin() } else { routed.route.because }
}

fn same_listener<'c>(cx: &'c Context<'c>, first: Routed<'_>, second: Routed<'_>) -> Finding<'c> {
    let host = second.route.host.get();
    let listener_sets = &cx.system.environment.platform.listener_sets;
    let title = format!("`{}` and `{}` both bring a listener for `{host}`", first.name(), second.name());
    cx.find(&CHECK, title)
        .at(second.route.host.origin(), "a second listener for the host")
        .also(first.route.host.origin(), "the first one")
        .also(listener_sets.origin(), "each routed workload brings its own listener here")
        .note("two listeners for one host and port are in conflict, and the Gateway takes only the older one")
        .help("give each workload its own host, or turn `listener_sets` off")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    let listener_sets = *cx.system.environment.platform.listener_sets.get();
    let (mut hosts, mut paths) = (BTreeMap::new(), BTreeMap::new());
    for (service, workload) in cx.system.workloads() {
        let Some(route) = &workload.route else { continue };
        let routed = Routed { service, workload, route };
        let mut is_told = false;
        for path in &route.paths {
            match paths.get(&(route.host.get(), path.get())) {
                Some(first) => {
                    is_told = true;
                    found.push(same_path(cx, *first, (routed, path)));
                }
                None => {
                    paths.insert((route.host.get(), path.get()), (routed, path));
                }
            }
        }
        match hosts.get(route.host.get()) {
            Some(first) if listener_sets && !is_told => found.push(same_listener(cx, *first, routed)),
            Some(_) => {}
            None => {
                hosts.insert(route.host.get(), routed);
            }
        }
    }
}
