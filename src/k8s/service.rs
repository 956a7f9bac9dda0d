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
        selector: Labels,
        ports: Items<ServicePort>,
    }

    /// `ServicePort`.
    pub struct ServicePort {
        name: Traced<Text>,
        port: Traced<u16>,
        /// The name of a container's port.
        target_port: Traced<IntOrString>,
        protocol: Traced<Protocol>,
        app_protocol: Option<Traced<Text>>,
    }
}

closed! {
    /// `type` of a Service; the way in from outside is a route.
    pub enum ServiceType {
        /// reachable in the cluster
        ClusterIp = "ClusterIP",
    }
}
