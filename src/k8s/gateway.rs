//! Gateway API: HTTPRoute, `GRPCRoute`, `TLSRoute`, ListenerSet, `BackendTLSPolicy` (gateway.networking.k8s.io/v1, standard
//! channel 1.6).

use super::meta::{LabelSelector, NameOf};
use super::model::{closed, object, tagged};
use crate::origin::Traced;
use crate::text::Text;
use crate::walk::Items;

object! {
    /// `HTTPRouteSpec`.
    pub struct HttpRouteSpec {
        parent_refs: Items<ParentRef>,
        hostnames: Items<Traced<Text>>,
        rules: Items<RouteRule>,
    }

    /// `ParentReference`.
    pub struct ParentRef {
        group: Traced<Text>,
        kind: Traced<ParentKind>,
        name: Traced<NameOf>,
        namespace: Option<Traced<Text>>,
        /// The name of a listener.
        section_name: Option<Traced<Text>>,
    }

    /// `HTTPRouteRule`. The standard channel has no retries.
    pub struct RouteRule {
        matches: Items<RouteMatch>,
        filters: Items<RouteFilter>,
        timeouts: Option<RouteTimeouts>,
        backend_refs: Items<BackendRef>,
    }

    /// `HTTPRouteMatch`.
    pub struct RouteMatch {
        path: PathMatch,
        headers: Items<HeaderMatch>,
        method: Option<Traced<Text>>,
    }

    /// `HTTPHeaderMatch`, of type `Exact`.
    pub struct HeaderMatch {
        kind = "type": Traced<ExactMatch>,
        name: Traced<Text>,
        value: Traced<Text>,
    }

    /// `HTTPCORSFilter`.
    pub struct CorsFilter {
        allow_origins: Items<Traced<Text>>,
        allow_credentials: Option<Traced<bool>>,
        allow_methods: Items<Traced<Text>>,
        allow_headers: Items<Traced<Text>>,
        expose_headers: Items<Traced<Text>>,
        /// Seconds.
        max_age: Option<Traced<u32>>,
    }

    /// `GRPCRouteSpec`.
    pub struct GrpcRouteSpec {
        parent_refs: Items<ParentRef>,
        hostnames: Items<Traced<Text>>,
        rules: Items<GrpcRule>,
    }

    /// `GRPCRouteRule`; without matches it takes every call. It has no timeouts: a call brings its own deadline.
    pub struct GrpcRule {
        matches: Items<GrpcMatch>,
        filters: Items<RouteFilter>,
        backend_refs: Items<BackendRef>,
    }

    /// `GRPCRouteMatch`.
    pub struct GrpcMatch {
        method: Option<GrpcMethod>,
        headers: Items<HeaderMatch>,
    }

    /// `GRPCMethodMatch`, of type `Exact`.
    pub struct GrpcMethod {
        kind = "type": Traced<ExactMatch>,
        service: Traced<Text>,
        method: Option<Traced<Text>>,
    }

    /// `TLSRouteSpec`.
    pub struct TlsRouteSpec {
        parent_refs: Items<ParentRef>,
        hostnames: Items<Traced<Text>>,
        rules: Items<TlsRule>,
    }

    /// `TLSRouteRule`.
    pub struct TlsRule {
        backend_refs: Items<BackendRef>,
    }

    /// `BackendTLSPolicySpec`.
    pub struct BackendTlsSpec {
        target_refs: Items<TargetRef>,
        validation: BackendValidation,
    }

    /// `LocalPolicyTargetReferenceWithSectionName`.
    pub struct TargetRef {
        /// Empty for a Service, and demanded all the same.
        group: Traced<Text>,
        kind: Traced<Text>,
        name: Traced<NameOf>,
        /// The name of a port.
        section_name: Option<Traced<Text>>,
    }

    /// `BackendTLSPolicyValidation`: one of the two authorities.
    pub struct BackendValidation {
        ca_certificate_refs = "caCertificateRefs": Items<AuthorityRef>,
        well_known_ca_certificates = "wellKnownCACertificates": Option<Traced<Text>>,
        hostname: Traced<Text>,
    }

    /// `LocalObjectReference` to a ConfigMap with `ca.crt`.
    pub struct AuthorityRef {
        /// Empty for a ConfigMap, and demanded all the same.
        group: Traced<Text>,
        kind: Traced<Text>,
        name: Traced<NameOf>,
    }

    /// `HTTPPathMatch`.
    pub struct PathMatch {
        kind = "type": Traced<PathMatchType>,
        value: Traced<Text>,
    }

