//! Certificates without anybody who signs them.

use super::context::Finding;
use super::routed::{Routed, routes};
use super::{Check, Context, Found};

pub(super) const CHECK: Check = check!("issuer-missing", Error, One(run));

fn no_issuer<'c>(cx: &'c Context<'c>, of: Routed<'_>) -> Finding<'c> {
    let platform = &cx.system.environment.platform;
    let title =
        format!("`{}` gives each route a certificate of its own, and names no issuer", cx.environment());
    cx.find(&CHECK, title)
        .at(platform.listener_sets.origin(), "each routed workload brings a certificate")
        .also_key(of.route.because, format!("`{}` would wait for one for ever", of.workload_path()))
        .note("a listener without a certificate serves nothing")
        .help(format!(
            "write `issuer = \"<ClusterIssuer>\"` below `[platform]` in `{}`, or delete `listener_sets`",
            cx.environment_file()
        ))
        .help("or name a Secret that holds one: `certificate = \"<secret>\"` in the route")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    let platform = &cx.system.environment.platform;
    if platform.gateway.is_none() || platform.issuer.is_some() || !*platform.listener_sets.get() {
        return;
    }
    let lacks = |of: &Routed<'_>| {
        let mut hosts = of.route.all_hosts().filter(|host| host.is_own);
        !of.route.is_passed_through() && hosts.any(|host| host.kept.certificate.is_none())
    };
    routes(cx).find(lacks).into_iter().for_each(|of| found.push(no_issuer(cx, of)));
}
