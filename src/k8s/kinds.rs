//! All kinds that specc can make, in one list.

use super::cluster::ClusterSpec;
use super::config_map::Files;
use super::cron_job::CronJobSpec;
use super::deployment::DeploymentSpec;
use super::external_secret::ExternalSecretSpec;
use super::gateway::{HttpRouteSpec, ListenerSetSpec};
use super::horizontal_pod_autoscaler::AutoscalerSpec;
use super::model::kinds;
use super::network_policy::NetworkPolicySpec;
use super::pod_disruption_budget::BudgetSpec;
use super::service::ServiceSpec;
use crate::origin::Traced;

kinds! {
    /// A namespace.
    pub struct Namespace in "v1" {}

    /// The identity of a workload.
    pub struct ServiceAccount in "v1" {
        automount_service_account_token: Traced<bool>,
    }

    /// Configuration as files.
    pub struct ConfigMap in "v1" {
        immutable: Option<Traced<bool>>,
        data: Files,
        /// Base64.
        binary_data: Files,
    }

    /// Pods that are all alike.
    pub struct Deployment in "apps/v1" { spec: DeploymentSpec }

    /// Work on a schedule.
    pub struct CronJob in "batch/v1" { spec: CronJobSpec }

    /// A stable address of pods.
    pub struct Service in "v1" { spec: ServiceSpec }

    /// The number of pods by load.
    pub struct HorizontalPodAutoscaler in "autoscaling/v2" { spec: AutoscalerSpec }

    /// How many pods maintenance may take at a time.
    pub struct PodDisruptionBudget in "policy/v1" { spec: BudgetSpec }

    /// Who may talk to whom.
    pub struct NetworkPolicy in "networking.k8s.io/v1" { spec: NetworkPolicySpec }

    /// The way in from outside.
    pub struct HTTPRoute in "gateway.networking.k8s.io/v1" { spec: HttpRouteSpec }

    /// Hosts and certificates of a team's own on a shared Gateway.
    pub struct ListenerSet in "gateway.networking.k8s.io/v1" { spec: ListenerSetSpec }

    /// A Secret kept in a store outside the cluster.
    pub struct ExternalSecret in "external-secrets.io/v1" { spec: ExternalSecretSpec }

    /// A PostgreSQL database.
    pub struct Cluster in "postgresql.cnpg.io/v1" { spec: ClusterSpec }
}
