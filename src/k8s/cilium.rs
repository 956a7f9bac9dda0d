//! `CiliumNetworkPolicy` (cilium.io/v2), as far as a NetworkPolicy cannot say it: host names.

use super::meta::{LabelSelector, Labels};
use super::model::{closed, object};
use crate::origin::Traced;
use crate::text::Text;
use crate::walk::Items;

object! {
    /// `Rule`.
    pub struct CiliumPolicySpec {
        endpoint_selector: LabelSelector,
        egress: Items<CiliumEgress>,
    }

    /// `EgressRule`. Of the peers only one kind may be given.
    pub struct CiliumEgress {
        to_endpoints: Items<CiliumEndpoint>,
        to_fqdns = "toFQDNs": Items<FqdnSelector>,
        to_ports: Items<CiliumPorts>,
    }

    /// `EndpointSelector`: pods by their labels and their namespace's name.
    pub struct CiliumEndpoint {
        match_labels: Labels,
    }

    /// `FQDNSelector`.
    pub struct FqdnSelector {
        match_name: Traced<Text>,
    }

    /// `PortRule`.
    pub struct CiliumPorts {
        ports: Items<CiliumPort>,
        rules: Option<L7Rules>,
    }

    /// `PortProtocol`.
    pub struct CiliumPort {
        /// A number as text.
        port: Traced<Text>,
        protocol: Traced<CiliumProtocol>,
    }

    /// `L7Rules`.
    pub struct L7Rules {
        dns: Items<DnsRule>,
    }

    /// `PortRuleDNS`.
    pub struct DnsRule {
        match_pattern: Traced<Text>,
    }
}

closed! {
    /// `protocol`.
    pub enum CiliumProtocol {
        /// UDP, TCP and SCTP
        Any = "ANY",
        /// TCP
        Tcp = "TCP",
    }
}
