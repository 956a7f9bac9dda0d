//! HTTPRoute, `GRPCRoute`, `TLSRoute` and `BackendTLSPolicy`.

use std::collections::BTreeSet;

use super::super::amount;
use super::{GROUP, Routed, listeners};
use crate::k8s::{
    AuthorityRef, BackendTLSPolicy, BackendTlsSpec, BackendValidation, CorsFilter, ExactMatch, GRPCRoute,
    GrpcMatch, GrpcMethod, GrpcRouteSpec, GrpcRule, HTTPRoute, Header, HeaderMatch, HeaderModifier,
    HttpRouteSpec, Metadata, NameOf, ParentKind, ParentRef, PathMatch, PathMatchType, PathModifier,
    RouteFilter, RouteMatch, RouteRule, RouteTimeouts, TLSRoute, TargetRef, TlsRouteSpec, TlsRule,
    UrlRewrite,
};
use crate::origin::{Origin, PORT_TLS, ROUTE, ROUTE_HSTS, ROUTE_MATCH, ROUTE_TIMEOUT, Traced, rule};
use crate::spec::decode::{Choice, Map};
use crate::spec::environment::Tier;
use crate::spec::workload::{Cors, HeaderChanges, Limit, PortTls};
use crate::system::workload::{Carrier, RouteHost, RoutePath};
use crate::text::Text;
use crate::value::{HeaderName, NamespacedName};
use crate::walk::Items;

/// What has a name of its own in HTTP and is written on every answer of prod.
const HSTS: &str = "Strict-Transport-Security";

pub(super) fn http_route(of: Routed<'_>, gateway: &Traced<NamespacedName>) -> HTTPRoute {
    HTTPRoute {
        because: of.because(),
        metadata: of.metadata(),
        spec: HttpRouteSpec {
            parent_refs: parents(of, gateway, "https", &of.route.hosts),
            hostnames: hostnames(&of.route.hosts),
            rules: rules(of),
        },
    }
}

pub(super) fn hostnames<'h>(hosts: impl IntoIterator<Item = &'h RouteHost>) -> Items<Traced<Text>> {
    named(hosts.into_iter().map(|host| host.name.clone()))
}

/// Texts that are told apart by themselves.
fn named(texts: impl Iterator<Item = Traced<Text>>) -> Items<Traced<Text>> {
    let mut items = Items::default();
    for text in texts {
        items.push(text.get().clone(), text.origin(), text);
    }
    items
}

/// The listeners of `hosts`: of the routes that bring them, else of the Gateway itself.
pub(super) fn parents<'h>(
    of: Routed<'_>,
    gateway: &Traced<NamespacedName>,
    listener: &'static str,
    hosts: impl IntoIterator<Item = &'h RouteHost>,
) -> Items<ParentRef> {
    let (cx, own) = (of.cx, &of.cx.platform().listener_sets);
    let mut parents = Items::default();
    if !*own.get() {
        let inputs = [own.origin(), cx.platform().origin, gateway.origin()];
        let because = cx.tracer.because(ROUTE, &inputs);
        let namespace = gateway.map(|g| Text::from(g.namespace().to_owned()));
        let inputs = [namespace.origin(), of.service.namespace.origin()];
        let namespace = Traced::because(namespace.get().clone(), cx.tracer.because(ROUTE, &inputs));
        let section = listeners::of_gateway(cx, listener);
        parents.push(
            "gateway",
            because,
            ParentRef {
                group: rule(ROUTE, GROUP),
                kind: Traced::because(ParentKind::Gateway, because),
                name: gateway.map(|g| NameOf::new("Gateway", g.name().to_owned())),
                namespace: (namespace.get() != of.service.namespace.get()).then_some(namespace),
                section_name: section.cloned().map(|name| amount(&name)),
            },
        );
        return parents;
    }
    for host in hosts {
        let kept = &host.kept;
        let inputs = [own.origin(), gateway.origin(), kept.because, kept.object.origin()];
        let because = cx.tracer.because(ROUTE, &inputs);
        let here = kept.namespace.get() == of.service.namespace.get();
        let name = NameOf::new(if here { "ListenerSet" } else { "" }, kept.object.get().clone());
        let inputs = [kept.because, kept.object.origin()];
        let section = listeners::name(listener, &kept.suffix, kept.because);
        let key = |object: &Text, section: &Text| Text::from(format!("{object} {section}"));
        if !host.is_own {
            let section = listeners::name(listener, &host.suffix, kept.because);
            let inputs = [because, of.route.object.origin()];
            let because = cx.tracer.because(ROUTE, &inputs);
            parents.leave_out(key(of.route.object.get(), section.get()), because);
        }
        parents.push(
            key(kept.object.get(), section.get()),
            because,
            ParentRef {
                group: rule(ROUTE, GROUP),
                kind: Traced::because(ParentKind::ListenerSet, because),
                name: Traced::because(name, cx.tracer.because(ROUTE, &inputs)),
                namespace: (!here).then(|| {
                    let inputs = [kept.because, kept.namespace.origin(), of.service.namespace.origin()];
                    Traced::because(kept.namespace.get().clone(), cx.tracer.because(ROUTE, &inputs))
                }),
                section_name: Some(section),
            },
        );
    }
    parents
}

