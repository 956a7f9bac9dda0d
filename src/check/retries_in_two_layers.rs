//! A client and a mesh that both try again.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::system::patience::Retry;
use crate::system::{External, Service, Way};

pub(super) const CHECK: Check = check!("retries-in-two-layers", Deny, One(run));

/// Istio's proxies try an HTTP request twice more unless told otherwise (Istio docs, "Traffic Management", retries). What is
/// encrypted they only pass on.
const OF_MESH: u32 = 3;

fn twice<'c>(cx: &'c Context<'c>, service: &Service, external: &External, retry: &Retry) -> Finding<'c> {
    let (path, tries) = (noun(service, "externals", external.name.get()), external.attempts());
    let product = tries.saturating_mul(OF_MESH);
    cx.find(
        &CHECK,
        format!(
            "a call of `{path}` may become {product}: {tries} tries of the client x {OF_MESH} of the mesh"
        ),
    )
    .at(retry.attempts.origin(), format!("{tries} tries of the client"))
    .also(external.url.origin(), "`http`, so the waypoint sees the requests, and tries each again itself")
    .also(cx.system.environment.platform.egress.origin(), "through Istio's waypoint")
    .note("two layers that retry multiply, and neither knows of the other")
    .help(format!(
        "write `url = \"https://{}{}\"`: the waypoint then passes it on as it is",
        external.url.get().host(),
        external.url.get().path()
    ))
    .help("or leave the tries to the mesh: `attempts = 1`")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for external in service.externals.iter().filter(|external| *external.way.get() == Way::Waypoint) {
            if let Some(retry) = &external.retry
                && external.attempts() > 1
                && external.url.get().scheme() == "http"
            {
                found.push(twice(cx, service, external, retry));
            }
        }
    }
}
