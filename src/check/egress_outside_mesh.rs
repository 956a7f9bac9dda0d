//! A waypoint that shall hold programs to host names, and programs that are no part of its mesh.

use super::context::{Call, Finding, noun, path_of};
use super::{Check, Context, Found};
use crate::origin::Traced;
use crate::system::Way;

pub(super) const CHECK: Check = check!("egress-outside-mesh", Error, One(run));

/// There is no mesh at all.
fn without_mesh<'c>(cx: &'c Context<'c>, call: &Call<'_>) -> Finding<'c> {
    let platform = &cx.system.environment.platform;
    let external = noun(call.service, "externals", call.external.name.get());
    let written = cx.system.environment.file.platform.as_ref().and_then(|p| p.mesh.as_ref());
    cx.find(&CHECK, format!("calls of `{external}` shall leave `{}` through a waypoint, and there is no mesh", cx.environment()))
        .at(platform.egress.origin(), "a waypoint of Istio's ambient mesh")
        .maybe_also(written.map(Traced::origin), "no mesh")
        .also(call.external.url.origin(), "outside of the cluster")
        .note("pods reach nothing outside but the waypoint, and it takes only what a mesh has wrapped, so every call fails")
        .help(format!("write `mesh = \"istio-ambient\"` below `[platform]` in `{}`", cx.environment_file()))
        .help("or, if the cluster has none, take away `egress` and give externals their `cidrs`")
}

/// There is one, and the pods are no part of it.
fn on_node<'c>(cx: &'c Context<'c>, call: &Call<'_>) -> Finding<'c> {
    let external = noun(call.service, "externals", call.external.name.get());
    let on_node = call.workload.security().and_then(|security| security.host_network);
    let at = on_node.map_or(call.workload.because, |on| on.origin());
    cx.find(
        &CHECK,
        format!(
            "`{}` cannot reach `{external}`: it is no part of the mesh",
            path_of(call.service, call.workload)
        ),
    )
    .at(at, "on the network of its node, which no mesh redirects")
    .also(call.edge.written.origin(), "through the waypoint")
    .also(cx.system.environment.platform.egress.origin(), "every host name")
    .note("the waypoint takes only what the mesh has wrapped")
    .help("do without `host_network`, or let a workload without it make the calls")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    let calls = cx.calls();
    let mut through = calls.iter().filter(|call| *call.external.way.get() == Way::Waypoint);
    if !cx.system.environment.platform.has_mesh() {
        // one line in one file cures all, so the first is enough
        if let Some(call) = through.next() {
            found.push(without_mesh(cx, call));
        }
        return;
    }
    for call in through.filter(|call| !cx.system.is_meshed(call.workload)) {
        found.push(on_node(cx, call));
    }
}