/// One rule for all paths; a path that is rewritten has a rule of its own, since what it becomes depends on it.
fn rules(of: Routed<'_>) -> Items<RouteRule> {
    let (route, mut rules) = (of.route, Items::default());
    let methods = &route.written.methods;
    let verbs: Vec<Option<Traced<Text>>> = if methods.is_empty() {
        vec![None]
    } else {
        methods.iter().map(|method| Some(method.map(|method| Text::Literal(method.word())))).collect()
    };
    let mut shared = Items::default();
    for path in &route.paths {
        for verb in &verbs {
            let key = match verb {
                Some(verb) => Text::from(format!("{} {}", verb.get(), path.text.get())),
                None => path.text.get().clone(),
            };
            let inputs: Vec<Origin> = [path.text.origin(), route.because]
                .into_iter()
                .chain(verb.iter().map(Traced::origin))
                .chain(methods.at.map(Origin::spec))
                .collect();
            let because = of.cx.tracer.because(ROUTE_MATCH, &inputs);
            let matched = one_match(of, path, verb.clone());
            match &route.written.rewrite {
                None => shared.push(key, because, matched),
                Some(to) => {
                    let inputs = [because, to.origin()];
                    let because = of.cx.tracer.because(ROUTE_MATCH, &inputs);
                    let matches = Items::one(key.clone(), because, matched);
                    rules.push(key, because, rule_of(of, matches, Some(path)));
                }
            }
        }
    }
    if rules.is_empty() {
        rules.push("paths", route.because, rule_of(of, shared, None));
    }
    rules
}

fn rule_of(of: Routed<'_>, matches: Items<RouteMatch>, path: Option<&RoutePath>) -> RouteRule {
    let timeout = of.route.timeout.as_ref().map(|limit| {
        let limit = limit.map(|limit| match limit {
            Limit::At(time) => Text::from(time.go_text()),
            // Gateway API: a request without a limit
            Limit::None => Text::Literal("0s"),
        });
        Traced::because(
            limit.get().clone(),
            of.cx.tracer.because(ROUTE_TIMEOUT, &[limit.origin(), of.route.because]),
        )
    });
    RouteRule {
        matches,
        filters: filters(of, path),
        timeouts: timeout
            .map(|request| RouteTimeouts { request: Some(request.clone()), backend_request: Some(request) }),
        backend_refs: of.backends(),
    }
}

fn one_match(of: Routed<'_>, path: &RoutePath, method: Option<Traced<Text>>) -> RouteMatch {
    let kind = if path.is_exact { PathMatchType::Exact } else { PathMatchType::PathPrefix };
    let kind = Traced::because(kind, of.cx.tracer.because(ROUTE, &[path.text.origin()]));
    RouteMatch {
        path: PathMatch { kind, value: path.text.clone() },
        headers: header_matches(&of.route.written.headers),
        method,
    }
}

fn header_matches(headers: &Map<HeaderName, Traced<Text>>) -> Items<HeaderMatch> {
    let mut matches = Items::default();
    for (name, entry) in headers.iter() {
        let matched = HeaderMatch {
            kind: rule(ROUTE, ExactMatch::Exact),
            name: amount(&entry.key),
            value: entry.value.clone(),
        };
        matches.push(name.clone(), entry.key.origin(), matched);
    }
    matches
}

