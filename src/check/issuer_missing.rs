//! Certificates without anybody who signs them.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::system::workload::Route;
use crate::system::{Service, Workload};

pub(super) const CHECK: Check = check!("issuer-missing", Error, One(run));

fn no_issuer<'c>(cx: &'c Context<'c>, service: &Service, workload: &Workload, route: &Route) -> Finding<'c> {
    let platform = &cx.system.environment.platform;
    let title =
        format!("`{}` gives each route a certificate of its own, and names no issuer", cx.environment());
    cx.find(&CHECK, title)
        .at(platform.listener_sets.origin(), "each routed workload brings a certificate")
        .also_key(route.because, format!("`{}` would wait for one for ever", path_of(service, workload)))
        .note("a listener without a certificate serves nothing")
        .help(format!(
            "write `issuer = \"<ClusterIssuer>\"` below `[platform]` in `{}`, or delete `listener_sets`",
            cx.environment_file()
        ))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    let platform = &cx.system.environment.platform;
    if platform.issuer.is_some() || !*platform.listener_sets.get() {
        return;
    }
    let mut routed = cx.system.workloads().filter_map(|(s, w)| Some((s, w, w.route.as_ref()?)));
    if let Some((service, workload, route)) = routed.next() {
        found.push(no_issuer(cx, service, workload, route));
    }
}
