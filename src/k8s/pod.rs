//! The pod template (core/v1), which workloads of every kind share: scheduling, identity, volumes.

mod container;
mod volume;

pub use container::*;
pub use volume::*;

use std::collections::BTreeMap;

use super::meta::{LabelSelector, NameOf, TemplateMetadata};
use super::model::{closed, object};
use crate::origin::Traced;
use crate::text::Text;
use crate::walk::{Items, Maybe};

object! {
    /// `PodTemplateSpec`.
    pub struct PodTemplate {
        metadata: TemplateMetadata,
        spec: PodSpec,
    }

    /// `PodSpec`.
    pub struct PodSpec {
        service_account_name: Traced<NameOf>,
        automount_service_account_token: Traced<bool>,
        enable_service_links: Traced<bool>,
        host_network: Option<Traced<bool>>,
        host_pid = "hostPID": Option<Traced<bool>>,
        host_ipc = "hostIPC": Option<Traced<bool>>,
        /// The containers of the pod see and signal each other's processes.
        share_process_namespace: Option<Traced<bool>>,
        /// A Deployment allows `Always` alone, a Job refuses it.
        restart_policy: Option<Traced<RestartPolicy>>,
        /// Seconds from the first signal to the kill, the pre-stop hook included.
        termination_grace_period_seconds: Traced<u32>,
        priority_class_name: Maybe<Traced<NameOf>>,
        security_context: PodSecurity,
        runtime_class_name: Option<Traced<Text>>,
        image_pull_secrets: Items<LocalName>,
        host_aliases: Items<HostAlias>,
        dns_policy: Option<Traced<DnsPolicy>>,
        dns_config: Option<DnsConfig>,
        node_selector: BTreeMap<Text, Traced<Text>>,
        tolerations: Items<Toleration>,
        affinity: Option<Affinity>,
        topology_spread_constraints: Items<Spread>,
        init_containers: Items<Container>,
        containers: Items<Container>,
        volumes: Items<Volume>,
    }

    /// `PodSecurityContext`.
    pub struct PodSecurity {
        run_as_non_root: Traced<bool>,
        run_as_user: Traced<i64>,
        run_as_group: Traced<i64>,
        fs_group: Traced<i64>,
        fs_group_change_policy: Traced<FsGroupChangePolicy>,
        supplemental_groups: Vec<Traced<i64>>,
        seccomp_profile: SeccompProfile,
        sysctls: Items<Sysctl>,
    }

    /// `Sysctl`: of the safe set, which the restricted Pod Security Standard allows.
    pub struct Sysctl {
        name: Traced<Text>,
        value: Traced<Text>,
    }

    /// `SeccompProfile`.
    pub struct SeccompProfile {
        kind = "type": Traced<SeccompType>,
    }

    /// `LocalObjectReference`.
    pub struct LocalName {
        name: Traced<NameOf>,
    }

    /// `HostAlias`.
    pub struct HostAlias {
        ip: Traced<Text>,
        hostnames: Items<Traced<Text>>,
    }

    /// `Toleration`.
    pub struct Toleration {
        key: Option<Traced<Text>>,
        operator: Traced<TolerationOperator>,
        value: Option<Traced<Text>>,
        effect: Option<Traced<TaintEffect>>,
        toleration_seconds: Option<Traced<u32>>,
    }

    /// `NodeAffinity`.
    pub struct NodeAffinity {
        required = "requiredDuringSchedulingIgnoredDuringExecution": Option<NodeSelector>,
        preferred = "preferredDuringSchedulingIgnoredDuringExecution": Items<WeightedNodeTerm>,
    }

    /// `NodeSelector`: one of the terms must match.
    pub struct NodeSelector {
        node_selector_terms: Items<NodeTerm>,
    }

    /// `PreferredSchedulingTerm`.
    pub struct WeightedNodeTerm {
        /// 1 to 100.
        weight: Traced<u32>,
        preference: NodeTerm,
    }

    /// `NodeSelectorTerm`: all expressions must match.
    pub struct NodeTerm {
        match_expressions: Items<NodeRequirement>,
    }

    /// `NodeSelectorRequirement`.
    pub struct NodeRequirement {
        key: Traced<Text>,
        operator: Traced<NodeOperator>,
        values: Vec<Traced<Text>>,
    }

    /// `PodDNSConfig`.
    pub struct DnsConfig {
        nameservers: Vec<Traced<Text>>,
        searches: Vec<Traced<Text>>,
        options: Items<DnsOption>,
    }

    /// `PodDNSConfigOption`: a line of the resolver's options.
    pub struct DnsOption {
        name: Traced<Text>,
        value: Option<Traced<Text>>,
    }

    /// `Affinity`.
    pub struct Affinity {
        node_affinity: Option<NodeAffinity>,
        pod_anti_affinity: Option<PodAntiAffinity>,
    }

    /// `PodAntiAffinity`.
    pub struct PodAntiAffinity {
        preferred = "preferredDuringSchedulingIgnoredDuringExecution": Items<WeightedTerm>,
    }

    /// `WeightedPodAffinityTerm`.
    pub struct WeightedTerm {
        /// 1 to 100.
        weight: Traced<u32>,
        pod_affinity_term: AffinityTerm,
    }

    /// `PodAffinityTerm`.
    pub struct AffinityTerm {
        topology_key: Traced<Text>,
        label_selector: LabelSelector,
    }

    /// `TopologySpreadConstraint`.
    pub struct Spread {
        max_skew: Traced<u32>,
        topology_key: Traced<Text>,
        when_unsatisfiable: Traced<Unsatisfiable>,
        label_selector: LabelSelector,
    }
}

closed! {
    /// `dnsPolicy`.
    pub enum DnsPolicy {
        /// the cluster's names, then the node's
        ClusterFirst,
        /// the same in the node's network
        ClusterFirstWithHostNet,
        /// the node's names
        Default,
        /// those of `dnsConfig`
        None,
    }

    /// `operator` of a toleration.
    pub enum TolerationOperator {
        /// the taint has the value
        Equal,
        /// the taint is there
        Exists,
    }

    /// `effect` of a taint.
    pub enum TaintEffect {
        /// no new pods
        NoSchedule,
        /// no new pods where possible
        PreferNoSchedule,
        /// running pods go too
        NoExecute,
    }

    /// `operator` of a [`NodeRequirement`].
    pub enum NodeOperator {
        /// one of the values
        In,
        /// none of the values
        NotIn,
        /// there
        Exists,
        /// not there
        DoesNotExist,
        /// more than
        Gt,
        /// less than
        Lt,
    }

    /// `restartPolicy` of a pod.
    pub enum RestartPolicy {
        /// whenever a container ends
        Always,
        /// when a container fails
        OnFailure,
        /// never
        Never,
    }

    /// `fsGroupChangePolicy`.
    pub enum FsGroupChangePolicy {
        /// only if the volume's root has another group: no walk over a full volume at each start
        OnRootMismatch,
        /// at each start
        Always,
    }

    /// `type` of a seccomp profile; `Unconfined` cannot be said.
    pub enum SeccompType {
        /// the container runtime's profile
        RuntimeDefault,
    }

    /// `whenUnsatisfiable` of a spread.
    pub enum Unsatisfiable {
        /// a wish
        ScheduleAnyway,
        /// a demand
        DoNotSchedule,
    }
}
