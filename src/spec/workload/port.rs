//! `[workloads.<name>.ports.<name>]`: a further port.

use crate::origin::Traced;
use crate::spec::PortNumber;
use crate::spec::decode::{choices, table};
use crate::text::Text;
use crate::value::{Host, Name};

choices! {
    /// Transport protocol of a port.
    pub enum Transport {
        /// TCP.
        Tcp = "tcp",
        /// UDP.
        Udp = "udp",
    }
}

table! {
    /// A further port.
    pub struct Port {
        /// Port that the program listens on.
        port: Traced<PortNumber>,
        /// Port of the Service.
        service_port: Option<Traced<PortNumber>> = "the same as `port`",
        /// Port of the node that leads there as well, for programs that are reached by node; needs `pod.security.reason`.
        host_port: Option<Traced<PortNumber>>,
        /// Transport protocol.
        protocol: Option<Traced<Transport>> = "`\"tcp\"`",
        /// Application protocol for gateways and meshes, such as `http` or `kubernetes.io/h2c`.
        app_protocol: Option<Traced<Text>> = "`https` with `tls`",
        /// The program encrypts what it sends on this port, and how a Gateway trusts it.
        tls: Option<PortTls>,
        /// Whether the Service has it.
        service: Option<Traced<bool>> = "`true`",
        /// Whether the metrics scraper may read it.
        scrape: Option<Traced<bool>> = "`false`; the port of an `http`, `grpc`, `worker` or `daemon` workload always",
    }

    /// How a Gateway trusts a program that encrypts.
    pub struct PortTls {
        /// Name in the program's certificate.
        host: Traced<Host>,
        /// ConfigMap with `ca.crt`, the certificate that signed the program's.
        ca: Option<Traced<Name>> = "the authorities that the Gateway's system knows",
    }
}
