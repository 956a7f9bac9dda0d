//! A key of a route that an Ingress has no field for.

use super::context::Finding;
use super::routed::{Routed, routes};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::system::workload::Carrier;

pub(super) const CHECK: Check = check!("ingress-cannot-express", Error, One(run));

fn no_field<'c>(cx: &'c Context<'c>, of: Routed<'_>, key: &str, at: Origin, class: Origin) -> Finding<'c> {
    let title = format!("`{}` has `{key}`, which an Ingress cannot express", of.path());
    cx.find(&CHECK, title)
        .at_key(at, "no field of an Ingress says this")
        .also_key(class, format!("routes of `{}` are Ingresses", cx.environment()))
        .note("an Ingress knows hosts, paths and certificates; all else is an annotation that one controller reads")
        .help(format!("use a Gateway: write `gateway` in place of `ingress_class` in `{}`", cx.environment_file()))
        .help(format!(
            "or write the annotation that your controller reads into `annotations` of the route, and {}",
            cx.remove(of.service, &format!("{}.{key}", of.key()))
        ))
}

/// What controllers decide by annotations of their own, and nobody here can judge.
fn needs_annotation<'c>(cx: &'c Context<'c>, of: Routed<'_>, class: Origin) -> Option<Finding<'c>> {
    let port = of.route.port(of.workload)?;
    let what = match of.carrier() {
        Carrier::Grpc => "HTTP/2, as gRPC does",
        _ if port.tls.is_some() => "TLS",
        _ => return None,
    };
    of.route.written.annotations.is_empty().then(|| {
        let title = format!("`{}` leads to a port that speaks {what}, which an Ingress cannot express", of.path());
        cx.find(&CHECK, title)
            .at_key(of.route.because, "an ingress controller speaks plain HTTP/1.1 to pods unless it is told otherwise")
            .also_key(class, format!("routes of `{}` are Ingresses", cx.environment()))
            .note("each controller has an annotation of its own for this")
            .help("write the one of your controller, such as `annotations = { \"nginx.ingress.kubernetes.io/backend-protocol\" = \"GRPC\" }`")
            .help(format!("or use a Gateway: write `gateway` in place of `ingress_class` in `{}`", cx.environment_file()))
    })
}

fn run(cx: &Context<'_>, found: &mut Found) {
    let platform = &cx.system.environment.platform;
    let (None, Some(class)) = (&platform.gateway, &platform.ingress_class) else { return };
    for of in routes(cx) {
        let passed = of.route.written.tls.as_ref().filter(|_| of.route.is_passed_through());
        if let Some(tls) = passed.map(Traced::origin) {
            found.push(no_field(cx, of, "tls", tls, class.origin()));
            continue;
        }
        let keys = of.looks_into_requests().into_iter();
        for (key, at) in keys.filter(|(key, _)| !matches!(*key, "paths" | "exact")) {
            found.push(no_field(cx, of, key, at, class.origin()));
        }
        if let Some(finding) = needs_annotation(cx, of, class.origin()) {
            found.push(finding);
        }
    }
}
