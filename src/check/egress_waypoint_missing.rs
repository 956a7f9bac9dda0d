//! Istio shall hold programs to host names, and no waypoint is named that could.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::system::{External, Service, Way};

pub(super) const CHECK: Check = check!("egress-waypoint-missing", Error, One(run));

fn missing<'c>(cx: &'c Context<'c>, service: &Service, external: &External) -> Finding<'c> {
    let path = noun(service, "externals", external.name.get());
    cx.find(
        &CHECK,
        format!("`{}` names no waypoint that calls of `{path}` could leave through", cx.environment()),
    )
    .at(cx.system.environment.platform.egress.origin(), "no `egress_waypoint` beside it")
    .also(external.url.origin(), "outside of the cluster")
    .note("the waypoint is what looks at host names; pods reach nothing outside but through it")
    .help(format!(
        "write `egress_waypoint = \"<namespace>/<name>\"` below `[platform]` in `{}`",
        cx.environment_file()
    ))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    if cx.system.environment.platform.waypoint.is_some() {
        return;
    }
    // one line in one file cures all, so the first is enough
    let all =
        cx.system.services.iter().flat_map(|service| service.externals.iter().map(move |e| (service, e)));
    if let Some((service, external)) = all.into_iter().find(|(_, e)| *e.way.get() == Way::Waypoint) {
        found.push(missing(cx, service, external));
    }
}
