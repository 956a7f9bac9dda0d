//! The pooler before a database, and the policy of its pods.
//!
//! Its pods are told by the operator's label `cnpg.io/poolerName`: the operator's other labels win over the template's.
//! Sources: CloudNativePG 1.30, "Connection pooling"; `PgBouncer` docs, "Configuration".

use std::collections::BTreeMap;

use crate::bundle::{Bundle, Scope};
use crate::k8s::{
    ClusterRef, Labels, NameOf, NetworkPolicy, PgBouncer, Pooler, PoolerContainer, PoolerMode, PoolerPod,
    PoolerSpec, PoolerTemplate, PoolerType, RollingUpdate, Strategy, TemplateMetadata,
};
use crate::lower::labels::Identity;
use crate::lower::network_policy::{Rules, tcp};
use crate::lower::{Cx, pod};
use crate::origin::{
    DATABASE_PORT, KIND, NET_MONITORING, Origin, POOL, POOL_PARAMETERS, POOL_ROLLOUT, POOL_TLS, rule,
};
use crate::spec::database::PoolMode;
use crate::system::{Database, Pool, Service};
use crate::text::Text;
use crate::value::{Bytes, Cpu};
use crate::walk::Items;

/// Port on which the pooler serves its metrics.
const METRICS_PORT: u16 = 9127;

const CONTAINER: &str = "pgbouncer";

/// The pooler before the primary, and that before the standbys.
pub(super) fn lower(cx: &Cx<'_>, service: &Service, database: &Database, scope: &Scope, bundle: &mut Bundle) {
    let because = cx.tracer.because(KIND, &[database.because, database.pool_mode.origin()]);
    match &database.pool {
        Some(pool) => {
            let object = one(cx, service, (database, pool), PoolerType::ReadWrite, because);
            bundle.push(scope, None, object);
            bundle.push(
                scope,
                Some("pooler"),
                policy(cx, service, (database, pool), PoolerType::ReadWrite, because),
            );
        }
        None => {
            bundle.leave_out(scope, "Pooler", database.object.get(), because);
            bundle.leave_out_as(
                scope,
                "NetworkPolicy",
                Some("pooler".into()),
                database.object.get(),
                because,
            );
        }
    }
    let because = cx.tracer.because(KIND, &[because, database.replicas_because]);
    match database.replicas.as_ref().and_then(|replicas| replicas.pool.as_ref()) {
        Some(pool) => {
            let object = one(cx, service, (database, pool), PoolerType::ReadOnly, because);
            bundle.push(scope, Some("ro"), object);
            bundle.push(
                scope,
                Some("pooler-ro"),
                policy(cx, service, (database, pool), PoolerType::ReadOnly, because),
            );
        }
        None => {
            bundle.leave_out_as(scope, "Pooler", Some("ro".into()), database.object.get(), because);
            bundle.leave_out_as(
                scope,
                "NetworkPolicy",
                Some("pooler-ro".into()),
                database.object.get(),
                because,
            );
        }
    }
}

fn one(
    cx: &Cx<'_>,
    service: &Service,
    (database, pool): (&Database, &Pool),
    kind: PoolerType,
    because: Origin,
) -> Pooler {
    let identity = Identity::of_pooler(cx, service, &pool.object, &database.name);
    Pooler { because, metadata: identity.metadata(), spec: spec(cx, database, pool, kind) }
}

fn policy(
    cx: &Cx<'_>,
    service: &Service,
    (database, pool): (&Database, &Pool),
    kind: PoolerType,
    because: Origin,
) -> NetworkPolicy {
    let identity = Identity::of_pooler(cx, service, &pool.object, &database.name);

    let postgres = tcp(rule(DATABASE_PORT, 5432u16), DATABASE_PORT);
    let mut rules = Rules::new(cx, &service.namespace);
    let (pooled, direct) = match kind {
        PoolerType::ReadWrite => (super::callers(cx, database, false), super::callers(cx, database, true)),
        PoolerType::ReadOnly => super::readers(cx, database),
    };
    rules.callers_but(&pooled, &direct, &postgres);
    rules.monitoring(rule(NET_MONITORING, METRICS_PORT), because);
    rules.dns();
    rules.api_server();
    rules.server(database, &postgres);
    rules.policy(&identity, because)
}

fn spec(cx: &Cx<'_>, database: &Database, pool: &Pool, kind: PoolerType) -> PoolerSpec {
    let container = PoolerContainer {
        name: rule(POOL, CONTAINER),
        resources: pod::compute(
            cx,
            &rule(POOL, Cpu::from_millis(100)),
            &rule(POOL, Bytes::from_bytes(128 << 20)),
        ),
    };
    let mode = database.pool_mode.map(|mode| match mode {
        PoolMode::Session => PoolerMode::Session,
        PoolMode::Transaction | PoolMode::None => PoolerMode::Transaction,
    });
    let parameters = BTreeMap::<Text, _>::from([
        ("client_tls_sslmode".into(), rule(POOL_TLS, "require")),
        ("default_pool_size".into(), pool.server.map(|n| Text::from(n.to_string()))),
        ("max_db_connections".into(), pool.server.map(|n| Text::from(n.to_string()))),
        ("max_client_conn".into(), pool.clients.map(|n| Text::from(n.to_string()))),
        ("max_prepared_statements".into(), rule(POOL_PARAMETERS, "200")),
        ("query_wait_timeout".into(), rule(POOL_PARAMETERS, "30")),
    ]);
    // the operator's own labels win over the others
    let surviving = BTreeMap::from([("app.kubernetes.io/part-of".into(), cx.system.name.clone())]);
    PoolerSpec {
        cluster: ClusterRef { name: NameOf::of("Cluster", &database.object) },
        instances: pool.instances,
        kind: rule(POOL, kind),
        pgbouncer: PgBouncer { pool_mode: mode, parameters },
        deployment_strategy: Strategy::RollingUpdate {
            because: Origin::rule(POOL_ROLLOUT),
            rolling_update: RollingUpdate {
                max_surge: rule(POOL_ROLLOUT, 0),
                max_unavailable: rule(POOL_ROLLOUT, 1),
            },
        },
        template: PoolerTemplate {
            metadata: super::outside_of_mesh(
                cx,
                TemplateMetadata { labels: Labels::from(surviving), annotations: BTreeMap::new() },
            ),
            spec: PoolerPod { containers: Items::one(CONTAINER, Origin::rule(POOL), container) },
        },
    }
}