    /// `HTTPHeaderFilter`.
    pub struct HeaderModifier {
        set: Items<Header>,
        add: Items<Header>,
        remove: Items<Traced<Text>>,
    }

    /// `HTTPHeader`.
    pub struct Header {
        name: Traced<Text>,
        value: Traced<Text>,
    }

    /// `HTTPRequestRedirectFilter`.
    pub struct RequestRedirect {
        scheme: Option<Traced<Text>>,
        hostname: Option<Traced<Text>>,
        port: Option<Traced<u16>>,
        status_code: Option<Traced<u16>>,
    }

    /// `HTTPRouteTimeouts`, as durations of GEP-2257: `12s`, `1m30s`, `500ms`.
    pub struct RouteTimeouts {
        request: Option<Traced<Text>>,
        /// Not more than `request`.
        backend_request: Option<Traced<Text>>,
    }

    /// `HTTPBackendRef`. Without weights: a rollout controller owns them.
    pub struct BackendRef {
        group: Option<Traced<Text>>,
        kind: Option<Traced<Text>>,
        name: Traced<NameOf>,
        port: Traced<u16>,
    }

    /// `ListenerSetSpec`.
    pub struct ListenerSetSpec {
        parent_ref: GatewayRef,
        listeners: Items<Listener>,
    }

    /// `ParentGatewayReference`.
    pub struct GatewayRef {
        group: Option<Traced<Text>>,
        kind: Option<Traced<Text>>,
        name: Traced<NameOf>,
        namespace: Option<Traced<Text>>,
    }

    /// `ListenerEntry`.
    pub struct Listener {
        name: Traced<Text>,
        hostname: Option<Traced<Text>>,
        port: Traced<u16>,
        protocol: Traced<ListenerProtocol>,
        tls: Option<ListenerTls>,
        allowed_routes: Option<AllowedRoutes>,
    }

    /// `ListenerTLSConfig`.
    pub struct ListenerTls {
        mode: Traced<TlsMode>,
        certificate_refs: Items<CertificateRef>,
    }

    /// `SecretObjectReference`.
    pub struct CertificateRef {
        group: Option<Traced<Text>>,
        kind: Option<Traced<Text>>,
        name: Traced<NameOf>,
    }

    /// `AllowedRoutes`.
    pub struct AllowedRoutes {
        namespaces: RouteNamespaces,
    }

    /// `RouteNamespaces`.
    pub struct RouteNamespaces {
        from: Traced<FromNamespaces>,
        /// For `Selector`, and for it alone.
        selector: Option<LabelSelector>,
    }
}

tagged! {
    /// `HTTPRouteFilter`.
    pub enum RouteFilter {
        /// changes headers on the way in
        RequestHeaderModifier { request_header_modifier: HeaderModifier },
        /// changes headers on the way out
        ResponseHeaderModifier { response_header_modifier: HeaderModifier },
        /// answers with a redirect
        RequestRedirect { request_redirect: RequestRedirect },
        /// changes the path before the backend sees it
        URLRewrite { url_rewrite: UrlRewrite },
        /// answers browsers that ask for pages of other origins
        CORS { cors: CorsFilter },
    }

    /// `HTTPPathModifier`.
    pub enum PathModifier {
        /// the whole path
        ReplaceFullPath { replace_full_path: Traced<Text> },
        /// what a `PathPrefix` matched
        ReplacePrefixMatch { replace_prefix_match: Traced<Text> },
    }
}

object! {
    /// `HTTPURLRewriteFilter`.
    pub struct UrlRewrite {
        path: PathModifier,
    }
}

closed! {
    /// What a route attaches to.
    pub enum ParentKind {
        /// the Gateway itself
        Gateway,
        /// listeners of a team's own
        ListenerSet,
    }

    /// `type` of a path match; regular expressions mean something else in each implementation and cannot be said.
    pub enum PathMatchType {
        /// the whole path
        Exact,
        /// a prefix, by path elements
        PathPrefix,
    }

    /// `type` of a match of headers or of methods; regular expressions mean something else in each implementation.
    pub enum ExactMatch {
        /// the whole value
        Exact,
    }

    /// `protocol` of a listener.
    pub enum ListenerProtocol {
        /// plain
        Http = "HTTP",
        /// encrypted
        Https = "HTTPS",
        /// encrypted, and not HTTP as far as the gateway knows
        Tls = "TLS",
    }

    /// `mode` of a listener's encryption.
    pub enum TlsMode {
        /// the gateway decrypts
        Terminate,
        /// the backend decrypts
        Passthrough,
    }

    /// Whose routes may attach.
    pub enum FromNamespaces {
        /// those of some namespaces
        Selector,
        /// the own namespace's
        Same,
    }
}
