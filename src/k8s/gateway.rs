//! Gateway API: HTTPRoute and ListenerSet (gateway.networking.k8s.io/v1, standard channel 1.6).

use super::meta::NameOf;
use super::model::{closed, object, tagged};
use crate::origin::Traced;
use crate::text::Text;
use crate::walk::Items;

object! {
    /// `HTTPRouteSpec`.
    pub struct HttpRouteSpec {
        parent_refs: Items<ParentRef>,
        hostnames: Vec<Traced<Text>>,
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
        remove: Vec<Traced<Text>>,
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

    /// `protocol` of a listener.
    pub enum ListenerProtocol {
        /// plain
        Http = "HTTP",
        /// encrypted
        Https = "HTTPS",
    }

    /// `mode` of a listener's encryption.
    pub enum TlsMode {
        /// the gateway decrypts
        Terminate,
    }

    /// Whose routes may attach.
    pub enum FromNamespaces {
        /// any namespace's
        All,
        /// the own namespace's
        Same,
    }
}
