//! A route in an environment that has nothing to let callers in.

use super::context::Finding;
use super::routed::{Routed, routes};
use super::{Check, Context, Found};

pub(super) const CHECK: Check = check!("gateway-missing", Error, One(run));

fn no_gateway<'c>(cx: &'c Context<'c>, of: Routed<'_>) -> Finding<'c> {
    let title = format!("`{}` has a route, and `{}` names no Gateway", of.workload_path(), cx.environment());
    cx.find(&CHECK, title)
        .at_key(of.route.because, "attaches to `platform.gateway`")
        .also_key(cx.system.environment.platform.origin, "no `gateway` here")
        .note("a route that attaches to nothing is never served")
        .help(format!(
            "write `gateway = \"<namespace>/<name>\"` below `[platform]` in `{}`, or `ingress_class = \"<class>\"` where the cluster has no Gateway",
            cx.environment_file()
        ))
        .help(format!(
            "or, if it is not reached from outside here, {}",
            cx.remove(of.service, &of.key())
        ))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    let platform = &cx.system.environment.platform;
    if platform.gateway.is_none() && platform.ingress_class.is_none() {
        routes(cx).for_each(|of| found.push(no_gateway(cx, of)));
    }
}