fn filters(of: Routed<'_>, path: Option<&RoutePath>) -> Items<RouteFilter> {
    let (written, mut filters) = (&of.route.written, Items::default());
    if let Some(changes) = written.request_headers.as_ref().filter(|changes| changes.is_written()) {
        let because = Origin::spec(changes.at);
        let request_header_modifier = modifier(changes);
        filters.push(
            "RequestHeaderModifier",
            because,
            RouteFilter::RequestHeaderModifier { because, request_header_modifier },
        );
    }
    response_headers(of, &mut filters);
    if let (Some(path), Some(to)) = (path, &written.rewrite) {
        let (because, to) = (to.origin(), amount(to));
        let path = if path.is_exact {
            PathModifier::ReplaceFullPath { because: path.text.origin(), replace_full_path: to }
        } else {
            PathModifier::ReplacePrefixMatch { because: path.text.origin(), replace_prefix_match: to }
        };
        filters.push(
            "URLRewrite",
            because,
            RouteFilter::URLRewrite { because, url_rewrite: UrlRewrite { path } },
        );
    }
    if let Some(cors) = &written.cors {
        let because = Origin::spec(cors.at);
        filters.push("CORS", because, RouteFilter::CORS { because, cors: cors_filter(cors) });
    }
    filters
}

/// What is written, and in prod that browsers come encrypted alone.
fn response_headers(of: Routed<'_>, filters: &mut Items<RouteFilter>) {
    let (cx, written) = (of.cx, of.route.written.response_headers.as_ref());
    let tier = cx.system.environment.tier;
    let at = written.map_or(of.route.because, |changes| Origin::spec(changes.at));
    let mut inputs = vec![
        at,
        of.workload.kind.origin(),
        tier.origin(),
        cx.platform().origin,
        cx.platform().listener_sets.origin(),
    ];
    inputs.extend(of.route.hosts.iter().map(|host| host.name.origin()));
    let because = cx.tracer.because(ROUTE_HSTS, &inputs);
    let mut changes = written.map_or_else(
        || HeaderModifier { set: Items::default(), add: Items::default(), remove: Items::default() },
        modifier,
    );
    let named = |changes: &HeaderChanges| {
        changes.names().into_iter().any(|name| name.get().eq_ignore_ascii_case(HSTS))
    };
    let is_web = of.carrier() == Carrier::Http && *tier.get() == Tier::Prod;
    if is_web && listeners::is_encrypted(cx) && !written.is_some_and(named) {
        let header = Header {
            name: Traced::because(Text::Literal(HSTS), because),
            value: Traced::because(Text::Literal("max-age=31536000"), because),
        };
        changes.set.push(HSTS, because, header);
    } else {
        changes.set.leave_out(HSTS, because);
    }
    if changes.set.is_empty() && changes.add.is_empty() && changes.remove.is_empty() {
        filters.leave_out("ResponseHeaderModifier", because);
    } else {
        let response_header_modifier = changes;
        filters.push(
            "ResponseHeaderModifier",
            because,
            RouteFilter::ResponseHeaderModifier { because, response_header_modifier },
        );
    }
}

fn modifier(changes: &HeaderChanges) -> HeaderModifier {
    let headers = |map: &Map<HeaderName, Traced<Text>>| {
        let mut headers = Items::default();
        for (name, entry) in map.iter() {
            let header = Header { name: amount(&entry.key), value: entry.value.clone() };
            headers.push(name.clone(), entry.key.origin(), header);
        }
        headers
    };
    HeaderModifier {
        set: headers(&changes.set),
        add: headers(&changes.add),
        remove: named(changes.remove.iter().map(amount)),
    }
}

fn cors_filter(cors: &Cors) -> CorsFilter {
    CorsFilter {
        allow_origins: named(cors.origins.iter().map(amount)),
        allow_credentials: cors.credentials,
        allow_methods: named(
            cors.methods.iter().map(|method| method.map(|method| Text::Literal(method.word()))),
        ),
        allow_headers: named(cors.headers.iter().map(amount)),
        expose_headers: named(cors.expose.iter().map(amount)),
        max_age: cors.max_age.map(|age| age.map(|age| u32::try_from(age.seconds_ceil()).unwrap_or(u32::MAX))),
    }
}

