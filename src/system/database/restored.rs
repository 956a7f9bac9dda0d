//! A database that was restored from the backups of another cluster, or would be.
//!
//! A restore never happens in place: it makes a cluster with another name, whose log goes to a folder of its own. The
//! table `restored` makes that cluster the database's; before it is written, [`Database::restored_as`] says what the
//! cluster would be.

use crate::origin::{BACKUP_PATH, Origin, RESTORE, Traced, Tracer};
use crate::spec::database as spec;
use crate::system::{Context, Place, names, text_of};
use crate::text::Text;

use super::shards::Stack;
use super::{Backup, Database};

/// Where the content comes from.
#[derive(Clone, Debug)]
pub struct Restored {
    /// why it is so
    pub because: Origin,
    /// the cluster whose backups it was made from
    pub from: Traced<Text>,
    /// where they are
    pub path: Traced<Text>,
    /// the moment up to which its log was replayed; all of it without one
    pub at: Option<Traced<Text>>,
}

/// What marks the generation of a restore in a name.
const MARK: &str = "-r";

/// The folder of a cluster's backups.
pub(super) fn path(
    store: &Traced<Text>,
    place: &Place<'_>,
    cluster: &Traced<Text>,
    tracer: &Tracer,
) -> Traced<Text> {
    path_in(store, (place.environment, place.namespace), cluster, tracer)
}

/// The folder of the backups of a cluster in any environment and namespace.
pub(super) fn path_in(
    store: &Traced<Text>,
    (environment, namespace): (&Traced<Text>, &Traced<Text>),
    cluster: &Traced<Text>,
    tracer: &Tracer,
) -> Traced<Text> {
    let inputs = (store, environment, namespace, cluster);
    tracer.derive(BACKUP_PATH, inputs, |(store, environment, namespace, cluster)| {
        format!("{store}/{environment}/{namespace}/{cluster}").into()
    })
}

/// The name of the database's cluster.
pub(super) fn name(
    table: &spec::Database,
    place: &Place<'_>,
    stack: &Stack,
    tracer: &Tracer,
) -> Traced<Text> {
    let restored = stack.restored(table).map(|restored| &restored.name);
    let again = table.replica_of.as_ref().and_then(|site| site.name.as_ref());
    let again = again.or_else(|| table.standby.as_ref().and_then(|site| site.name.as_ref()));
    match restored.or(again) {
        Some(written) => text_of(written),
        None => names::database(place.service, &stack.name, tracer),
    }
}

/// What the table says; none where there are no backups.
pub(super) fn resolve(
    table: &spec::Database,
    (stack, backup): (&Stack, Option<&Backup>),
    place: &Place<'_>,
    context: &Context<'_>,
) -> Option<Restored> {
    let (Some(written), Some(store), Some(_)) =
        (stack.restored(table), &context.platform.object_store, backup)
    else {
        return None;
    };
    let from = text_of(&written.from);
    Some(Restored {
        because: Origin::spec(written.at),
        path: path(&store.url, place, &from, context.tracer),
        from,
        at: written.moment.as_ref().map(|at| at.map(|at| at.with_offset().into())),
    })
}

impl Database {
    /// The name that the next restore gives: the same with a number, which is new each time, since a folder of backups
    /// belongs to one cluster for good.
    pub fn next_name(&self) -> Text {
        let name = self.object.get().as_str();
        let (base, generation) = name
            .rsplit_once(MARK)
            .and_then(|(base, number)| Some((base, number.parse::<u32>().ok()?)))
            .unwrap_or((name, 1));
        format!("{base}{MARK}{}", generation.saturating_add(1)).into()
    }

    /// The database as its backups give it under another name, before anyone uses it; none without backups.
    pub fn restored_as(&self, name: Text, at: Option<Text>, tracer: &Tracer) -> Option<Database> {
        let backup = self.backup.as_ref()?;
        let because = tracer.because(RESTORE, &[self.because, self.backup_because]);
        let folder = backup.path.get().rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = Traced::because(Text::from(format!("{folder}/{name}")), because);
        let restored = Restored {
            because,
            from: self.object.clone(),
            path: backup.path.clone(),
            at: at.map(|at| Traced::because(at, because)),
        };
        Some(Database {
            object: Traced::because(name, because),
            backup: Some(Backup { path, ..backup.clone() }),
            restored: Some(restored),
            restored_because: because,
            site: None,
            site_because: because,
            pool: None,
            shares: Vec::new(),
            callers: Vec::new(),
            accounts: Vec::new(),
            ..self.clone()
        })
    }
}
