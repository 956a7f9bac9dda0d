//! A route in an environment that names no Gateway.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::system::workload::Route;
use crate::system::{Service, Workload};

pub(super) const CHECK: Check = check!("gateway-missing", Error, One(run));

fn no_gateway<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    route: &Route,
) -> Finding<'c> {
    let path = path_of(service, workload);
    cx.find(&CHECK, format!("`{path}` has a route, and `{}` names no Gateway", cx.environment()))
        .at_key(route.because, "attaches to `platform.gateway`")
        .also_key(cx.system.environment.platform.origin, "no `gateway` here")
        .note("a route that attaches to nothing is never served")
        .help(format!(
            "write `gateway = \"<namespace>/<name>\"` below `[platform]` in `{}`",
            cx.environment_file()
        ))
        .help(format!(
            "or, if it is not reached from outside here, {}",
            cx.remove(service, &format!("workloads.{}.route", workload.name.get()))
        ))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    if cx.system.environment.platform.gateway.is_some() {
        return;
    }
    for (service, workload) in cx.system.workloads() {
        if let Some(route) = &workload.route {
            found.push(no_gateway(cx, (service, workload), route));
        }
    }
}
