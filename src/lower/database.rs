//! A PostgreSQL database: a CloudNativePG Cluster and the policy of its pods, the pooler before it, and its backups.
//!
//! Sources: CloudNativePG 1.30, API reference; its "Networking" page for the operator's ports 8000 and 5432.

mod backup;
mod drill;
mod kept;
mod pooler;
mod restore;
mod roles;
mod site;

use std::collections::BTreeMap;

use super::labels::Identity;
use super::network_policy::{Rules, tcp};
use super::{Cx, alerts, amount, labels, pod};
use crate::bundle::{Bundle, Scope};
use crate::k8s::{
    AccountTemplate, Bootstrap, Certificates, Cluster, ClusterAffinity, ClusterSpec, DataDurability, Initdb,
    Labels, NameOf, PodAntiAffinityType, PolicyPort, Postgresql, PrimaryUpdateMethod, PrimaryUpdateStrategy,
    ProbeStrategy, Probes, Protocol, StandbyProbe, Storage, Synchronous, SynchronousMethod, TemplateMetadata,
};
use crate::origin::{
    BACKUP_PLUGIN, DATABASE_BOOTSTRAP, DATABASE_NO_SUPERUSER, DATABASE_PDB, DATABASE_PORT, DATABASE_REPLICAS,
    DATABASE_SPREAD, DATABASE_SYNC, DATABASE_TLS, DATABASE_UPDATE, DATABASE_VERIFY, KIND, NET_MONITORING,
    NET_POOLER, NET_SELF, Origin, SITE, Traced, rule,
};
use crate::spec::database::{Durability, PoolMode};
use crate::spec::workload::ScaleQueue;
use crate::system::{Caller, Database, Service as SystemService, named, names};
use crate::text::Text;
use crate::walk::{Items, Maybe};

pub(super) use roles::scaler_secret;

/// Port of the instance manager.
const STATUS_PORT: u16 = 8000;
/// Port on which an instance serves its metrics.
const METRICS_PORT: u16 = 9187;

pub(super) use kept::put_back;
pub(super) use restore::candidate;

pub(super) fn lower(cx: &Cx<'_>, service: &SystemService, database: &Database, bundle: &mut Bundle) {
    let scope = Scope::Service {
        service: service.name.get().clone(),
        noun: Text::from(format!("databases-{}", database.stack.get())),
    };
    let identity = Identity::new(cx, service, &database.object, &database.name);
    let because = cx.tracer.because(KIND, &[database.because]);
    let store = backup::lower(cx, database, &identity, &scope, bundle);
    site::lower(cx, database, &identity, &scope, bundle);
    bundle.push(&scope, None, cluster(cx, database, &identity, because, store));
    pooler::lower(cx, service, database, &scope, bundle);
    drill::lower(cx, service, database, &scope, bundle);
    kept::lower(cx, service, database, &scope, bundle);
    alerts::of_database(cx, service, database, &scope, bundle);
    roles::lower(cx, service, database, &scope, bundle);
    roles::content(cx, database, &identity, &scope, bundle);

    let postgres = tcp(rule(DATABASE_PORT, 5432u16), DATABASE_PORT);
    let mut rules = Rules::new(cx, &service.namespace);
    rules.callers_but(&callers(cx, database, true), &callers(cx, database, false), &postgres);
    rules.pooler(database, &postgres);
    rules.operator();
    let asked = |queue: &ScaleQueue| queue.database.as_ref().is_some_and(|n| named(&database.stack, n));
    rules.scaler(service, asked, rule(DATABASE_PORT, 5432u16));
    rules.monitoring(rule(NET_MONITORING, METRICS_PORT), because);
    rules.themselves(&identity, &between_instances());
    rules.dns();
    rules.api_server();
    rules.object_store(database);
    bundle.push(&scope, None, rules.policy(&identity, because));
}

