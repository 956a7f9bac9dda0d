//! ListenerSets: hosts and certificates of a team's own on a shared Gateway.

use super::super::{Cx, labels};
use super::gateway::once;
use super::{GROUP, ISSUER, Routed, certificate};
use crate::bundle::Bundle;
use crate::k8s::{
    AllowedRoutes, CertificateRef, FromNamespaces, GatewayRef, LabelSelector, Labels, Listener,
    ListenerProtocol, ListenerSet, ListenerSetSpec, ListenerTls, NameOf, Operator, Requirement,
    RouteNamespaces, TlsMode,
};
use crate::origin::{Origin, ROUTE, ROUTE_CERTIFICATE, ROUTE_HOST, Traced, rule};
use crate::system::workload::{Carrier, RouteHost};
use crate::text::Text;
use crate::value::{NamespacedName, Subdomain};
use crate::walk::Items;

/// The name of a host's listener.
pub(super) fn name(listener: &'static str, suffix: &Text, because: Origin) -> Traced<Text> {
    let name = if suffix.is_empty() { Text::Literal(listener) } else { format!("{listener}{suffix}").into() };
    Traced::because(name, because)
}

/// The listener of the Gateway itself, if the platform names it.
pub(super) fn of_gateway<'a>(cx: &Cx<'a>, listener: &str) -> Option<&'a Traced<Subdomain>> {
    let listeners = cx.system.environment.platform.gateway_listeners.as_ref()?;
    match listener {
        "https" => listeners.https.as_ref(),
        "http" => listeners.http.as_ref(),
        _ => listeners.tls.as_ref(),
    }
}

/// Whether a route that the Gateway decrypts is reached encrypted, and in no other way.
pub(super) fn is_encrypted(cx: &Cx<'_>) -> bool {
    cx.platform().listens_encrypted()
}

/// The ListenerSet of a route that brings hosts.
pub(super) fn lower(of: Routed<'_>, gateway: &Traced<NamespacedName>, bundle: &mut Bundle) {
    let (cx, route) = (of.cx, of.route);
    let listener_sets = &cx.platform().listener_sets;
    let mut why = vec![of.because(), gateway.origin(), listener_sets.origin()];
    why.extend(route.all_hosts().map(|host| host.kept.because));
    let because = cx.tracer.because(ROUTE, &why);
    let mut listeners = Items::default();
    let mut signs = None;
    let tls = route.written.tls.as_ref().map_or(route.because, Traced::origin);
    for host in route.all_hosts() {
        let inputs = [host.kept.because, of.workload.kind.origin(), tls, of.route.port_because()];
        let because = cx.tracer.because(ROUTE, &inputs);
        for listener in ["https", "http", "tls"] {
            let is_wanted = match of.carrier() {
                Carrier::Http => listener != "tls",
                Carrier::Grpc => listener == "https",
                Carrier::Tls => listener == "tls",
            };
            if host.is_own && is_wanted {
                let (entry, is_signed) = entry(of, host, listener, because);
                listeners.push(entry.name.get().clone(), because, entry);
                signs = signs.or(is_signed.then_some(because));
            } else {
                listeners.leave_out(name(listener, &host.suffix, because).get().clone(), because);
            }
        }
    }
    if listeners.is_empty() || !*listener_sets.get() {
        return bundle.leave_out_as(of.scope, "ListenerSet", route.name.clone(), route.object.get(), because);
    }
    let mut metadata = of.identity.metadata_named(route.object.clone());
    if let (Some(issuer), Some(signs)) = (&cx.platform().issuer, signs) {
        let because = cx.tracer.because(ROUTE_CERTIFICATE, &[issuer.origin(), signs]);
        metadata.annotations.insert(ISSUER.into(), Traced::because(issuer.get().clone(), because));
    }
    let set = ListenerSet {
        because,
        metadata,
        spec: ListenerSetSpec {
            parent_ref: GatewayRef {
                group: Some(rule(ROUTE, GROUP)),
                kind: Some(rule(ROUTE, "Gateway")),
                name: gateway.map(|g| NameOf::new("Gateway", g.name().to_owned())),
                namespace: Some(gateway.map(|g| Text::from(g.namespace().to_owned()))),
            },
            listeners,
        },
    };
    bundle.push_as(of.scope, route.name.clone(), set);
}

/// A listener of a host, and whether cert-manager makes its certificate.
fn entry(of: Routed<'_>, host: &RouteHost, listener: &'static str, because: Origin) -> (Listener, bool) {
    let (port, protocol) = match listener {
        "tls" => (443u16, ListenerProtocol::Tls),
        "http" => (80, ListenerProtocol::Http),
        _ => (443, ListenerProtocol::Https),
    };
    let written = of.route.written.tls.as_ref().map_or(of.route.because, Traced::origin);
    let mode = of.cx.tracer.because(ROUTE_CERTIFICATE, &[written]);
    let (secret, is_signed) = certificate(of.cx, &host.kept, true);
    let tls = match protocol {
        ListenerProtocol::Http => None,
        ListenerProtocol::Tls => Some(ListenerTls {
            mode: Traced::because(TlsMode::Passthrough, mode),
            certificate_refs: Items::default(),
        }),
        ListenerProtocol::Https => {
            let why = secret.origin();
            let certificate =
                CertificateRef { group: None, kind: Some(rule(ROUTE_CERTIFICATE, "Secret")), name: secret };
            Some(ListenerTls {
                mode: Traced::because(TlsMode::Terminate, mode),
                certificate_refs: Items::one("certificate", why, certificate),
            })
        }
    };
    let entry = Listener {
        name: name(listener, &host.suffix, because),
        hostname: Some(host.name.clone()),
        port: Traced::because(port, of.cx.tracer.because(ROUTE, &[because, written])),
        protocol: Traced::because(protocol, of.cx.tracer.because(ROUTE, &[because, written])),
        tls,
        allowed_routes: Some(AllowedRoutes { namespaces: namespaces(of, host) }),
    };
    (entry, is_signed && protocol == ListenerProtocol::Https)
}

/// The namespaces whose routes share a host: its own, and those of others.
fn namespaces(of: Routed<'_>, host: &RouteHost) -> RouteNamespaces {
    let own = &of.service.namespace;
    let mut why: Vec<Origin> = host.shared_with.iter().map(Traced::origin).collect();
    why.extend([host.kept.because, own.origin()]);
    let because = of.cx.tracer.because(ROUTE_HOST, &why);
    let mut all = once(std::iter::once(own).chain(&host.shared_with));
    all.sort_by(|a, b| a.get().cmp(b.get()));
    if all.len() < 2 {
        return RouteNamespaces { from: Traced::because(FromNamespaces::Same, because), selector: None };
    }
    let mut values = Items::default();
    for namespace in all {
        values.push(
            namespace.get().clone(),
            namespace.origin(),
            Traced::because(namespace.get().clone(), because),
        );
    }
    let requirement = Requirement {
        key: Traced::because(labels::namespace_key(), because),
        operator: Traced::because(Operator::In, because),
        values,
    };
    RouteNamespaces {
        from: Traced::because(FromNamespaces::Selector, because),
        selector: Some(LabelSelector {
            match_labels: Labels::default(),
            match_expressions: Items::one("namespaces", because, requirement),
        }),
    }
}
