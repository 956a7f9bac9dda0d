//! A workload that is reached from outside: the objects of its routes, for a Gateway or for an ingress controller.
//!
//! Sources: Gateway API 1.6, standard channel; cert-manager issues for annotated ListenerSets from 1.20 on.

mod gateway;
mod ingress;
mod listeners;
mod redirects;

use super::Cx;
use super::labels::Identity;
use crate::bundle::{Bundle, Scope};
use crate::k8s::{BackendRef, Metadata, NameOf};
use crate::origin::{Origin, PORT_TLS, ROUTE, ROUTE_CERTIFICATE, Traced, rule};
use crate::system::workload::{Carrier, Kept, Route};
use crate::system::{Port, Service, Workload};
use crate::text::Text;
use crate::value::NamespacedName;
use crate::walk::Items;

const GROUP: &str = "gateway.networking.k8s.io";
const ISSUER: &str = "cert-manager.io/cluster-issuer";

/// One route with everything that its objects are made from.
#[derive(Clone, Copy)]
struct Routed<'a> {
    cx: &'a Cx<'a>,
    service: &'a Service,
    workload: &'a Workload,
    route: &'a Route,
    port: &'a Port,
    identity: &'a Identity,
    scope: &'a Scope,
}

/// The objects of all routes of a workload.
pub(super) fn lower(
    cx: &Cx<'_>,
    service: &Service,
    workload: &Workload,
    identity: &Identity,
    scope: &Scope,
    bundle: &mut Bundle,
) {
    let platform = cx.platform();
    for route in &workload.routes {
        let Some(port) = route.port(workload) else { continue };
        let routed = Routed { cx, service, workload, route, port, identity, scope };
        match (&platform.gateway, &platform.ingress_class) {
            (Some(gateway), _) => routed.through_gateway(gateway, bundle),
            (None, Some(class)) => {
                bundle.push_as(scope, route.name.clone(), ingress::lower(routed, class));
            }
            (None, None) => {}
        }
    }
    if !workload.routes.iter().any(|route| route.name.is_none()) || platform.gateway.is_none() {
        let absent = ["HTTPRoute", "ListenerSet"].into_iter();
        let absent = absent.chain(platform.ingress_class.is_none().then_some("Ingress"));
        for kind in absent {
            let because = cx.tracer.because(ROUTE, &[workload.because, platform.origin]);
            bundle.leave_out(scope, kind, workload.object.get(), because);
        }
    }
}

impl Routed<'_> {
    fn carrier(&self) -> Carrier {
        self.route.carrier(self.workload)
    }

    fn through_gateway(self, gateway: &Traced<NamespacedName>, bundle: &mut Bundle) {
        let (scope, role) = (self.scope, self.route.name.clone());
        match self.carrier() {
            Carrier::Http => bundle.push_as(scope, role, gateway::http_route(self, gateway)),
            Carrier::Grpc => bundle.push_as(scope, role, gateway::grpc_route(self, gateway)),
            Carrier::Tls => bundle.push_as(scope, role, gateway::tls_route(self, gateway)),
        }
        listeners::lower(self, gateway, bundle);
        redirects::lower(self, gateway, bundle);
        self.trust(bundle);
    }

    /// How the Gateway trusts a program that encrypts: for all routes of a port once.
    fn trust(self, bundle: &mut Bundle) {
        let role = self.port.name.get();
        let known = |object: &crate::bundle::Emitted| {
            object.id.kind == "BackendTLSPolicy"
                && object.id.scope == *self.scope
                && object.id.role.as_ref() == Some(role)
        };
        let Some(tls) = self.port.tls.as_ref().filter(|_| !self.route.is_passed_through()) else { return };
        if bundle.objects.iter().any(known) {
            return;
        }
        let name =
            self.cx.tracer.derive(PORT_TLS, (&self.identity.name, &self.port.name), |(object, port)| {
                Text::from(format!("{object}-{port}"))
            });
        let policy = gateway::backend_tls_policy(self, tls, self.identity.metadata_named(name));
        bundle.push_as(self.scope, Some(role.clone()), policy);
    }

    /// Why the route's object is there.
    fn because(&self) -> Origin {
        let mut inputs = vec![
            self.workload.because,
            self.route.because,
            self.workload.kind.origin(),
            self.cx.platform().origin,
            self.port.because,
            self.route.port_because(),
        ];
        inputs.extend(self.route.written.tls.as_ref().map(Traced::origin));
        self.cx.tracer.because(ROUTE, &inputs)
    }

    /// The metadata of the route's object.
    fn metadata(&self) -> Metadata {
        let mut metadata = self.identity.metadata_named(self.route.object.clone());
        let written = self.route.written.annotations.iter();
        metadata.annotations.extend(written.map(|(key, entry)| (key.clone(), entry.value.clone())));
        metadata
    }

    /// The port of the workload's Service that it leads to.
    fn backends(&self) -> Items<BackendRef> {
        let name = &self.identity.name;
        let backend = BackendRef {
            group: None,
            kind: Some(rule(ROUTE, "Service")),
            name: NameOf::of("Service", name),
            port: self.service_port(),
        };
        let inputs = [self.route.because, name.origin(), self.port.because, self.route.port_because()];
        Items::one(name.get().clone(), self.cx.tracer.because(ROUTE, &inputs), backend)
    }

    /// The number of that port, for which the route answers where it chooses one.
    fn service_port(&self) -> Traced<u16> {
        let port = self.port.service_port;
        let inputs = [port.origin(), self.route.port_because()];
        Traced::because(*port.get(), self.cx.tracer.because(ROUTE, &inputs))
    }
}

/// The Secret with the certificate of a host, and whether cert-manager makes it.
fn certificate(cx: &Cx<'_>, kept: &Kept, is_here: bool) -> (Traced<NameOf>, bool) {
    match &kept.certificate {
        Some(name) => {
            let because = cx.tracer.because(ROUTE_CERTIFICATE, &[name.origin(), kept.because]);
            (Traced::because(NameOf::new("", name.get().clone()), because), false)
        }
        None => {
            let name = format!("{}{}-tls", kept.object.get(), kept.suffix);
            let because = cx.tracer.because(ROUTE_CERTIFICATE, &[kept.object.origin(), kept.because]);
            (Traced::because(NameOf::new(if is_here { "Secret" } else { "" }, name), because), true)
        }
    }
}
