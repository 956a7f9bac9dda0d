//! Objects of the Gateway API and the Ingress, with every field.

use specc::k8s::Object;
use specc::k8s::gateway::*;
use specc::k8s::ingress::*;
use specc::k8s::kinds::*;
use specc::origin::Traced;
use specc::text::Text;
use specc::walk::Items;

use super::{metadata, name_of, t, why};

/// All of them.
pub(super) fn all() -> [Object; 6] {
    [
        route().into(),
        calls().into(),
        passed_through().into(),
        listeners().into(),
        trust().into(),
        ingress().into(),
    ]
}

fn parents() -> Items<ParentRef> {
    let parent = ParentRef {
        group: t("gateway.networking.k8s.io"),
        kind: t(ParentKind::ListenerSet),
        name: name_of("ListenerSet", "shop"),
        namespace: Some(t("shop")),
        section_name: Some(t("https")),
    };
    Items::one("shop", why(), parent)
}

fn one(text: &'static str) -> Items<Traced<Text>> {
    Items::one(text, why(), t(text))
}

fn backends() -> Items<BackendRef> {
    let backend = BackendRef {
        group: Some(t("")),
        kind: Some(t("Service")),
        name: name_of("Service", "shop-api"),
        port: t(80u16),
    };
    Items::one("shop-api", why(), backend)
}

fn header_match() -> Items<HeaderMatch> {
    Items::one("X-A", why(), HeaderMatch { kind: t(ExactMatch::Exact), name: t("X-A"), value: t("1") })
}

fn route() -> HTTPRoute {
    let path = |kind: PathMatchType| RouteMatch {
        path: PathMatch { kind: t(kind), value: t("/v1") },
        headers: header_match(),
        method: Some(t("GET")),
    };
    let mut matches = Items::default();
    matches.push("exact", why(), path(PathMatchType::Exact));
    matches.push("prefix", why(), path(PathMatchType::PathPrefix));
    let forward = RouteRule {
        matches,
        filters: filters(),
        timeouts: Some(RouteTimeouts { request: Some(t("12s")), backend_request: Some(t("10s")) }),
        backend_refs: backends(),
    };
    let redirect = RequestRedirect {
        scheme: Some(t("https")),
        hostname: Some(t("shop.example")),
        port: Some(t(443u16)),
        status_code: Some(t(301u16)),
    };
    let redirected = RouteRule {
        matches: Items::default(),
        filters: Items::one(
            "redirect",
            why(),
            RouteFilter::RequestRedirect { because: why(), request_redirect: redirect },
        ),
        timeouts: None,
        backend_refs: Items::default(),
    };
    let mut rules = Items::one("forward", why(), forward);
    rules.push("redirect", why(), redirected);
    HTTPRoute {
        because: why(),
        metadata: metadata("shop-api"),
        spec: HttpRouteSpec {
            parent_refs: parents(),
            hostnames: Items::one("shop.example", why(), t("shop.example")),
            rules,
        },
    }
}

fn filters() -> Items<RouteFilter> {
    let header = |name: &'static str| {
        Items::one(name, why(), Header { name: t(name), value: t("max-age=1; includeSubDomains") })
    };
    let headers = || HeaderModifier { set: header("X-A"), add: header("X-B"), remove: one("X-C") };
    let mut filters = Items::default();
    filters.push(
        "in",
        why(),
        RouteFilter::RequestHeaderModifier { because: why(), request_header_modifier: headers() },
    );
    filters.push(
        "out",
        why(),
        RouteFilter::ResponseHeaderModifier { because: why(), response_header_modifier: headers() },
    );
    let path = PathModifier::ReplacePrefixMatch { because: why(), replace_prefix_match: t("/") };
    filters.push("path", why(), RouteFilter::URLRewrite { because: why(), url_rewrite: UrlRewrite { path } });
    let cors = CorsFilter {
        allow_origins: one("https://*.shop.example"),
        allow_credentials: Some(t(true)),
        allow_methods: one("PUT"),
        allow_headers: one("X-A"),
        expose_headers: one("X-B"),
        max_age: Some(t(600u32)),
    };
    filters.push("cors", why(), RouteFilter::CORS { because: why(), cors });
    filters
}

