//! Istio's objects: `ServiceEntry` and `DestinationRule` (networking.istio.io/v1), `AuthorizationPolicy` and
//! `PeerAuthentication` (security.istio.io/v1).

use std::collections::BTreeMap;

use super::meta::{LabelSelector, NameOf};
use super::model::{closed, object};
use crate::origin::Traced;
use crate::text::Text;
use crate::walk::{Items, Maybe};

/// The port on which pods of an ambient mesh, and waypoints, take what is wrapped (Istio docs, "Ambient and Kubernetes
/// NetworkPolicy").
pub const HBONE: u16 = 15008;

object! {
    /// `ServiceEntry.spec`: hosts outside of the mesh that the mesh shall know.
    pub struct ServiceEntrySpec {
        hosts: Vec<Traced<Text>>,
        /// Namespaces that see it; `.` is its own.
        export_to: Vec<Traced<Text>>,
        location: Traced<Location>,
        resolution: Traced<Resolution>,
        ports: Items<EntryPort>,
    }

    /// `ServicePort` of a `ServiceEntry`.
    pub struct EntryPort {
        number: Traced<u16>,
        name: Traced<Text>,
        protocol: Traced<EntryProtocol>,
    }

    /// `DestinationRule.spec`: how proxies call a host.
    pub struct DestinationRuleSpec {
        host: Traced<Text>,
        /// Namespaces that it holds for; `.` is its own.
        export_to: Vec<Traced<Text>>,
        traffic_policy: TrafficPolicy,
    }

    /// `TrafficPolicy`.
    pub struct TrafficPolicy {
        connection_pool: ConnectionPool,
        outlier_detection: Maybe<OutlierDetection>,
    }

    /// `ConnectionPoolSettings`.
    pub struct ConnectionPool {
        tcp: TcpSettings,
    }

    /// `ConnectionPoolSettings.TCPSettings`.
    pub struct TcpSettings {
        max_connections: Option<Traced<u32>>,
        /// A protobuf duration: `1s`.
        connect_timeout: Traced<Text>,
    }

    /// `OutlierDetection`: when an address is not called for a while.
    pub struct OutlierDetection {
        /// Whether failures to connect count apart from answers.
        split_external_local_origin_errors: Option<Traced<bool>>,
        /// Connections in a row that failed.
        consecutive_local_origin_failures: Option<Traced<u32>>,
        consecutive_5xx_errors = "consecutive5xxErrors": Option<Traced<u32>>,
        interval: Traced<Text>,
        base_ejection_time: Traced<Text>,
        max_ejection_percent: Traced<u32>,
    }

    /// `AuthorizationPolicy.spec`. With `ALLOW` and without a rule nobody is let through.
    pub struct AuthorizationPolicySpec {
        /// Pods that it holds for; excludes `targetRefs`.
        selector: Option<LabelSelector>,
        target_refs: Items<PolicyTarget>,
        action: Traced<PolicyAction>,
        rules: Items<PolicyRule>,
    }

    /// `PolicyTargetReference`.
    pub struct PolicyTarget {
        group: Traced<Text>,
        kind: Traced<Text>,
        name: Traced<NameOf>,
    }

    /// `Rule`.
    pub struct PolicyRule {
        from: Items<PolicyFrom>,
        /// Without any it means everything.
        to: Items<PolicyTo>,
    }

    /// `Rule.From`.
    pub struct PolicyFrom {
        source: PolicySource,
    }

    /// `Source`.
    pub struct PolicySource {
        /// `<namespace>/<service account>`.
        service_accounts: Items<Traced<Text>>,
        /// `*` means whoever has no identity, which is whoever is not part of the mesh.
        not_principals: Items<Traced<Text>>,
    }

    /// `Rule.To`.
    pub struct PolicyTo {
        operation: PolicyOperation,
    }

    /// `Operation`.
    pub struct PolicyOperation {
        /// Numbers, as text.
        ports: Items<Traced<Text>>,
    }

    /// `PeerAuthentication.spec`: whether pods take what no proxy of the mesh has wrapped.
    pub struct PeerAuthenticationSpec {
        selector: LabelSelector,
        mtls: MutualTls,
        /// By number.
        port_level_mtls: BTreeMap<Text, MutualTls>,
    }

    /// `PeerAuthentication.MutualTLS`.
    pub struct MutualTls {
        mode: Traced<MutualTlsMode>,
    }
}

closed! {
    /// `location`.
    pub enum Location {
        /// outside
        MeshExternal = "MESH_EXTERNAL",
    }

    /// `resolution`.
    pub enum Resolution {
        /// the proxy asks the resolver
        Dns = "DNS",
    }

    /// `protocol` of a port.
    pub enum EntryProtocol {
        /// HTTP, in the clear
        Http = "HTTP",
        /// TLS, which the proxy passes on
        Tls = "TLS",
    }

    /// `action`.
    pub enum PolicyAction {
        /// what a rule names is let through, and nothing else
        Allow = "ALLOW",
    }

    /// `mode` of mutual TLS.
    pub enum MutualTlsMode {
        /// nothing that is not wrapped
        Strict = "STRICT",
        /// both
        Permissive = "PERMISSIVE",
    }
}
