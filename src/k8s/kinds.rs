//! All kinds that specc can make, in one list.

use super::backup::{ObjectStoreSpec, ScheduledBackupSpec};
use super::cilium::CiliumPolicySpec;
use super::cluster::ClusterSpec;
use super::config_map::Files;
use super::cron_job::{CronJobSpec, JobSpec};
use super::database::{DatabaseRoleSpec, DatabaseSpec};
use super::deployment::DeploymentSpec;
use super::external_secret::ExternalSecretSpec;
use super::gateway::{BackendTlsSpec, GrpcRouteSpec, HttpRouteSpec, ListenerSetSpec, TlsRouteSpec};
use super::horizontal_pod_autoscaler::AutoscalerSpec;
use super::ingress::IngressSpec;
use super::istio::{AuthorizationPolicySpec, DestinationRuleSpec, PeerAuthenticationSpec, ServiceEntrySpec};
use super::keda::{ScaledObjectSpec, TriggerAuthenticationSpec};
use super::model::kinds;
use super::monitoring::{PodMonitorSpec, ProbeSpec, PrometheusRuleSpec};
use super::network_policy::NetworkPolicySpec;
use super::password::PasswordSpec;
use super::pod::ClaimSpec;
use super::pod_disruption_budget::BudgetSpec;
use super::pooler::PoolerSpec;
use super::push_secret::PushSecretSpec;
use super::rbac::{RoleRef, RoleRule, Subject};
use super::service::ServiceSpec;
use super::stateful_set::{DaemonSetSpec, StatefulSetSpec};
use super::velero::CopySpec;
use super::vertical_pod_autoscaler::VerticalSpec;
use crate::origin::Traced;
use crate::walk::Items;

