//! Typed output objects: what specc can write, with fields in emission order and closed enums.
//!
//! Knows nothing of the spec. An object that the API would refuse for its shape does not compile here; whether its
//! references resolve is the link check's business. The official types are the referee in tests, not the model.

pub(crate) mod model;

pub mod backup;
pub mod cilium;
pub mod cluster;
pub mod config_map;
pub mod cron_job;
pub mod database;
pub mod deployment;
pub mod external_secret;
pub mod gateway;
pub mod horizontal_pod_autoscaler;
pub mod ingress;
pub mod istio;
pub mod keda;
pub mod kinds;
pub mod meta;
pub mod monitoring;
pub mod network_policy;
pub mod password;
pub mod pod;
pub mod pod_disruption_budget;
pub mod pooler;
pub mod push_secret;
pub mod rbac;
pub mod service;
pub mod stateful_set;
pub mod velero;
pub mod vertical_pod_autoscaler;
pub mod written;

pub use backup::*;
pub use cilium::*;
pub use cluster::*;
pub use config_map::*;
pub use cron_job::*;
pub use database::*;
pub use deployment::*;
pub use external_secret::*;
pub use gateway::*;
pub use horizontal_pod_autoscaler::*;
pub use ingress::*;
pub use istio::*;
pub use keda::*;
pub use kinds::*;
pub use meta::*;
pub use monitoring::*;
pub use network_policy::*;
pub use password::*;
pub use pod::*;
pub use pod_disruption_budget::*;
pub use pooler::*;
pub use push_secret::*;
pub use rbac::*;
pub use service::*;
pub use stateful_set::*;
pub use velero::*;
pub use vertical_pod_autoscaler::*;
pub use written::Written;
