//! The pod template (core/v1), which workloads of every kind share: scheduling, identity, volumes.

mod container;
mod volume;

pub use container::*;
pub use volume::*;

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
        /// A Deployment allows `Always` alone, a Job refuses it.
        restart_policy: Option<Traced<RestartPolicy>>,
        /// Seconds from the first signal to the kill, the pre-stop hook included.
        termination_grace_period_seconds: Traced<u32>,
        priority_class_name: Maybe<Traced<NameOf>>,
        security_context: PodSecurity,
        dns_config: Option<DnsConfig>,
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
    }

    /// `SeccompProfile`.
    pub struct SeccompProfile {
        kind = "type": Traced<SeccompType>,
    }

    /// `PodDNSConfig`.
    pub struct DnsConfig {
        options: Items<DnsOption>,
    }

    /// `PodDNSConfigOption`: a line of the resolver's options.
    pub struct DnsOption {
        name: Traced<Text>,
        value: Traced<Text>,
    }

    /// `Affinity`.
    pub struct Affinity {
        pod_anti_affinity: PodAntiAffinity,
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
