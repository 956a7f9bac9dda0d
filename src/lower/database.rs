//! A PostgreSQL database: a CloudNativePG Cluster and the policy of its pods.
//!
//! Sources: CloudNativePG 1.30, API reference; its "Networking" page for the operator's ports 8000 and 5432.

use std::collections::BTreeMap;

use super::labels::Identity;
use super::network_policy::{Rules, tcp};
use super::{Cx, amount, pod};
use crate::bundle::{Bundle, Scope};
use crate::k8s::{
    Bootstrap, Cluster, ClusterAffinity, ClusterSpec, Initdb, NameOf, PodAntiAffinityType, PolicyPort,
    Postgresql, PrimaryUpdateMethod, PrimaryUpdateStrategy, Protocol, Storage,
};
use crate::origin::{
    DATABASE_BOOTSTRAP, DATABASE_NO_SUPERUSER, DATABASE_PDB, DATABASE_PORT, DATABASE_SPREAD, DATABASE_UPDATE,
    DEFAULT_DATABASE, KIND, NET_MONITORING, NET_SELF, Origin, Traced, rule,
};
use crate::system::{Database, Service as SystemService};
use crate::text::Text;
use crate::walk::{Items, Maybe};

/// Port of the instance manager.
const STATUS_PORT: u16 = 8000;
/// Port on which an instance serves its metrics.
const METRICS_PORT: u16 = 9187;

pub(super) fn lower(cx: &Cx<'_>, service: &SystemService, database: &Database, bundle: &mut Bundle) {
    let scope = Scope::Service {
        service: service.name.get().clone(),
        noun: Text::from(format!("databases-{}", database.name.get())),
    };
    let identity = Identity::new(cx, service, &database.object, &database.name);
    let because = cx.tracer.because(KIND, &[database.because]);
    bundle.push(&scope, None, cluster(cx, database, &identity, because));

    let postgres = tcp(rule(DATABASE_PORT, 5432u16), DATABASE_PORT);
    let mut rules = Rules::new(cx, &service.namespace);
    rules.callers(&database.callers, &postgres);
    rules.operator();
    rules.scaler(service, database, rule(DATABASE_PORT, 5432u16));
    rules.monitoring(rule(NET_MONITORING, METRICS_PORT), because);
    rules.themselves(&identity, &between_instances());
    rules.dns();
    rules.api_server();
    bundle.push(&scope, None, rules.policy(&identity, because));
}

/// Instances replicate from each other, and a primary asks the others' instance managers whether it is cut off.
///
/// Source: CloudNativePG docs, "Instance manager", on the isolation check of the primary.
fn between_instances() -> Items<PolicyPort> {
    let mut ports = tcp(rule(DATABASE_PORT, 5432u16), DATABASE_PORT);
    let status =
        PolicyPort { protocol: rule(NET_SELF, Protocol::Tcp), port: rule(NET_SELF, i32::from(STATUS_PORT)) };
    ports.push("8000/TCP", Origin::rule(NET_SELF), status);
    ports
}

fn cluster(cx: &Cx<'_>, database: &Database, identity: &Identity, because: Origin) -> Cluster {
    let priority = &cx.platform().priority_class;
    let later = Origin::rule(DEFAULT_DATABASE);
    Cluster {
        because,
        metadata: identity.metadata(),
        spec: ClusterSpec {
            instances: database.instances,
            image_name: database.image.text(),
            enable_superuser_access: rule(DATABASE_NO_SUPERUSER, false),
            enable_pdb: cx.tracer.derive(DATABASE_PDB, (&database.instances,), |(n,)| *n > 1),
            primary_update_strategy: rule(DATABASE_UPDATE, PrimaryUpdateStrategy::Unsupervised),
            primary_update_method: rule(DATABASE_UPDATE, PrimaryUpdateMethod::Switchover),
            bootstrap: Bootstrap {
                initdb: Initdb {
                    database: database.database.clone(),
                    owner: database.database.clone(),
                    data_checksums: rule(DATABASE_BOOTSTRAP, true),
                    secret: None,
                },
            },
            storage: Storage { size: amount(&database.storage), storage_class: None },
            wal_storage: Maybe::none(later),
            resources: pod::compute(cx, &database.cpu, &database.memory),
            postgresql: Postgresql { parameters: BTreeMap::new(), synchronous: Maybe::none(later) },
            affinity: ClusterAffinity {
                enable_pod_anti_affinity: rule(DATABASE_SPREAD, true),
                topology_key: rule(DATABASE_SPREAD, "kubernetes.io/hostname"),
                pod_anti_affinity_type: rule(DATABASE_SPREAD, PodAntiAffinityType::Preferred),
            },
            inherited_metadata: identity.template(),
            priority_class_name: Maybe::from_option(
                priority.as_ref().map_or(cx.platform().origin, Traced::origin),
                priority.as_ref().map(|class| NameOf::of("PriorityClass", class)),
            ),
            seccomp_profile: pod::seccomp_profile(),
            plugins: Items::default(),
        },
    }
}
