//! Pooler of CloudNativePG (postgresql.cnpg.io/v1, 1.30).

use std::collections::BTreeMap;

use super::cluster::ClusterRef;
use super::deployment::Strategy;
use super::meta::TemplateMetadata;
use super::model::{closed, object};
use super::pod::Resources;
use crate::origin::Traced;
use crate::text::Text;
use crate::walk::Items;

object! {
    /// `PoolerSpec`.
    pub struct PoolerSpec {
        cluster: ClusterRef,
        instances: Traced<u32>,
        kind = "type": Traced<PoolerType>,
        pgbouncer: PgBouncer,
        deployment_strategy: Strategy,
        template: PoolerTemplate,
    }

    /// `PgBouncerSpec`.
    pub struct PgBouncer {
        pool_mode: Traced<PoolerMode>,
        /// Settings of `pgbouncer.ini` that the operator allows, all as text.
        parameters: BTreeMap<Text, Traced<Text>>,
    }

    /// `PodTemplateSpec`, as far as the operator leaves it to others: it sets the security context itself, and its labels
    /// win over those of the template.
    pub struct PoolerTemplate {
        metadata: TemplateMetadata,
        spec: PoolerPod,
    }

    /// `PodSpec` of the template.
    pub struct PoolerPod {
        containers: Items<PoolerContainer>,
    }

    /// The container `pgbouncer`, whose image the operator chooses.
    pub struct PoolerContainer {
        name: Traced<Text>,
        resources: Resources,
    }
}

closed! {
    /// `type`: the Service that the pooler stands before.
    pub enum PoolerType {
        /// the primary
        ReadWrite = "rw",
        /// the standbys
        ReadOnly = "ro",
    }

    /// `poolMode`.
    pub enum PoolerMode {
        /// a server connection for one transaction
        Transaction = "transaction",
        /// a server connection for as long as the client stays
        Session = "session",
    }
}
