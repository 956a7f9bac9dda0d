//! A route that callers reach without encryption, outside of dev.

use super::context::Finding;
use super::routed::{Routed, is_encrypted, routes};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::environment::Tier;

pub(super) const CHECK: Check = check!("route-without-tls", Deny, One(run));

fn all_listeners<'c>(cx: &'c Context<'c>, of: Routed<'_>, gateway: Origin) -> Finding<'c> {
    let environment = cx.environment();
    let file = cx.environment_file();
    cx.find(&CHECK, format!("`{}` can be reached without encryption in `{environment}`", of.workload_path()))
        .at_key(of.route.because, "attaches to every listener of the Gateway, those without TLS included")
        .also_key(gateway, "which of its listeners decrypts is not said")
        .note("passwords and session cookies that are sent once in the clear are lost")
        .help(format!(
            "write `gateway_listeners = {{ https = \"<listener>\", http = \"<listener>\" }}` below `[platform]` in `{file}`: routes attach to the first, and requests to the second are sent on to it",
        ))
        .help(format!(
            "or let routes bring listeners and certificates of their own: `listener_sets = true` and `issuer = \"<ClusterIssuer>\"` in `{file}`",
        ))
}

fn no_certificate<'c>(cx: &'c Context<'c>, of: Routed<'_>, class: Origin) -> Finding<'c> {
    let environment = cx.environment();
    cx.find(&CHECK, format!("`{}` can be reached without encryption in `{environment}`", of.workload_path()))
        .at_key(of.route.because, "an Ingress without a certificate is served in the clear")
        .also_key(class, "no `issuer` beside it")
        .note("passwords and session cookies that are sent once in the clear are lost")
        .help(format!(
            "if the cluster has cert-manager, write `issuer = \"<ClusterIssuer>\"` below `[platform]` in `{}`",
            cx.environment_file()
        ))
        .help("or name a Secret that holds a certificate: `certificate = \"<secret>\"` in the route")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    if cx.is_tier(Tier::Dev) {
        return;
    }
    let platform = &cx.system.environment.platform;
    let mut decrypted = routes(cx).filter(|of| !of.route.is_passed_through());
    match (&platform.gateway, &platform.ingress_class) {
        // what the platform lacks is said once
        (Some(gateway), _) if !is_encrypted(cx) => {
            let first = decrypted.next().map(|of| all_listeners(cx, of, gateway.origin()));
            if let Some(finding) = first {
                found.push(finding);
            }
        }
        (None, Some(class)) if platform.issuer.is_none() => {
            let lacks = |of: &Routed<'_>| of.route.hosts.iter().any(|host| host.kept.certificate.is_none());
            let lacking = decrypted.find(lacks).map(|of| no_certificate(cx, of, class.origin()));
            if let Some(finding) = lacking {
                found.push(finding);
            }
        }
        _ => {}
    }
}
