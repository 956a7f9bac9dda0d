//! NetworkPolicy (networking.k8s.io/v1).

use super::meta::Selects;
use super::model::{closed, object};
use super::pod::Protocol;
use crate::origin::Traced;
use crate::text::Text;
use crate::walk::{IntOrString, Items};

object! {
    /// `NetworkPolicySpec`. A type without a rule lets nothing through in that direction.
    pub struct NetworkPolicySpec {
        pod_selector: Selects,
        policy_types: Vec<Traced<PolicyType>>,
        ingress: Items<IngressRule>,
        egress: Items<EgressRule>,
    }

    /// `NetworkPolicyIngressRule`. Without peers it means anyone, without ports any port.
    pub struct IngressRule {
        from: Items<Peer>,
        ports: Items<PolicyPort>,
    }

    /// `NetworkPolicyEgressRule`. Without peers it means anyone, without ports any port.
    pub struct EgressRule {
        to: Items<Peer>,
        ports: Items<PolicyPort>,
    }

    /// `NetworkPolicyPeer`: pods by namespace and labels (own namespace without a namespace selector), or addresses.
    pub struct Peer {
        namespace_selector: Option<Selects>,
        pod_selector: Option<Selects>,
        /// Excludes the two others.
        ip_block: Option<IpBlock>,
    }

    /// `IPBlock`.
    pub struct IpBlock {
        cidr: Traced<Text>,
        except: Vec<Traced<Text>>,
    }

    /// `NetworkPolicyPort`.
    pub struct PolicyPort {
        protocol: Traced<Protocol>,
        /// A number, or the name of a container's port.
        port: Traced<IntOrString>,
    }
}

closed! {
    /// A direction that a policy governs.
    pub enum PolicyType {
        /// what comes in
        Ingress,
        /// what goes out
        Egress,
    }
}