fn listeners() -> ListenerSet {
    let certificate =
        CertificateRef { group: Some(t("")), kind: Some(t("Secret")), name: name_of("Secret", "shop-tls") };
    let listener = Listener {
        name: t("https"),
        hostname: Some(t("shop.example")),
        port: t(443u16),
        protocol: t(ListenerProtocol::Https),
        tls: Some(ListenerTls {
            mode: t(TlsMode::Terminate),
            certificate_refs: Items::one("shop-tls", why(), certificate),
        }),
        allowed_routes: Some(AllowedRoutes {
            namespaces: RouteNamespaces {
                from: t(FromNamespaces::Selector),
                selector: Some(super::selector()),
            },
        }),
    };
    ListenerSet {
        because: why(),
        metadata: metadata("shop"),
        spec: ListenerSetSpec {
            parent_ref: GatewayRef {
                group: Some(t("gateway.networking.k8s.io")),
                kind: Some(t("Gateway")),
                name: name_of("Gateway", "public"),
                namespace: Some(t("ingress")),
            },
            listeners: Items::one("https", why(), listener),
        },
    }
}

fn calls() -> GRPCRoute {
    let method =
        GrpcMethod { kind: t(ExactMatch::Exact), service: t("shop.v1.Orders"), method: Some(t("Get")) };
    let matched = GrpcMatch { method: Some(method), headers: header_match() };
    let headers = HeaderModifier {
        set: Items::one("X-A", why(), Header { name: t("X-A"), value: t("1") }),
        add: Items::default(),
        remove: Items::default(),
    };
    let filter = RouteFilter::RequestHeaderModifier { because: why(), request_header_modifier: headers };
    let routed = GrpcRule {
        matches: Items::one("call", why(), matched),
        filters: Items::one("in", why(), filter),
        backend_refs: backends(),
    };
    GRPCRoute {
        because: why(),
        metadata: metadata("shop-api"),
        spec: GrpcRouteSpec {
            parent_refs: parents(),
            hostnames: Items::one("calls.shop.example", why(), t("calls.shop.example")),
            rules: Items::one("calls", why(), routed),
        },
    }
}

fn passed_through() -> TLSRoute {
    TLSRoute {
        because: why(),
        metadata: metadata("shop-api"),
        spec: TlsRouteSpec {
            parent_refs: parents(),
            hostnames: Items::one("tls.shop.example", why(), t("tls.shop.example")),
            rules: Items::one("program", why(), TlsRule { backend_refs: backends() }),
        },
    }
}

fn trust() -> BackendTLSPolicy {
    let target = TargetRef {
        group: t(""),
        kind: t("Service"),
        name: name_of("Service", "shop-api"),
        section_name: Some(t("tls")),
    };
    let authority =
        AuthorityRef { group: t(""), kind: t("ConfigMap"), name: name_of("ConfigMap", "shop-ca") };
    BackendTLSPolicy {
        because: why(),
        metadata: metadata("shop-api"),
        spec: BackendTlsSpec {
            target_refs: Items::one("service", why(), target),
            validation: BackendValidation {
                ca_certificate_refs: Items::one("authority", why(), authority),
                // with an authority of one's own there is no other
                well_known_ca_certificates: None,
                hostname: t("orders.internal.example"),
            },
        },
    }
}

fn ingress() -> Ingress {
    let path = |path_type: IngressPathType| IngressPath {
        path: t("/v1"),
        path_type: t(path_type),
        backend: IngressBackend {
            service: IngressService {
                name: name_of("Service", "shop-api"),
                port: IngressPort { number: t(80u16) },
            },
        },
    };
    let mut paths = Items::one("exact", why(), path(IngressPathType::Exact));
    paths.push("prefix", why(), path(IngressPathType::Prefix));
    let host = HostRule { host: t("shop.example"), http: IngressHttp { paths } };
    let tls = IngressTls { hosts: vec![t("shop.example")], secret_name: name_of("Secret", "shop-tls") };
    Ingress {
        because: why(),
        metadata: metadata("shop-api"),
        spec: IngressSpec {
            ingress_class_name: t("nginx"),
            tls: Items::one("shop-tls", why(), tls),
            rules: Items::one("shop.example", why(), host),
        },
    }
}