/// Those who come past the pooler, or those who come through it.
fn callers(cx: &Cx<'_>, database: &Database, direct: bool) -> Vec<Caller> {
    let of_this_kind = |caller: &&Caller| {
        let workload = cx.system.workload(caller.from);
        workload.is_some_and(|(_, workload)| database.is_direct(workload) == direct)
    };
    let with_reason = |caller: &Caller| {
        let mut why = vec![caller.because];
        why.extend(cx.system.workload(caller.from).into_iter().flat_map(|(_, w)| database.why_direct(w)));
        Caller { because: cx.tracer.because(NET_POOLER, &why), ..caller.clone() }
    };
    database.callers.iter().filter(of_this_kind).map(with_reason).collect()
}

/// Those who come through the pooler before the standbys, and those who use the database and do not.
fn readers(cx: &Cx<'_>, database: &Database) -> (Vec<Caller>, Vec<Caller>) {
    let with_reason = |caller: &Caller| {
        let mut why = vec![caller.because];
        let workload = cx.system.workload(caller.from);
        why.extend(
            workload.iter().flat_map(|(_, w)| [database.why_direct(w), database.why_replicas(w)].concat()),
        );
        let reads = workload.is_some_and(|(_, w)| database.reads_replicas(w) && !database.is_direct(w));
        (reads, Caller { because: cx.tracer.because(NET_POOLER, &why), ..caller.clone() })
    };
    let (reads, others): (Vec<_>, Vec<_>) =
        database.callers.iter().map(with_reason).partition(|(reads, _)| *reads);
    let callers = |of: Vec<(bool, Caller)>| of.into_iter().map(|(_, caller)| caller).collect();
    (callers(reads), callers(others))
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

/// Metadata of pods that are no part of the mesh: the server encrypts by itself, and its operator calls from outside.
fn outside_of_mesh(cx: &Cx<'_>, mut metadata: TemplateMetadata) -> TemplateMetadata {
    labels::leave_mesh(cx, &mut metadata);
    metadata
}

fn cluster(
    cx: &Cx<'_>,
    database: &Database,
    identity: &Identity,
    because: Origin,
    store: Option<Traced<NameOf>>,
) -> Cluster {
    let priority = &cx.platform().priority_class;
    let class = || database.storage_class.as_ref().map(NameOf::foreign);
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
            bootstrap: bootstrap(cx, database),
            replica: site::replica(cx, database),
            certificates: certificates(cx, database, identity),
            storage: Storage { size: amount(&database.storage), storage_class: class() },
            wal_storage: Maybe::from_option(
                database.wal_because,
                database
                    .wal_storage
                    .as_ref()
                    .map(|size| Storage { size: amount(size), storage_class: class() }),
            ),
            resources: pod::compute(cx, &database.cpu, &database.memory),
            postgresql: postgresql(cx, database),
            probes: probes(database),
            affinity: ClusterAffinity {
                enable_pod_anti_affinity: rule(DATABASE_SPREAD, true),
                topology_key: rule(DATABASE_SPREAD, "kubernetes.io/hostname"),
                pod_anti_affinity_type: rule(DATABASE_SPREAD, PodAntiAffinityType::Preferred),
            },
            inherited_metadata: outside_of_mesh(cx, identity.template()),
            priority_class_name: Maybe::from_option(
                priority.as_ref().map_or(cx.platform().origin, Traced::origin),
                priority.as_ref().map(|class| NameOf::of("PriorityClass", class)),
            ),
            seccomp_profile: pod::seccomp_profile(),
            plugins: backup::plugins(database, store),
            external_clusters: site::sources(cx, database, restore::sources(cx, database)),
            service_account_template: account(cx, database),
        },
    }
}

/// An empty database, or the content of another's backups: of what it was restored from, or of the site that it follows.
fn bootstrap(cx: &Cx<'_>, database: &Database) -> Bootstrap {
    let because = cx.tracer.because(SITE, &[database.restored_because, database.site_because]);
    let recovery = restore::recovery(database).or_else(|| site::recovery(cx, database));
    let initdb = || Initdb {
        database: database.database.clone(),
        owner: database.database.clone(),
        data_checksums: rule(DATABASE_BOOTSTRAP, true),
        secret: None,
    };
    Bootstrap {
        initdb: Maybe::from_option(because, recovery.is_none().then(initdb)),
        recovery: Maybe::from_option(because, recovery),
    }
}

