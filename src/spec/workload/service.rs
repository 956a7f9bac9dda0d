//! `[workloads.<name>.service]` and `[workloads.<name>.services.<name>]`: how others reach a workload.

use crate::origin::Traced;
use crate::spec::PortNumber;
use crate::spec::decode::{List, Map, choices, table};
use crate::text::Text;
use crate::value::{Cidr, LabelKey, PortName};

choices! {
    /// What a Service is.
    pub enum ServiceType {
        /// One address in the cluster.
        Cluster = "cluster",
        /// The addresses of the pods themselves.
        Headless = "headless",
        /// An address outside of the cluster.
        LoadBalancer = "load-balancer",
        /// A port on every node.
        NodePort = "node-port",
    }

    /// Where traffic may go.
    pub enum Zone {
        /// To pods of the caller's zone, while there are some.
        Prefer = "prefer",
        /// To all alike.
        None = "none",
    }

    /// What traffic from outside reaches.
    pub enum ExternalTraffic {
        /// Pods of any node; the caller's address is lost.
        Cluster = "cluster",
        /// Pods of the node that it came to; the caller's address is kept.
        Local = "local",
    }
}

table! {
    /// How others reach a workload.
    pub struct ServiceSettings {
        /// What it is.
        kind as "type": Option<Traced<ServiceType>> = "`\"cluster\"`",
        /// Its port, for the workload's `port`; only in `service`.
        port: Option<Traced<PortNumber>> = "80 for `http`, else the same",
        /// Where traffic goes.
        zone: Option<Traced<Zone>> = "`\"none\"`",
        /// Send a caller to the same pod each time.
        sticky: Option<Traced<bool>> = "`false`",
        /// What traffic from outside reaches; `load-balancer` and `node-port` only.
        external_traffic: Option<Traced<ExternalTraffic>> = "`\"cluster\"`",
        /// Addresses that may call from outside; `load-balancer` only.
        source_ranges: List<Cidr>,
        /// Class of the load balancer.
        load_balancer_class: Option<Traced<LabelKey>>,
        /// Annotations of the Service.
        annotations: Map<LabelKey, Traced<Text>>,
        /// List pods that are not ready; `headless` only.
        not_ready: Option<Traced<bool>> = "`false`; of a `stateful` workload's pods `true`",
        /// Ports of the workload that it has; without it all that are in Services.
        ports: List<PortName>,
        /// Ports on the nodes, by the name of the port.
        node_ports: Map<PortName, Traced<PortNumber>> = "chosen by Kubernetes",
    }
}
