//! The two sites of a database: each cluster knows both by the names of their environments, and one of them is `primary`.
//!
//! Sources: CloudNativePG 1.30, "Replica clusters", on the distributed topology; Barman Cloud plugin 0.14, "Usage", section
//! "Configuring Replica Clusters". `DatabaseRole` and `Database` objects are for the primary: on the cluster that follows
//! the operator leaves them as `unknown` and gives them to PostgreSQL when that is promoted.

use crate::bundle::{Bundle, Scope};
use crate::k8s::{ExternalCluster, ObjectStore, Recovery, ReplicaCluster};
use crate::lower::labels::Identity;
use crate::lower::{Cx, amount};
use crate::origin::{KIND, SITE, Traced};
use crate::system::Database;
use crate::system::database::Site;
use crate::text::Text;
use crate::walk::{Items, Maybe};

use super::{backup, restore};

/// The folder of the other site's cluster.
pub(super) fn lower(
    cx: &Cx<'_>,
    database: &Database,
    identity: &Identity,
    scope: &Scope,
    bundle: &mut Bundle,
) {
    let because =
        cx.tracer.because(KIND, &[database.because, database.site_because, database.backup_because]);
    let parts = database.site.as_ref().zip(database.backup.as_ref()).zip(cx.platform().object_store.as_ref());
    let Some(((site, own), store)) = parts else {
        return bundle.leave_out_as(
            scope,
            "ObjectStore",
            Some("site".into()),
            &identity.name_text(),
            because,
        );
    };
    let metadata = identity.metadata_named(site.object.clone());
    let mut object: ObjectStore = backup::object_store(cx, (store, own), &site.path, metadata, because);
    object.spec.configuration.endpoint_url = site.endpoint.as_ref().map(amount);
    // whose backups they are says how long they are kept
    object.spec.retention_policy = None;
    bundle.push(scope, Some("site"), object);
}

/// Which of the two takes writes.
pub(super) fn replica(cx: &Cx<'_>, database: &Database) -> Maybe<ReplicaCluster> {
    let because = cx.tracer.because(SITE, &[database.site_because]);
    Maybe::from_option(
        because,
        database.site.as_ref().map(|site| ReplicaCluster {
            own: site.own.clone(),
            primary: site.primary(cx.tracer),
            source: site.env.clone(),
            promotion_token: site.token.clone(),
        }),
    )
}

/// What a cluster that follows begins with: the other's newest base backup, all of whose log it then replays.
pub(super) fn recovery(cx: &Cx<'_>, database: &Database) -> Option<Recovery> {
    let site = database.site.as_ref().filter(|site| site.follows)?;
    Some(Recovery {
        source: site.env.clone(),
        database: database.database.clone(),
        owner: database.database.clone(),
        recovery_target: Maybe::none(cx.tracer.because(SITE, &[site.because])),
    })
}

/// Both clusters, behind what the one here was restored from.
pub(super) fn sources(
    cx: &Cx<'_>,
    database: &Database,
    mut sources: Items<ExternalCluster>,
) -> Items<ExternalCluster> {
    let because = cx.tracer.because(SITE, &[database.site_because]);
    let Some(Site { own, env, object, cluster, .. }) = &database.site else {
        sources.leave_out("site", because);
        return sources;
    };
    let mut add = |name: &Traced<Text>, object: &Traced<Text>, cluster: &Traced<Text>| {
        let source = ExternalCluster { name: name.clone(), plugin: restore::folder(object, cluster) };
        sources.push(name.get().clone(), cx.tracer.because(SITE, &[because, name.origin()]), source);
    };
    add(own, &database.object, &database.object);
    add(env, object, cluster);
    sources
}
