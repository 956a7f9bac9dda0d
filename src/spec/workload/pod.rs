//! `[workloads.<name>.pod]`: how and where the pods of a workload run.

use super::id::Id;
use super::security::Security;
use crate::origin::Traced;
use crate::spec::decode::{List, Map, choices, table};
use crate::text::Text;
use crate::value::{Duration, Host, IpAddress, LabelKey, LabelValue, Name, Subdomain};

choices! {
    /// When a node asks the registry for an image.
    pub enum Pull {
        /// At each start.
        Always = "always",
        /// When the node has no image of this name.
        IfNotPresent = "if-not-present",
        /// Never: the node must have it.
        Never = "never",
    }

    /// Which names a pod can look up.
    pub enum DnsPolicy {
        /// Those of the cluster, then those of the node.
        ClusterFirst = "cluster-first",
        /// As `cluster-first`, for pods in the network of their node.
        ClusterFirstWithHostNet = "cluster-first-with-host-net",
        /// Those of the node alone.
        Default = "default",
        /// Those that `nameservers` knows, nothing else.
        None = "none",
    }

    /// What a taint that is tolerated does.
    pub enum TaintEffect {
        /// Keeps new pods away.
        NoSchedule = "no-schedule",
        /// Keeps new pods away where possible.
        PreferNoSchedule = "prefer-no-schedule",
        /// Takes running pods away too.
        NoExecute = "no-execute",
    }

    /// How a label of a node is compared.
    pub enum NodeOperator {
        /// It is one of the values.
        In = "in",
        /// It is none of the values.
        NotIn = "not-in",
        /// It is there.
        Exists = "exists",
        /// It is not there.
        DoesNotExist = "does-not-exist",
        /// It is a larger number than the value.
        Gt = "gt",
        /// It is a smaller number than the value.
        Lt = "lt",
    }
}

table! {
    /// How and where the pods of a workload run.
    pub struct Pod {
        /// Labels of the pods besides specc's own.
        labels: Map<LabelKey, Traced<LabelValue>>,
        /// Annotations of the pods.
        annotations: Map<LabelKey, Traced<Text>>,
        /// The identity that the pods have in the cluster and, by annotations, in a cloud.
        service_account: Option<ServiceAccount>,
        /// User that the processes run as.
        uid: Option<Traced<Id>> = "`65532`",
        /// Group that the processes run as.
        gid: Option<Traced<Id>> = "`uid`",
        /// Group that owns the volumes.
        fs_group: Option<Traced<Id>> = "`gid`",
        /// What the pods may do beyond the hardened default.
        security: Option<Security>,
        /// Labels that a node must have.
        node_selector: Map<LabelKey, Traced<LabelValue>>,
        /// Rules about nodes that a selector cannot say, by a name of your own.
        node_affinity: Map<Name, NodeRule>,
        /// Taints that the pods put up with, by a name of your own.
        tolerations: Map<Name, Toleration>,
        /// `PriorityClass`, in place of the platform's.
        priority_class: Option<Traced<Subdomain>>,
        /// `RuntimeClass`.
        runtime_class: Option<Traced<Subdomain>>,
        /// Secrets with credentials of registries.
        image_pull_secrets: List<Subdomain>,
        /// When a node asks the registry for the image.
        image_pull: Option<Traced<Pull>> = "`\"always\"`",
        /// Addresses of names that no DNS server knows.
        host_aliases: Map<Host, Traced<IpAddress>>,
        /// How names are looked up.
        dns: Option<Dns>,
        /// Let the containers see and signal each other's processes.
        share_processes: Option<Traced<bool>> = "`false`",
        /// Time from the request to stop until the kill.
        grace: Option<Traced<Duration>> = "pre-stop wait, `drain` and 5 s",
    }

    /// The identity of the pods.
    pub struct ServiceAccount {
        /// An account that somebody else makes; without it specc makes one.
        existing: Option<Traced<Subdomain>>,
        /// Annotations, such as those that bind the account to a role of a cloud.
        annotations: Map<LabelKey, Traced<Text>>,
        /// Mount the account's token, for programs that talk to the Kubernetes API.
        token: Option<Traced<bool>> = "`false`",
    }

    /// A taint that the pods put up with.
    pub struct Toleration {
        /// Key of the taint; without it every key.
        key: Option<Traced<LabelKey>>,
        /// Value of the taint; without it every value.
        value: Option<Traced<LabelValue>>,
        /// Effect of the taint; without it every effect.
        effect: Option<Traced<TaintEffect>>,
        /// How long a pod stays after a `no-execute` taint came.
        at_most: Option<Traced<Duration>> = "for ever",
    }

    /// A rule about the labels of nodes.
    pub struct NodeRule {
        /// Key of the label.
        key: Traced<LabelKey>,
        /// How it is compared.
        operator: Option<Traced<NodeOperator>> = "`\"in\"`",
        /// What it is compared with.
        values: List<LabelValue>,
        /// Weight of a wish, 1 to 100; without one the rule is a demand.
        weight: Option<Traced<super::Percent>>,
    }

    /// How names are looked up.
    pub struct Dns {
        /// Which names are known.
        policy: Option<Traced<DnsPolicy>> = "`\"cluster-first\"`",
        /// Addresses of further DNS servers.
        nameservers: List<IpAddress>,
        /// Domains that short names are tried in.
        searches: List<Subdomain>,
        /// Options of the resolver, such as `ndots`.
        options: Map<Name, Traced<Text>> = "`{ ndots = \"2\" }`",
    }
}
