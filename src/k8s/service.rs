//! Service (core/v1).

use super::meta::Labels;
use super::model::{closed, object};
use super::pod::Protocol;
use crate::origin::Traced;
use crate::text::Text;
use crate::walk::{IntOrString, Items};

object! {
    /// `ServiceSpec`.
    pub struct ServiceSpec {
        kind = "type": Traced<ServiceType>,
        /// `None` (the word) makes it headless.
        cluster_ip = "clusterIP": Option<Traced<Text>>,
        /// What DNS answers with in place of an address.
        external_name: Option<Traced<Text>>,
        publish_not_ready_addresses: Option<Traced<bool>>,
        external_traffic_policy: Option<Traced<ExternalTraffic>>,
        load_balancer_class: Option<Traced<Text>>,
        load_balancer_source_ranges: Vec<Traced<Text>>,
        session_affinity: Option<Traced<SessionAffinity>>,
        /// `PreferSameZone`, from Kubernetes 1.35.
        traffic_distribution: Option<Traced<Text>>,
        selector: Labels,
        ports: Items<ServicePort>,
    }

    /// `ServicePort`.
    pub struct ServicePort {
        name: Traced<Text>,
        port: Traced<u16>,
        /// The name of a container's port.
        target_port: Traced<IntOrString>,
        node_port: Option<Traced<u16>>,
        protocol: Traced<Protocol>,
        app_protocol: Option<Traced<Text>>,
    }
}

closed! {
    /// `type` of a Service.
    pub enum ServiceType {
        /// reachable in the cluster
        ClusterIp = "ClusterIP",
        /// at an address outside of it
        LoadBalancer,
        /// on a port of every node
        NodePort,
        /// a name for a host, without pods
        ExternalName,
    }

    /// `externalTrafficPolicy`.
    pub enum ExternalTraffic {
        /// pods of any node
        Cluster,
        /// pods of the node that was called
        Local,
    }

    /// `sessionAffinity`.
    pub enum SessionAffinity {
        /// a caller's address leads to the same pod for three hours
        ClientIp = "ClientIP",
    }
}
