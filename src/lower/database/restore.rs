//! A database from the backups of another cluster.
//!
//! Sources: CloudNativePG 1.30, "Recovery": `source`, `database` and `owner`, for which the operator makes credentials
//! anew, and `targetTime`, for which it chooses the base backup; Barman Cloud plugin, "Usage": `serverName`.

use crate::bundle::{Bundle, Scope};
use crate::k8s::{ExternalCluster, NameOf, Recovery, RecoveryTarget, SourceParameters, SourcePlugin};
use crate::lower::Cx;
use crate::lower::labels::Identity;
use crate::lower::network_policy::{Rules, tcp};
use crate::origin::{BACKUP_PLUGIN, DATABASE_PORT, NET_MONITORING, RESTORE, Traced, rule};
use crate::system::{Database, Service};
use crate::text::Text;
use crate::walk::{Items, Maybe};

use super::{METRICS_PORT, backup, between_instances, cluster};

/// What to replay, and up to when.
pub(super) fn recovery(database: &Database) -> Option<Recovery> {
    let restored = database.restored.as_ref()?;
    let because = restored.at.as_ref().map_or(restored.because, crate::origin::Traced::origin);
    Some(Recovery {
        source: restored.from.clone(),
        database: database.database.clone(),
        owner: database.database.clone(),
        recovery_target: Maybe::from_option(
            because,
            restored.at.as_ref().map(|at| RecoveryTarget { target_time: at.clone() }),
        ),
    })
}

/// The folder of an `ObjectStore` to which a cluster wrote.
pub(super) fn folder(object: &Traced<Text>, cluster: &Traced<Text>) -> SourcePlugin {
    SourcePlugin {
        name: rule(BACKUP_PLUGIN, backup::PLUGIN),
        parameters: SourceParameters {
            barman_object_name: NameOf::of("ObjectStore", object),
            server_name: cluster.clone(),
        },
    }
}

/// The cluster whose backups it is made from.
pub(super) fn sources(cx: &Cx<'_>, database: &Database) -> Items<ExternalCluster> {
    let because = cx.tracer.because(RESTORE, &[database.restored_because]);
    let mut sources = Items::default();
    match &database.restored {
        Some(restored) => {
            let source = ExternalCluster {
                name: restored.from.clone(),
                plugin: folder(&restored.from, &restored.from),
            };
            let because = cx.tracer.because(RESTORE, &[because, restored.from.origin()]);
            sources.push(restored.from.get().clone(), because, source);
        }
        None => sources.leave_out("source", because),
    }
    sources
}

/// A restored cluster that nobody uses yet: the cluster, the folder for its log, and a policy that lets no workload in.
pub(in crate::lower) fn candidate(cx: &Cx<'_>, service: &Service, database: &Database, bundle: &mut Bundle) {
    let (Some(backup), Some(store), Some(restored)) =
        (&database.backup, &cx.platform().object_store, &database.restored)
    else {
        return;
    };
    let noun = Text::from(format!("databases-{}", database.stack.get()));
    let scope = Scope::Service { service: service.name.get().clone(), noun };
    let identity = Identity::new(cx, service, &database.object, &database.name);
    let because = restored.because;
    let folder = backup::object_store(cx, (store, backup), &backup.path, identity.metadata(), because);
    let name = NameOf::of("ObjectStore", &folder.metadata.name);
    let postgres = tcp(rule(DATABASE_PORT, 5432u16), DATABASE_PORT);
    let mut rules = Rules::new(cx, &service.namespace);
    rules.pooler(database, &postgres);
    rules.operator();
    rules.monitoring(rule(NET_MONITORING, METRICS_PORT), because);
    rules.themselves(&identity, &between_instances());
    rules.dns();
    rules.api_server();
    rules.object_store(database);
    bundle.push(&scope, None, folder);
    bundle.push(&scope, None, rules.policy(&identity, because));
    bundle.push(&scope, None, cluster(cx, database, &identity, because, Some(name)));
}