/// The names of poolers, which show the servers' certificate.
///
/// Source: CloudNativePG 1.30, `GetClusterAltDNSNames`, which has the names of the Cluster's own Services alone.
fn certificates(cx: &Cx<'_>, database: &Database, identity: &Identity) -> Maybe<Certificates> {
    let because =
        cx.tracer.because(DATABASE_VERIFY, &[database.pool_mode.origin(), database.replicas_because]);
    let is_pooled = *database.pool_mode.get() != PoolMode::None;
    let mut alternatives = Items::default();
    for (part, is_there) in [("rw", is_pooled), ("ro", is_pooled && database.replicas.is_some())] {
        if is_there {
            let pooler = names::pooler(&database.object, part == "ro", cx.tracer);
            let host = names::host(&pooler, &identity.namespace, &cx.platform().cluster_domain, cx.tracer);
            alternatives.push(part, because, host);
        } else {
            alternatives.leave_out(part, because);
        }
    }
    Maybe::from_option(because, is_pooled.then_some(Certificates { server_alt_dns_names: alternatives }))
}

/// The first line that fits decides: an account that has a certificate gets in with that alone.
fn access(cx: &Cx<'_>, database: &Database) -> Vec<Traced<Text>> {
    let roles = database.accounts.iter().filter_map(|account| account.role.as_ref());
    let mut why: Vec<Origin> = roles.map(|role| role.certificate_because).collect();
    why.extend(database.roles.iter().filter_map(|(_, entry)| Some(entry.value.cert?.origin())));
    let because = cx.tracer.because(DATABASE_TLS, &why);
    let line =
        |text: Text, of: Origin| Traced::because(text, cx.tracer.because(DATABASE_TLS, &[of, because]));
    let certified = database.certified.iter();
    let mut lines: Vec<Traced<Text>> = certified
        .map(|role| line(format!("hostssl all {} all cert", role.name.get()).into(), role.name.origin()))
        .collect();
    lines.push(line(Text::Literal("hostssl all all all scram-sha-256"), because));
    lines.push(line(Text::Literal("hostnossl all all all reject"), because));
    lines
}

fn postgresql(cx: &Cx<'_>, database: &Database) -> Postgresql {
    let synchronous = database.synchronous.as_ref().map(|synchronous| Synchronous {
        method: rule(DATABASE_SYNC, SynchronousMethod::Any),
        number: synchronous.number,
        data_durability: synchronous.durability.map(|durability| match durability {
            Durability::Required => DataDurability::Required,
            Durability::Preferred => DataDurability::Preferred,
        }),
        failover_quorum: None,
        max_standby_names_from_cluster: None,
    });
    Postgresql {
        parameters: database.parameters.clone(),
        pg_hba: access(cx, database),
        synchronous: Maybe::from_option(database.synchronous_because, synchronous),
    }
}

/// A standby that lags is not asked, where workloads read from standbys.
fn probes(database: &Database) -> Maybe<Probes> {
    let readiness = database.replicas.as_ref().map(|replicas| StandbyProbe {
        kind: rule(DATABASE_REPLICAS, ProbeStrategy::Streaming),
        maximum_lag: amount(&replicas.max_lag),
    });
    Maybe::from_option(database.replicas_because, readiness.map(|readiness| Probes { readiness }))
}

/// Annotations of the instances' account, which bind it to a role that may write backups.
fn account(cx: &Cx<'_>, database: &Database) -> Maybe<AccountTemplate> {
    let store = cx.platform().object_store.as_ref().filter(|_| database.backup.is_some());
    let Some(store) = store.filter(|store| !store.role.is_empty()) else {
        return Maybe::none(database.backup_because);
    };
    let annotations: BTreeMap<Text, Traced<Text>> = store.role.iter().cloned().collect();
    let because = cx.tracer.because(BACKUP_PLUGIN, &[database.backup_because]);
    let metadata = TemplateMetadata { labels: Labels::default(), annotations };
    Maybe::some(because, AccountTemplate { metadata })
}
