//! Redirects: to the encrypted address, and from other hosts to the main one.

use super::gateway::{hostnames, parents};
use super::{Routed, listeners};
use crate::bundle::Bundle;
use crate::k8s::{HTTPRoute, HttpRouteSpec, ParentRef, RequestRedirect, RouteFilter, RouteRule};
use crate::origin::{Origin, ROUTE_REDIRECT, Traced, rule};
use crate::system::workload::{Carrier, RouteHost};
use crate::text::Text;
use crate::value::NamespacedName;
use crate::walk::Items;

const TO_HTTPS: &str = "redirect-https";
const TO_HOST: &str = "redirect-hosts";

pub(super) fn lower(of: Routed<'_>, gateway: &Traced<NamespacedName>, bundle: &mut Bundle) {
    to_https(of, gateway, bundle);
    to_host(of, gateway, bundle);
}

/// Whether requests in the clear arrive somewhere, and what decides it.
fn plain(of: Routed<'_>, gateway: &Traced<NamespacedName>) -> (bool, Vec<Origin>) {
    let platform = of.cx.platform();
    let listener = listeners::of_gateway(of.cx, "http");
    let mut why = vec![of.because(), platform.listener_sets.origin(), gateway.origin()];
    why.extend(platform.gateway_listeners.as_ref().map(|listeners| Origin::spec(listeners.at)));
    why.extend(listener.map(Traced::origin));
    why.extend(of.route.written.tls.as_ref().map(Traced::origin));
    let is_http = of.carrier() == Carrier::Http;
    (is_http && (*platform.listener_sets.get() || listener.is_some()), why)
}

fn to_https(of: Routed<'_>, gateway: &Traced<NamespacedName>, bundle: &mut Bundle) {
    let (has_plain, mut why) = plain(of, gateway);
    let hosts = &of.route.hosts;
    why.extend(hosts.iter().map(|host| host.kept.because));
    let because = of.cx.tracer.because(ROUTE_REDIRECT, &why);
    // a host that several routes share is redirected once, by the route that brings it
    let own = || hosts.iter().filter(|host| host.is_own);
    if !has_plain || own().next().is_none() {
        let name = name(of, TO_HTTPS);
        return bundle.leave_out_as(of.scope, "HTTPRoute", Some(role(of, TO_HTTPS)), name.get(), because);
    }
    let (mut parents, mut names) = (parents(of, gateway, "http", own()), hostnames(own()));
    for guest in hosts.iter().filter(|host| !host.is_own) {
        names.leave_out(guest.name.get().clone(), guest.kept.because);
        let section = listeners::name("http", &guest.suffix, because);
        parents.leave_out(format!("{} {}", of.route.object.get(), section.get()), guest.kept.because);
    }
    bundle.push_as(of.scope, Some(role(of, TO_HTTPS)), redirect(of, TO_HTTPS, because, parents, names, None));
}

fn to_host(of: Routed<'_>, gateway: &Traced<NamespacedName>, bundle: &mut Bundle) {
    let (has_plain, mut why) = plain(of, gateway);
    let moved = &of.route.moved;
    why.extend(of.route.written.redirect_from.at.map(Origin::spec));
    let because = of.cx.tracer.because(ROUTE_REDIRECT, &why);
    let is_http = of.carrier() == Carrier::Http;
    let Some(to) = of.route.hosts.first().filter(|_| is_http && !moved.is_empty()) else {
        let name = name(of, TO_HOST);
        return bundle.leave_out_as(of.scope, "HTTPRoute", Some(role(of, TO_HOST)), name.get(), because);
    };
    let mut all = parents(of, gateway, "https", moved);
    // the Gateway itself is one parent for all of its listeners where none is named
    if has_plain && listeners::is_encrypted(of.cx) {
        for parent in &parents(of, gateway, "http", moved) {
            let because = of.cx.tracer.because(ROUTE_REDIRECT, &[parent.because, because]);
            all.push(format!("{} in the clear", parent.key), because, parent.value.clone());
        }
    }
    let route = redirect(of, TO_HOST, because, all, hostnames(moved), Some(to));
    bundle.push_as(of.scope, Some(role(of, TO_HOST)), route);
}

fn role(of: Routed<'_>, ending: &'static str) -> Text {
    match &of.route.name {
        Some(name) => format!("{name}-{ending}").into(),
        None => Text::Literal(ending),
    }
}

fn name(of: Routed<'_>, ending: &'static str) -> Traced<Text> {
    let object = &of.route.object;
    let because = of.cx.tracer.because(ROUTE_REDIRECT, &[object.origin()]);
    Traced::because(format!("{}-{ending}", object.get()).into(), because)
}

fn redirect(
    of: Routed<'_>,
    ending: &'static str,
    because: Origin,
    parent_refs: Items<ParentRef>,
    hostnames: Items<Traced<Text>>,
    to: Option<&RouteHost>,
) -> HTTPRoute {
    let filter = RouteFilter::RequestRedirect {
        because,
        request_redirect: RequestRedirect {
            scheme: Some(rule(ROUTE_REDIRECT, "https")),
            hostname: to.map(|host| host.name.clone()),
            port: None,
            status_code: Some(rule(ROUTE_REDIRECT, 301u16)),
        },
    };
    let redirecting = RouteRule {
        matches: Items::default(),
        filters: Items::one("RequestRedirect", because, filter),
        timeouts: None,
        backend_refs: Items::default(),
    };
    HTTPRoute {
        because,
        metadata: of.identity.metadata_named(name(of, ending)),
        spec: HttpRouteSpec { parent_refs, hostnames, rules: Items::one("all", because, redirecting) },
    }
}
