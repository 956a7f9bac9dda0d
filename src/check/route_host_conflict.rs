//! Two routes for the same requests.

use std::collections::BTreeMap;

use super::context::Finding;
use super::routed::{Routed, routes};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::system::workload::{Carrier, RouteHost, RoutePath};
use crate::text::Text;

pub(super) const CHECK: Check = check!("route-host-conflict", Error, One(run));

/// Requests that a route takes: those of a host for a path; of a host that is sent on all.
#[derive(Clone, Copy)]
struct Claim<'a> {
    of: Routed<'a>,
    host: &'a RouteHost,
    path: Option<&'a RoutePath>,
}

impl Claim<'_> {
    /// Where its path stands; the table of a route that takes every path; the host that is sent on.
    fn at(&self, cx: &Context<'_>) -> Origin {
        match self.path {
            Some(path) if cx.node(path.text.origin()).is_some() => path.text.origin(),
            Some(_) => self.of.route.because,
            None => self.host.name.origin(),
        }
    }

    /// Whether a request could be for both and neither is the more special one.
    fn meets(&self, other: &Self) -> bool {
        let (one, two) = (&self.of.route.written, &other.of.route.written);
        let words = |route: &crate::spec::workload::Route| -> Vec<(Text, Text)> {
            let headers = route.headers.iter();
            headers.map(|(name, e)| (name.to_ascii_lowercase().into(), e.value.get().clone())).collect()
        };
        let methods = one.methods.is_empty() && two.methods.is_empty()
            || one.methods.iter().any(|a| two.methods.iter().any(|b| a.get() == b.get()));
        let is_whole = self.path.is_none() || other.path.is_none();
        is_whole || methods && words(one) == words(two)
    }
}

fn same_path<'c>(cx: &'c Context<'c>, first: &Claim<'_>, second: &Claim<'_>) -> Finding<'c> {
    let path = second.path.or(first.path).map_or("/", |path| path.text.get());
    let host = second.host.name.get();
    let (one, other) = (first.of.workload_path(), second.of.workload_path());
    let (theirs, ours) = (first.of.route.because, second.of.route.because);
    if theirs == ours {
        return cx
            .find(&CHECK, format!("the route of `{other}` has `{path}` twice"))
            .at(second.at(cx), "the same again")
            .also(first.at(cx), "listed here already")
            .help("delete one of the two");
    }
    let (one, other) = if one == other { (first.of.path(), second.of.path()) } else { (one, other) };
    let taken = |claim: &Claim<'_>, by: &str| match claim.path {
        Some(_) => format!("taken by `{by}`"),
        None => format!("sent on by `{by}`"),
    };
    cx.find(&CHECK, format!("`{one}` and `{other}` both take `{host}{path}`"))
        .at(second.at(cx), taken(second, &other))
        .at_key(ours, format!("`{other}` takes every path"))
        .also(second.host.name.origin(), "on this host")
        .also(first.at(cx), taken(first, &one))
        .also(first.host.name.origin(), "on the same host")
        .note(
            "the older route wins and the other is dead; which one is older differs from cluster to cluster",
        )
        .help("give each its own host, or its own paths: `paths = [\"/v1/orders\"]`")
}

fn host_twice<'c>(cx: &'c Context<'c>, of: Routed<'_>, first: &RouteHost, second: &RouteHost) -> Finding<'c> {
    cx.find(&CHECK, format!("`{}` has the host `{}` twice", of.path(), second.name.get()))
        .at(second.name.origin(), "the same again")
        .also(first.name.origin(), "listed here already")
        .help("delete one of the two")
}

fn other_carrier<'c>(cx: &'c Context<'c>, first: &Claim<'_>, second: &Claim<'_>) -> Finding<'c> {
    let word = |of: Routed<'_>| match of.carrier() {
        Carrier::Http => "requests of HTTP",
        Carrier::Grpc => "calls of gRPC",
        Carrier::Tls => "connections that are passed through",
    };
    let title = format!(
        "`{}` takes {} on `{}`, and `{}` {}",
        first.of.workload_path(),
        word(first.of),
        second.host.name.get(),
        second.of.workload_path(),
        word(second.of)
    );
    cx.find(&CHECK, title)
        .at(second.host.name.origin(), word(second.of))
        .also(first.host.name.origin(), word(first.of))
        .note("a host is of one kind: the Gateway refuses the younger route (Gateway API, `GRPCRoute` and `TLSRoute`)")
        .help("give each its own host")
}

/// Where a Gateway gets the host from does not matter, so only the first of several routes may say something about it.
fn certificate_of_guest<'c>(cx: &'c Context<'c>, of: Routed<'_>, host: &RouteHost) -> Option<Finding<'c>> {
    let own = of.route.written.certificate.as_ref().filter(|_| !host.is_own)?;
    let kept = &host.kept;
    let is_same = kept.certificate.as_ref().is_some_and(|name| *name.get() == super::routed::text(own));
    (!is_same).then(|| {
        let title = format!(
            "`{}` names a certificate for `{}`, whose certificate `{}` brings",
            of.path(),
            host.name.get(),
            kept.by
        );
        cx.find(&CHECK, title)
            .at(own.origin(), "read by nothing")
            .also(host.name.origin(), "shared with others")
            .maybe_also(kept.certificate.as_ref().map(Traced::origin), "this one is served")
            .note("one host has one listener, which has one certificate; the first route by name brings both")
            .help(format!("write `certificate` into the route of `{}`, or nowhere", kept.by))
    })
}

fn run(cx: &Context<'_>, found: &mut Found) {
    let mut paths: BTreeMap<(&Text, bool, &str), Vec<Claim<'_>>> = BTreeMap::new();
    let mut hosts: BTreeMap<&Text, Claim<'_>> = BTreeMap::new();
    for of in routes(cx) {
        let mut own: BTreeMap<&Text, &RouteHost> = BTreeMap::new();
        let mut is_told = false;
        let moved = of.route.moved.iter().map(|host| (host, true));
        for (host, is_moved) in of.route.hosts.iter().map(|host| (host, false)).chain(moved) {
            if let Some(first) = own.insert(host.name.get(), host) {
                found.push(host_twice(cx, of, first, host));
                continue;
            }
            let claims: Vec<Claim<'_>> = if is_moved {
                vec![Claim { of, host, path: None }]
            } else {
                of.route.paths.iter().map(|path| Claim { of, host, path: Some(path) }).collect()
            };
            let first_of_host = hosts.entry(host.name.get()).or_insert(Claim { of, host, path: None });
            // an ingress controller tells gRPC by an annotation, and takes it beside the rest
            let is_apart = cx.system.environment.platform.ingress_class.is_none();
            if is_apart && first_of_host.of.carrier() != of.carrier() {
                found.push(other_carrier(cx, first_of_host, &Claim { of, host, path: None }));
                continue;
            }
            if let Some(finding) = certificate_of_guest(cx, of, host) {
                found.push(finding);
            }
            for claim in claims {
                let is_exact = claim.path.is_some_and(|path| path.is_exact);
                let text = claim.path.map_or("/", |path| path.text.get().as_str());
                let known = paths.entry((host.name.get(), is_exact, text)).or_default();
                match known.iter().find(|first| first.meets(&claim)) {
                    // what is wrong with its paths is so for each of its hosts
                    Some(_) if is_told => {}
                    Some(first) => {
                        is_told = true;
                        found.push(same_path(cx, first, &claim));
                    }
                    None => known.push(claim),
                }
            }
        }
    }
}
