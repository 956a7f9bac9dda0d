//! `[workloads.<name>.route]` and `[workloads.<name>.routes.<name>]`: where a workload is reached from outside.

use super::resources::Limit;
use crate::origin::Traced;
use crate::spec::decode::{List, Map, choices, table};
use crate::text::Text;
use crate::value::{
    Duration, HeaderName, Host, HttpPath, LabelKey, PortName, RequestPath, Subdomain, WebOrigin,
};

/// The longest that a request may take, or `none`.
pub type TimeLimit = Limit<Duration>;

choices! {
    /// Methods of HTTP (RFC 9110, section 9; RFC 5789).
    pub enum HttpMethod {
        /// Reads.
        Get = "GET",
        /// Reads all but the content.
        Head = "HEAD",
        /// Does something.
        Post = "POST",
        /// Puts something in its place.
        Put = "PUT",
        /// Changes a part.
        Patch = "PATCH",
        /// Deletes.
        Delete = "DELETE",
        /// Asks what is allowed.
        Options = "OPTIONS",
    }

    /// Who decrypts what callers send.
    pub enum RouteTls {
        /// The Gateway or the ingress controller.
        Terminate = "terminate",
        /// The program; the Gateway sees nothing but the host.
        Passthrough = "passthrough",
    }
}

table! {
    /// Where a workload is reached from outside.
    pub struct Route {
        /// Host name.
        host: Traced<Host>,
        /// Further host names.
        hosts: List<Host>,
        /// Host names whose callers are sent to `host` (301).
        redirect_from: List<Host>,
        /// Path prefixes; of `grpc` services, `/shop.v1.Orders`, and calls, `/shop.v1.Orders/Get`.
        paths: List<HttpPath> = "`[\"/\"]`, unless `exact` has some",
        /// Paths that must be equal.
        exact: List<HttpPath>,
        /// Methods that are let through.
        methods: List<HttpMethod> = "all",
        /// Headers that a request must have, with their values.
        headers: Map<HeaderName, Traced<Text>>,
        /// What the program sees in place of the path that matched.
        rewrite: Option<Traced<HttpPath>> = "the path as it came",
        /// Changes of headers on their way to the program.
        request_headers: Option<HeaderChanges>,
        /// Changes of headers on their way to the caller.
        response_headers: Option<HeaderChanges> = "in prod `Strict-Transport-Security` for a year",
        /// Pages of other origins that may call it from a browser.
        cors: Option<Cors>,
        /// The longest that a request may take; `none` for streams and WebSockets.
        timeout: Option<Traced<TimeLimit>> = "the workload's `timeout`",
        /// The port that it leads to, by name.
        port: Option<Traced<PortName>> = "the workload's `port`",
        /// Who decrypts.
        tls: Option<Traced<RouteTls>> = "`\"terminate\"`",
        /// A path that is asked from outside on each host of the route; `health.checks` has more to say.
        probe: Option<Traced<RequestPath>>,
        /// A Secret with `tls.crt` and `tls.key` that somebody else makes.
        certificate: Option<Traced<Subdomain>> = "cert-manager makes one, signed by `platform.issuer`",
        /// Annotations of the route's object, such as those that an ingress controller reads.
        annotations: Map<LabelKey, Traced<Text>>,
    }

    /// Changes of headers.
    pub struct HeaderChanges {
        /// Headers that get this value, in place of what they had.
        set: Map<HeaderName, Traced<Text>>,
        /// Headers that get this value besides what they had.
        add: Map<HeaderName, Traced<Text>>,
        /// Headers that go.
        remove: List<HeaderName>,
    }

    /// Pages of other origins that may call it from a browser (Fetch standard, "CORS protocol").
    pub struct Cors {
        /// Their origins: scheme, host and port; `*` for any.
        origins: List<WebOrigin>,
        /// Methods that they may use, besides those that need no leave.
        methods: List<HttpMethod> = "`GET`, `HEAD` and `POST`",
        /// Headers that they may send, besides those that need no leave.
        headers: List<HeaderName>,
        /// Headers of the answer that they may read, besides those that need no leave.
        expose: List<HeaderName>,
        /// Whether they may send cookies.
        credentials: Option<Traced<bool>> = "`false`",
        /// How long a browser may keep what it was told.
        max_age: Option<Traced<Duration>> = "`\"5s\"`",
    }
}