pub(super) fn grpc_route(of: Routed<'_>, gateway: &Traced<NamespacedName>) -> GRPCRoute {
    let route = of.route;
    let mut matches = Items::default();
    for path in &route.paths {
        let method = grpc_method(of, path);
        let headers = header_matches(&route.written.headers);
        if method.is_some() || !headers.is_empty() {
            matches.push(path.text.get().clone(), path.text.origin(), GrpcMatch { method, headers });
        } else {
            matches.leave_out(path.text.get().clone(), path.text.origin());
        }
    }
    let routed = GrpcRule { matches, filters: filters(of, None), backend_refs: of.backends() };
    GRPCRoute {
        because: of.because(),
        metadata: of.metadata(),
        spec: GrpcRouteSpec {
            parent_refs: parents(of, gateway, "https", &route.hosts),
            hostnames: hostnames(&route.hosts),
            rules: Items::one("paths", route.because, routed),
        },
    }
}

/// The path of a call is `/<service>/<method>` (gRPC over HTTP/2, "Requests").
fn grpc_method(of: Routed<'_>, path: &RoutePath) -> Option<GrpcMethod> {
    let service = path.text.map(|path| {
        let path = path.trim_start_matches('/');
        Text::from(path.split_once('/').map_or(path, |(service, _)| service).to_owned())
    });
    let method = path.text.map(|path| {
        let path = path.trim_start_matches('/');
        Text::from(path.split_once('/').map_or("", |(_, method)| method).to_owned())
    });
    let because = of.cx.tracer.because(ROUTE, &[path.text.origin()]);
    (!service.get().is_empty()).then(|| GrpcMethod {
        kind: Traced::because(ExactMatch::Exact, because),
        service,
        method: (!method.get().is_empty()).then_some(method),
    })
}

pub(super) fn tls_route(of: Routed<'_>, gateway: &Traced<NamespacedName>) -> TLSRoute {
    TLSRoute {
        because: of.because(),
        metadata: of.metadata(),
        spec: TlsRouteSpec {
            parent_refs: parents(of, gateway, "tls", &of.route.hosts),
            hostnames: hostnames(&of.route.hosts),
            rules: Items::one("program", of.route.because, TlsRule { backend_refs: of.backends() }),
        },
    }
}

pub(super) fn backend_tls_policy(of: Routed<'_>, tls: &PortTls, metadata: Metadata) -> BackendTLSPolicy {
    let inputs = [of.because(), Origin::spec(tls.at)];
    let because = of.cx.tracer.because(PORT_TLS, &inputs);
    let target = TargetRef {
        group: rule(PORT_TLS, ""),
        kind: rule(PORT_TLS, "Service"),
        name: NameOf::of("Service", &of.identity.name),
        section_name: Some(of.port.name.clone()),
    };
    let authority = tls.ca.as_ref().map(amount);
    let lacking = of.cx.tracer.because(PORT_TLS, &[Origin::spec(tls.at)]);
    BackendTLSPolicy {
        because,
        metadata,
        spec: BackendTlsSpec {
            target_refs: Items::one("service", because, target),
            validation: BackendValidation {
                well_known_ca_certificates: authority
                    .is_none()
                    .then(|| Traced::because(Text::Literal("System"), lacking)),
                ca_certificate_refs: authority.map_or_else(Items::default, |name| {
                    let authority = AuthorityRef {
                        group: rule(PORT_TLS, ""),
                        kind: rule(PORT_TLS, "ConfigMap"),
                        name: NameOf::foreign(&name),
                    };
                    Items::one("authority", name.origin(), authority)
                }),
                hostname: amount(&tls.host),
            },
        },
    }
}

impl HeaderChanges {
    /// The names of all headers that change.
    pub(crate) fn names(&self) -> Vec<Traced<Text>> {
        let keys = self.set.iter().chain(self.add.iter()).map(|(_, entry)| amount(&entry.key));
        keys.chain(self.remove.iter().map(amount)).collect()
    }

    fn is_written(&self) -> bool {
        !(self.set.is_empty() && self.add.is_empty() && self.remove.is_empty())
    }
}

/// Every namespace that `texts` name, once.
pub(super) fn once<'t>(texts: impl IntoIterator<Item = &'t Traced<Text>>) -> Vec<&'t Traced<Text>> {
    let mut seen = BTreeSet::new();
    texts.into_iter().filter(|text| seen.insert(text.get().clone())).collect()
}
