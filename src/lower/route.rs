//! A workload that is reached from outside: an HTTPRoute, and a ListenerSet where teams bring their own hosts.
//!
//! Sources: Gateway API 1.6, standard channel; cert-manager issues for annotated ListenerSets from 1.20 on.

use super::Cx;
use super::labels::Identity;
use crate::k8s::{
    AllowedRoutes, BackendRef, CertificateRef, FromNamespaces, GatewayRef, HTTPRoute, HttpRouteSpec,
    Listener, ListenerProtocol, ListenerSet, ListenerSetSpec, ListenerTls, NameOf, ParentKind, ParentRef,
    PathMatch, PathMatchType, RouteMatch, RouteNamespaces, RouteRule, RouteTimeouts, TlsMode,
};
use crate::origin::{NAME_PART, Origin, ROUTE, ROUTE_CERTIFICATE, ROUTE_TIMEOUT, Traced, rule};
use crate::system::workload::Route;
use crate::system::{Service as SystemService, Workload};
use crate::text::Text;
use crate::value::NamespacedName;
use crate::walk::Items;

const GROUP: &str = "gateway.networking.k8s.io";

pub(super) fn http_route(
    cx: &Cx<'_>,
    service: &SystemService,
    workload: &Workload,
    route: &Route,
    gateway: &Traced<NamespacedName>,
    identity: &Identity,
) -> HTTPRoute {
    let mut matches = Items::default();
    for path in &route.paths {
        let prefix = RouteMatch {
            path: PathMatch { kind: rule(ROUTE, PathMatchType::PathPrefix), value: path.clone() },
        };
        matches.push(path.get().clone(), path.origin(), prefix);
    }
    let timeout = workload.timeout.map(|t| Text::from(t.go_text()));
    let request = cx.tracer.derive(ROUTE_TIMEOUT, (&timeout,), |(t,)| t.clone());
    let mut backends = Items::default();
    if let Some(port) = workload.service_ports().next() {
        let backend = BackendRef {
            group: None,
            kind: Some(rule(ROUTE, "Service")),
            name: NameOf::of("Service", &identity.name),
            port: port.service_port,
        };
        let because = cx.tracer.because(ROUTE, &[route.because, identity.name.origin(), port.because]);
        backends.push(identity.name.get().clone(), because, backend);
    }
    let routed = RouteRule {
        matches,
        filters: Items::default(),
        timeouts: Some(RouteTimeouts { request: Some(request.clone()), backend_request: Some(request) }),
        backend_refs: backends,
    };
    HTTPRoute {
        because: cx.tracer.because(ROUTE, &[workload.because, route.because, gateway.origin()]),
        metadata: identity.metadata(),
        spec: HttpRouteSpec {
            parent_refs: parent(cx, service, gateway, identity),
            hostnames: vec![super::amount(&route.host)],
            rules: Items::one("paths", route.because, routed),
        },
    }
}

/// The ListenerSet of the workload where it has one, else the Gateway itself.
fn parent(
    cx: &Cx<'_>,
    service: &SystemService,
    gateway: &Traced<NamespacedName>,
    identity: &Identity,
) -> Items<ParentRef> {
    let own = &cx.platform().listener_sets;
    let because = cx.tracer.because(ROUTE, &[own.origin(), cx.platform().origin, gateway.origin()]);
    let parent = if *own.get() {
        ParentRef {
            group: rule(ROUTE, GROUP),
            kind: Traced::because(ParentKind::ListenerSet, because),
            name: NameOf::of("ListenerSet", &identity.name),
            namespace: None,
            section_name: Some(rule(NAME_PART, "https")),
        }
    } else {
        let name = gateway.map(|g| NameOf::new("Gateway", g.name().to_owned()));
        let namespace = gateway.map(|g| Text::from(g.namespace().to_owned()));
        let elsewhere = namespace.get() != service.namespace.get();
        ParentRef {
            group: rule(ROUTE, GROUP),
            kind: Traced::because(ParentKind::Gateway, because),
            name,
            namespace: elsewhere.then_some(namespace),
            section_name: None,
        }
    };
    Items::one("parent", because, parent)
}

pub(super) fn listener_set(
    cx: &Cx<'_>,
    workload: &Workload,
    route: &Route,
    gateway: &Traced<NamespacedName>,
    identity: &Identity,
    because: Origin,
) -> ListenerSet {
    let mut metadata = identity.metadata();
    if let Some(issuer) = &cx.platform().issuer {
        metadata.annotations.insert("cert-manager.io/cluster-issuer".into(), issuer.clone());
    }
    let secret =
        cx.tracer.derive(ROUTE_CERTIFICATE, (&workload.object,), |(n,)| Text::from(format!("{n}-tls")));
    let certificate = CertificateRef {
        group: None,
        kind: Some(rule(ROUTE_CERTIFICATE, "Secret")),
        name: NameOf::of("Secret", &secret),
    };
    let listener = Listener {
        name: rule(NAME_PART, "https"),
        hostname: Some(super::amount(&route.host)),
        port: rule(ROUTE, 443u16),
        protocol: rule(ROUTE, ListenerProtocol::Https),
        tls: Some(ListenerTls {
            mode: rule(ROUTE_CERTIFICATE, TlsMode::Terminate),
            certificate_refs: Items::one("certificate", route.because, certificate),
        }),
        allowed_routes: Some(AllowedRoutes {
            namespaces: RouteNamespaces { from: rule(ROUTE, FromNamespaces::Same) },
        }),
    };
    ListenerSet {
        because,
        metadata,
        spec: ListenerSetSpec {
            parent_ref: GatewayRef {
                group: Some(rule(ROUTE, GROUP)),
                kind: Some(rule(ROUTE, "Gateway")),
                name: gateway.map(|g| NameOf::new("Gateway", g.name().to_owned())),
                namespace: Some(gateway.map(|g| Text::from(g.namespace().to_owned()))),
            },
            listeners: Items::one("https", route.because, listener),
        },
    }
}
