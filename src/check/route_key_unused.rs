//! A key of a route that means nothing for what carries it.

use super::context::Finding;
use super::routed::{Routed, routes};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::system::workload::Carrier;

pub(super) const CHECK: Check = check!("route-key-unused", Error, One(run));

fn unused<'c>(cx: &'c Context<'c>, of: Routed<'_>, key: &str, at: Origin, why: &Why) -> Finding<'c> {
    let layered = cx.apart(at, why.because).then(|| cx.remove(of.service, &format!("{}.{key}", of.key())));
    cx.find(&CHECK, format!("`{key}` means nothing for `{}`, {}", of.path(), why.which))
        .at_key(at, "read by nothing")
        .also_key(why.because, why.label)
        .note(why.note)
        .help(why.help)
        .maybe_help(layered)
}

/// Why keys mean nothing.
struct Why {
    which: &'static str,
    because: Origin,
    label: &'static str,
    note: &'static str,
    help: &'static str,
}

fn judge(cx: &Context<'_>, of: Routed<'_>, found: &mut Found) {
    let (written, platform) = (&of.route.written, &cx.system.environment.platform);
    let passed = written.tls.as_ref().filter(|_| of.route.is_passed_through());
    let certificate = written.certificate.as_ref().map(|name| ("certificate", name.origin()));
    if let Some(tls) = passed {
        let why = Why {
            which: "which is passed through",
            because: tls.origin(),
            label: "the program decrypts",
            note: "what only the program can decrypt nobody else can look into: the Gateway sees the host alone",
            help: "delete the key and let the program do it, or delete `tls = \"passthrough\"` and let the Gateway decrypt",
        };
        for (key, at) in of.looks_into_requests().into_iter().chain(certificate) {
            found.push(unused(cx, of, key, at, &why));
        }
        return;
    }
    if of.carrier() == Carrier::Grpc {
        let why = Why {
            which: "which carries calls of gRPC",
            because: of.workload.kind.origin(),
            label: "its route is a `GRPCRoute`",
            note: "a `GRPCRoute` matches services, methods and headers; a call brings its own deadline, and browsers make none",
            help: "delete the key; a program that serves both has a further port for HTTP, and a route with `port`",
        };
        let keys = of.looks_into_requests().into_iter();
        for (key, at) in keys
            .filter(|(key, _)| matches!(*key, "methods" | "rewrite" | "cors" | "timeout" | "redirect_from"))
        {
            found.push(unused(cx, of, key, at, &why));
        }
    }
    if let (Some((key, at)), Some(gateway)) = (certificate, &platform.gateway)
        && !*platform.listener_sets.get()
    {
        let why = Why {
            which: "which attaches to the Gateway itself",
            because: gateway.origin(),
            label: "its own listener decrypts, with its own certificate",
            note: "a certificate belongs to a listener, and this route brings none",
            help: "delete the key, or write `listener_sets = true` below `[platform]`, so that routes bring listeners",
        };
        found.push(unused(cx, of, key, at, &why));
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    routes(cx).for_each(|of| judge(cx, of, found));
}