kinds! {
    /// A namespace.
    pub struct Namespace in "v1" {}

    /// The identity of a workload.
    pub struct ServiceAccount in "v1" {
        automount_service_account_token: Traced<bool>,
    }

    /// What may be done with which objects of a namespace.
    pub struct Role in "rbac.authorization.k8s.io/v1" { rules: Items<RoleRule> }

    /// Who may do it.
    pub struct RoleBinding in "rbac.authorization.k8s.io/v1" { role_ref: RoleRef, subjects: Items<Subject> }

    /// Configuration as files.
    pub struct ConfigMap in "v1" {
        immutable: Option<Traced<bool>>,
        data: Files,
        /// Base64.
        binary_data: Files,
    }

    /// Pods that are all alike.
    pub struct Deployment in "apps/v1" { spec: DeploymentSpec }

    /// Pods with names and disks of their own.
    pub struct StatefulSet in "apps/v1" { spec: StatefulSetSpec }

    /// A pod on every node.
    pub struct DaemonSet in "apps/v1" { spec: DaemonSetSpec }

    /// Work on a schedule.
    pub struct CronJob in "batch/v1" { spec: CronJobSpec }

    /// Work that ends.
    pub struct Job in "batch/v1" { spec: JobSpec }

    /// A disk that outlives pods.
    pub struct PersistentVolumeClaim in "v1" { spec: ClaimSpec }

    /// A stable address of pods.
    pub struct Service in "v1" { spec: ServiceSpec }

    /// The number of pods by load.
    pub struct HorizontalPodAutoscaler in "autoscaling/v2" { spec: AutoscalerSpec }

    /// The number of pods by the work that waits.
    pub struct ScaledObject in "keda.sh/v1alpha1" { spec: ScaledObjectSpec }

    /// How KEDA logs in to what it asks.
    pub struct TriggerAuthentication in "keda.sh/v1alpha1" { spec: TriggerAuthenticationSpec }

    /// The requests of pods by their use.
    pub struct VerticalPodAutoscaler in "autoscaling.k8s.io/v1" { spec: VerticalSpec }

    /// How many pods maintenance may take at a time.
    pub struct PodDisruptionBudget in "policy/v1" { spec: BudgetSpec }

    /// Who may talk to whom.
    pub struct NetworkPolicy in "networking.k8s.io/v1" { spec: NetworkPolicySpec }

    /// Which host names pods may reach, where Cilium knows them.
    pub struct CiliumNetworkPolicy in "cilium.io/v2" { spec: CiliumPolicySpec }

    /// A host outside of an Istio mesh.
    pub struct ServiceEntry in "networking.istio.io/v1" { spec: ServiceEntrySpec }

    /// How an Istio mesh calls a host.
    pub struct DestinationRule in "networking.istio.io/v1" { spec: DestinationRuleSpec }

    /// Whom an Istio mesh lets through.
    pub struct AuthorizationPolicy in "security.istio.io/v1" { spec: AuthorizationPolicySpec }

    /// Whether pods of an Istio mesh take what nobody has encrypted.
    pub struct PeerAuthentication in "security.istio.io/v1" { spec: PeerAuthenticationSpec }

    /// The way in from outside.
    pub struct HTTPRoute in "gateway.networking.k8s.io/v1" { spec: HttpRouteSpec }

    /// The way in from outside for calls of gRPC.
    pub struct GRPCRoute in "gateway.networking.k8s.io/v1" { spec: GrpcRouteSpec }

    /// The way in from outside for connections that the program decrypts itself.
    pub struct TLSRoute in "gateway.networking.k8s.io/v1" { spec: TlsRouteSpec }

    /// How a gateway trusts a Service that encrypts.
    pub struct BackendTLSPolicy in "gateway.networking.k8s.io/v1" { spec: BackendTlsSpec }

    /// The way in from outside, where there is no Gateway.
    pub struct Ingress in "networking.k8s.io/v1" { spec: IngressSpec }

    /// Hosts and certificates of a team's own on a shared Gateway.
    pub struct ListenerSet in "gateway.networking.k8s.io/v1" { spec: ListenerSetSpec }

    /// A Secret kept in a store outside the cluster.
    pub struct ExternalSecret in "external-secrets.io/v1" { spec: ExternalSecretSpec }

    /// A Secret of the cluster that a store outside of it keeps as well.
    pub struct PushSecret in "external-secrets.io/v1alpha1" { spec: PushSecretSpec }

    /// Copies of what the API server has, on a schedule.
    pub struct Schedule in "velero.io/v1" { spec: CopySpec }

    /// Pods whose metrics Prometheus reads.
    pub struct PodMonitor in "monitoring.coreos.com/v1" { spec: PodMonitorSpec }

    /// What Prometheus asks from outside.
    pub struct Probe in "monitoring.coreos.com/v1" { spec: ProbeSpec }

    /// What Prometheus tells about metrics.
    pub struct PrometheusRule in "monitoring.coreos.com/v1" { spec: PrometheusRuleSpec }

    /// A PostgreSQL database.
    pub struct Cluster in "postgresql.cnpg.io/v1" { spec: ClusterSpec }

    /// What is in a PostgreSQL database: schemas and extensions.
    pub struct Database in "postgresql.cnpg.io/v1" { spec: DatabaseSpec }

    /// An account of a PostgreSQL database.
    pub struct DatabaseRole in "postgresql.cnpg.io/v1" { spec: DatabaseRoleSpec }

    /// How a password is made.
    pub struct Password in "generators.external-secrets.io/v1alpha1" { spec: PasswordSpec }

    /// What lends connections of a PostgreSQL database.
    pub struct Pooler in "postgresql.cnpg.io/v1" { spec: PoolerSpec }

    /// A folder of an object store that backups go to.
    pub struct ObjectStore in "barmancloud.cnpg.io/v1" { spec: ObjectStoreSpec }

    /// Base backups on a schedule.
    pub struct ScheduledBackup in "postgresql.cnpg.io/v1" { spec: ScheduledBackupSpec }
}
