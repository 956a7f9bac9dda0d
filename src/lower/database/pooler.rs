//! The pooler before a database, and the policy of its pods.
//!
//! Its pods are told by the operator's label `cnpg.io/poolerName`: the operator's other labels win over the template's.
//! Sources: CloudNativePG 1.30, "Connection pooling"; `PgBouncer` docs, "Configuration".

use std::collections::BTreeMap;

use crate::bundle::{Bundle, Scope};
use crate::k8s::{
    ClusterRef, Labels, NameOf, PgBouncer, Pooler, PoolerContainer, PoolerMode, PoolerPod, PoolerSpec,
    PoolerTemplate, PoolerType, RollingUpdate, Strategy, TemplateMetadata,
};
use crate::lower::labels::Identity;
use crate::lower::network_policy::{Rules, tcp};
use crate::lower::{Cx, pod};
use crate::origin::{DATABASE_PORT, KIND, NET_MONITORING, Origin, POOL, POOL_PARAMETERS, POOL_ROLLOUT, rule};
use crate::spec::database::PoolMode;
use crate::system::{Database, Pool, Service};
use crate::text::Text;
use crate::value::{Bytes, Cpu};
use crate::walk::Items;

/// Port on which the pooler serves its metrics.
const METRICS_PORT: u16 = 9127;

const CONTAINER: &str = "pgbouncer";

pub(super) fn lower(cx: &Cx<'_>, service: &Service, database: &Database, scope: &Scope, bundle: &mut Bundle) {
    let because = cx.tracer.because(KIND, &[database.because, database.pool_mode.origin()]);
    let Some(pool) = &database.pool else {
        bundle.leave_out(scope, "Pooler", database.object.get(), because);
        bundle.leave_out_as(scope, "NetworkPolicy", Some("pooler".into()), database.object.get(), because);
        return;
    };
    let identity = Identity::of_pooler(cx, service, &pool.object, &database.name);
    let object = Pooler { because, metadata: identity.metadata(), spec: spec(cx, database, pool) };
    bundle.push(scope, None, object);

    let postgres = tcp(rule(DATABASE_PORT, 5432u16), DATABASE_PORT);
    let mut rules = Rules::new(cx, &service.namespace);
    let (pooled, direct) = (super::callers(cx, database, false), super::callers(cx, database, true));
    rules.callers_but(&pooled, &direct, &postgres);
    rules.monitoring(rule(NET_MONITORING, METRICS_PORT), because);
    rules.dns();
    rules.api_server();
    rules.server(database, &postgres);
    bundle.push(scope, Some("pooler"), rules.policy(&identity, because));
}

fn spec(cx: &Cx<'_>, database: &Database, pool: &Pool) -> PoolerSpec {
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
        kind: rule(POOL, PoolerType::ReadWrite),
        pgbouncer: PgBouncer { pool_mode: mode, parameters },
        deployment_strategy: Strategy::RollingUpdate {
            because: Origin::rule(POOL_ROLLOUT),
            rolling_update: RollingUpdate {
                max_surge: rule(POOL_ROLLOUT, 0),
                max_unavailable: rule(POOL_ROLLOUT, 1),
            },
        },
        template: PoolerTemplate {
            metadata: TemplateMetadata { labels: Labels::from(surviving), annotations: BTreeMap::new() },
            spec: PoolerPod { containers: Items::one(CONTAINER, Origin::rule(POOL), container) },
        },
    }
}
