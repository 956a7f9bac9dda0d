//! A PostgreSQL database: its servers, what they keep of a loss, and who may open how many connections.
//!
//! What follows from `memory` and `storage` is in `settings`; what follows from who uses it, in `connections`, which runs
//! after the edges are known. The module knows PostgreSQL and nothing of the operator's objects.

mod accounts;
mod backup;
mod connections;
mod drill;
mod kept;
mod restored;
mod settings;
mod shards;
mod site;
mod synchronous;

use std::collections::BTreeMap;

use crate::origin::{
    BACKUP, DATABASE_AUTHORITY, DATABASE_BOOTSTRAP, DATABASE_IMAGE, DATABASE_REPLICAS, DATABASE_SECRET,
    DATABASE_WAL, DEFAULT_DATABASE, NAME, NET_POOLER, NodeId, Origin, POOL, Traced, Tracer, rule,
};
use crate::spec::data::DataClass;
use crate::spec::database::{self as spec, PoolMode};
use crate::spec::decode::{Entry, List, Map};
use crate::spec::environment::Tier;
use crate::spec::service::ServiceFile;
use crate::spec::workload::WorkloadKind;
use crate::text::Text;
use crate::value::{Bytes, Cpu, Duration, Name, Retention, SqlName};

use super::edges::Caller;
use super::image::Image;
use super::stores::bytes;
use super::{Context, Place, Workload, names, text_of};

pub(crate) use accounts::membership;
pub use accounts::{Account, Role, User, memberships};
pub use connections::{OVERHEAD, Share};
pub(super) use connections::{connect, share};
pub use drill::{Drill, REMOVAL as DRILL_REMOVAL};
pub use kept::{Kept, Made};
pub use restored::Restored;
pub use settings::bytes_of;
pub use shards::{Shard, Sharded};
pub(super) use shards::{Stack, sharded};
pub use site::Site;
pub(super) use site::hold;
pub use synchronous::Synchronous;

/// A PostgreSQL database.
#[derive(Clone, Debug)]
pub struct Database {
    /// its table
    pub at: NodeId,
    /// why it exists
    pub because: Origin,
    /// the name of its table, which is that of all of its shards
    pub name: Traced<Text>,
    /// its own name: that of its table, with `-<n>` for a shard
    pub stack: Traced<Text>,
    /// which of the table's shards it is, if it is one
    pub shard: Option<Shard>,
    /// how sensitive what it holds is, if somebody said so
    pub class: Option<Traced<DataClass>>,
    /// the cluster's name, and `app.kubernetes.io/name` of its pods
    pub object: Traced<Text>,
    /// host of the primary
    pub host: Traced<Text>,
    /// name of the database and of its owner
    pub database: Traced<Text>,
    /// Secret that the operator makes for the owner
    pub secret: Traced<Text>,
    /// Secret that the operator makes with the certificate of whoever signs the servers'
    pub authority: Traced<Text>,
    /// what is written about those who use it
    pub roles: Map<Name, spec::DatabaseRole>,
    /// as whom those who use it log in
    pub accounts: Vec<Account>,
    /// accounts that log in with a certificate
    pub certified: Vec<Role>,
    /// extensions that it has
    pub extensions: List<SqlName>,
    /// schemas that it has beside `public`
    pub schemas: List<SqlName>,
    /// image of the server
    pub image: Image,
    /// instances, the primary included
    pub instances: Traced<u32>,
    /// volume of each instance
    pub storage: Traced<Bytes>,
    /// volume for the write-ahead log of each instance, if it has one of its own
    pub wal_storage: Option<Traced<Bytes>>,
    /// why the log has a volume of its own or not
    pub wal_because: Origin,
    /// `StorageClass` of the volumes, if it is not the cluster's default
    pub storage_class: Option<Traced<Text>>,
    /// CPU request of each instance
    pub cpu: Traced<Cpu>,
    /// memory request and limit of each instance
    pub memory: Traced<Bytes>,
    /// settings of the server as PostgreSQL takes them, by name
    pub parameters: BTreeMap<Text, Traced<Text>>,
    /// connections that the server takes
    pub max_connections: Traced<u32>,
    /// what a commit waits for, if it waits
    pub synchronous: Option<Synchronous>,
    /// why a commit waits or not
    pub synchronous_because: Origin,
    /// whether and how a pooler lends connections
    pub pool_mode: Traced<PoolMode>,
    /// connections that each process of a workload may open
    pub per_process: Traced<u32>,
    /// the pooler, if there is one
    pub pool: Option<Pool>,
    /// the way to the standbys, if workloads may read from them
    pub replicas: Option<Replicas>,
    /// why they may or not
    pub replicas_because: Origin,
    /// what each workload may open at its most
    pub shares: Vec<Share>,
    /// backups, if there are any
    pub backup: Option<Backup>,
    /// why there are backups or not
    pub backup_because: Origin,
    /// where the passwords that operators make are kept, if they are
    pub kept: Option<Kept>,
    /// why they are kept or not
    pub kept_because: Origin,
    /// how the backups are tried out, if they are
    pub drill: Option<Drill>,
    /// why they are tried out or not
    pub drill_because: Origin,
    /// what it was restored from, if it was
    pub restored: Option<Restored>,
    /// why it was restored or not
    pub restored_because: Origin,
    /// its other site, if it has one
    pub site: Option<Site>,
    /// why it has one or not
    pub site_because: Origin,
    /// the longest time whose changes may be lost
    pub rpo: Option<Traced<Duration>>,
    /// the longest time until it works again
    pub rto: Option<Traced<Duration>>,
    /// how far back a restore must be able to go
    pub window: Option<Traced<Duration>>,
    /// how fast a restore is, a second
    pub restore_rate: Traced<Bytes>,
    /// the time until somebody notices and decides
    pub detect: Traced<Duration>,
    /// who uses it
    pub callers: Vec<Caller>,
}

/// The pooler between workloads and the server.
#[derive(Clone, Debug)]
pub struct Pool {
    /// its objects' name
    pub object: Traced<Text>,
    /// its host
    pub host: Traced<Text>,
    /// its pods
    pub instances: Traced<u32>,
    /// server connections of each pod
    pub server: Traced<u32>,
    /// clients that each pod takes
    pub clients: Traced<u32>,
}

/// The way to the standbys.
#[derive(Clone, Debug)]
pub struct Replicas {
    /// their host
    pub host: Traced<Text>,
    /// the log that one may lack and still be asked
    pub max_lag: Traced<Bytes>,
    /// the pooler before them, if there is one before the server
    pub pool: Option<Pool>,
}

/// Backups into the platform's object store.
#[derive(Clone, Debug)]
pub struct Backup {
    /// where they go; no other cluster writes there
    pub path: Traced<Text>,
    /// when a base backup is made: six fields, seconds first
    pub schedule: Traced<Text>,
    /// how long they are kept
    pub retention: Traced<Retention>,
}

impl Database {
    /// Whether the workload goes past the pooler: a migration needs what only a session has.
    pub fn is_direct(&self, workload: &Workload) -> bool {
        let written = self.roles.get(workload.name.get()).and_then(|role| role.value.direct);
        let written = written.filter(|_| workload.migrates.is_none());
        let wanted = written.map_or(*workload.kind.get() == WorkloadKind::Job, |direct| *direct.get());
        wanted || *self.pool_mode.get() == PoolMode::None
    }

    /// Whether the workload may read from the standbys: unless it says that it cannot live with old answers.
    pub fn reads_replicas(&self, workload: &Workload) -> bool {
        let refuses =
            |role: &Entry<Name, spec::DatabaseRole>| role.value.stale_ok.is_some_and(|ok| !*ok.get());
        let may = self.replicas.is_some() && workload.migrates.is_none();
        may && !self.roles.get(workload.name.get()).is_some_and(refuses)
    }

    /// What decides whether the workload may read from the standbys.
    pub fn why_replicas(&self, workload: &Workload) -> Vec<Origin> {
        let written = self.roles.get(workload.name.get()).and_then(|role| role.value.stale_ok);
        let mut why = vec![self.replicas_because];
        why.extend(written.map(|ok| ok.origin()));
        why
    }

    /// The host at which the workload reads from the standbys, if it may.
    pub fn read_host_for(&self, workload: &Workload, tracer: &Tracer) -> Option<Traced<Text>> {
        let replicas = self.replicas.as_ref().filter(|_| self.reads_replicas(workload))?;
        let pool = replicas.pool.as_ref().filter(|_| !self.is_direct(workload));
        let host = pool.map_or(&replicas.host, |pool| &pool.host);
        let why =
            [&[host.origin()], &self.why_direct(workload)[..], &self.why_replicas(workload)[..]].concat();
        Some(Traced::because(host.get().clone(), tracer.because(NET_POOLER, &why)))
    }

    /// What decides whether the workload goes past the pooler.
    pub fn why_direct(&self, workload: &Workload) -> Vec<Origin> {
        let written = self.roles.get(workload.name.get()).and_then(|role| role.value.direct);
        let decisive = written.map_or(workload.kind.origin(), |direct| direct.origin());
        vec![self.pool_mode.origin(), decisive]
    }

    /// Where the workload connects to, and why there.
    fn way(&self, workload: &Workload, pool: Option<&Pool>, tracer: &Tracer) -> (Traced<Text>, Vec<Origin>) {
        let pool = pool.filter(|_| !self.is_direct(workload));
        let host = pool.map_or(&self.host, |pool| &pool.host);
        let why = self.why_direct(workload);
        let because = tracer.because(NET_POOLER, &[&[host.origin()], &why[..]].concat());
        (Traced::because(host.get().clone(), because), why)
    }

    /// The host that the workload connects to.
    pub fn host_for(&self, workload: &Workload, tracer: &Tracer) -> Traced<Text> {
        self.way(workload, self.pool.as_ref(), tracer).0
    }
}

pub(super) fn resolve(file: &ServiceFile, place: &Place<'_>, context: &Context<'_>) -> Vec<Database> {
    let ours = file.databases.iter().filter(|(_, entry)| entry.value.host.is_none());
    let class = |table: &spec::Database| file.class_or(table.class);
    let stacks = |entry| Stack::all(entry, context.tracer).into_iter().map(move |stack| (entry, stack));
    ours.flat_map(|(_, entry)| stacks(entry))
        .map(|(entry, stack)| Database { class: class(&entry.value), ..one(entry, stack, place, context) })
        .collect()
}

fn one(
    entry: &Entry<Name, spec::Database>,
    stack: Stack,
    place: &Place<'_>,
    context: &Context<'_>,
) -> Database {
    let Context { tracer, tier, .. } = context;
    let (name, table) = (text_of(&entry.key), &entry.value);
    let object = restored::name(table, place, &stack, tracer);
    let primary = names::with_suffix(NAME, &object, tracer, |n| format!("{n}-rw").into());
    let sizes = Sizes::of(table, context);
    let because = stack.because(place.because(table.at, tracer), tracer);
    let (backup, backup_because) = backup::resolve(table, (&object, &stack), place, context);
    let (kept, kept_because) = kept::resolve(table, (backup.as_ref(), backup_because), place, context);
    let restored = restored::resolve(table, (&stack, backup.as_ref()), place, context);
    let (wal_storage, wal_because) = wal(table, &sizes.storage, context);
    let (synchronous, synchronous_because) = synchronous::resolve(table, &sizes.instances, context);
    let recovery = table.recovery.as_ref();
    let prod = *tier.get() == Tier::Prod;
    let rpo = recovery
        .and_then(|r| r.rpo)
        .or_else(|| prod.then(|| tracer.constant(BACKUP, &[tier.origin()], Duration::from_seconds(15 * 60))));
    let server = settings::Server {
        memory: &sizes.memory,
        log_volume: wal_storage.as_ref().unwrap_or(&sizes.storage),
        log_because: wal_because,
        rpo: rpo.as_ref(),
        backup: backup.as_ref().map(|_| backup_because),
    };
    let (parameters, max_connections) = settings::of(&table.parameters, &server, tracer);
    let pool = table.pool.as_ref();
    let rate = recovery.and_then(|r| r.restore_rate).unwrap_or_else(|| rule(DEFAULT_DATABASE, bytes("50Mi")));
    let detect = recovery
        .and_then(|r| r.detect)
        .unwrap_or_else(|| rule(DEFAULT_DATABASE, Duration::from_seconds(600)));
    let around = drill::Around {
        object: &object,
        stack: &stack,
        storage: &sizes.storage,
        rate: &rate,
        detect: &detect,
        backup: backup.as_ref(),
        backup_because,
    };
    let (drill, drill_because) = drill::resolve(table, &around, place, context);
    let (replicas, replicas_because) = replicas(table, &object, place, context);
    Database {
        at: table.at,
        because,
        class: None,
        authority: names::with_suffix(DATABASE_AUTHORITY, &object, tracer, |n| format!("{n}-ca").into()),
        host: names::host(&primary, place.namespace, &context.platform.cluster_domain, tracer),
        database: tracer.derive(DATABASE_BOOTSTRAP, (place.service,), |(s,)| s.replace('-', "_").into()),
        secret: names::with_suffix(DATABASE_SECRET, &object, tracer, |n| format!("{n}-app").into()),
        roles: table.roles.clone(),
        accounts: Vec::new(),
        certified: Vec::new(),
        extensions: table.extensions.clone(),
        schemas: table.schemas.clone(),
        image: image(table, context),
        storage_class: table
            .storage_class
            .as_ref()
            .map(text_of)
            .or_else(|| context.platform.storage_class.clone()),
        cpu: table
            .cpu
            .or_else(|| context.configured(|d| d.database.as_ref().and_then(|d| d.cpu.as_ref())))
            .unwrap_or_else(|| rule(DEFAULT_DATABASE, Cpu::from_millis(500))),
        pool_mode: pool.and_then(|p| p.mode).unwrap_or_else(|| {
            let mode = if *tier.get() == Tier::Dev { PoolMode::None } else { PoolMode::Transaction };
            let silent = pool.map_or(table.at, |pool| pool.at);
            tracer.constant(POOL, &[tier.origin(), Origin::spec(silent)], mode)
        }),
        per_process: pool
            .and_then(|p| p.per_process)
            .map_or_else(|| rule(POOL, 5u32), |n| n.map(|n| n.get())),
        pool: None,
        replicas,
        replicas_because,
        shares: Vec::new(),
        rto: recovery.and_then(|r| r.rto),
        window: recovery.and_then(|r| r.window),
        restore_rate: rate,
        detect,
        callers: Vec::new(),
        instances: sizes.instances,
        storage: sizes.storage,
        memory: sizes.memory,
        wal_storage,
        wal_because,
        parameters,
        max_connections,
        synchronous,
        synchronous_because,
        backup,
        backup_because,
        kept,
        kept_because,
        drill,
        drill_because,
        restored,
        restored_because: Origin::spec(stack.restored(table).map_or(table.at, |restored| restored.at)),
        site: site::resolve(table, place, &stack.name, context),
        site_because: site::because(table),
        rpo,
        name,
        stack: stack.name,
        shard: stack.shard,
        object,
    }
}

/// What the tier and the defaults of the environment decide where the table is silent.
struct Sizes {
    instances: Traced<u32>,
    storage: Traced<Bytes>,
    memory: Traced<Bytes>,
}

impl Sizes {
    fn of(table: &spec::Database, context: &Context<'_>) -> Sizes {
        let Context { tracer, tier, .. } = context;
        let (few, small) = match tier.get() {
            Tier::Dev => (1u32, "5Gi"),
            Tier::Staging => (1, "20Gi"),
            Tier::Prod => (3, "20Gi"),
        };
        let instances = table
            .instances
            .or_else(|| context.configured(|d| d.database.as_ref().and_then(|d| d.instances.as_ref())));
        Sizes {
            instances: instances.map_or_else(
                || tracer.constant(crate::origin::TIER_DATABASE, &[tier.origin()], few),
                |i| i.map(|i| i.get()),
            ),
            storage: table
                .storage
                .or_else(|| context.configured(|d| d.database.as_ref().and_then(|d| d.storage.as_ref())))
                .unwrap_or_else(|| {
                    tracer.constant(crate::origin::TIER_DATABASE, &[tier.origin()], bytes(small))
                }),
            memory: table
                .memory
                .or_else(|| context.configured(|d| d.database.as_ref().and_then(|d| d.memory.as_ref())))
                .unwrap_or_else(|| rule(DEFAULT_DATABASE, bytes("1Gi"))),
        }
    }
}

fn image(table: &spec::Database, context: &Context<'_>) -> Image {
    let tracer = context.tracer;
    if let Some(image) = &table.image {
        return Image::of_reference(image, context.images, tracer);
    }
    let because = tracer.because(DATABASE_IMAGE, &[table.version.origin()]);
    let repository = "ghcr.io/cloudnative-pg/postgresql";
    let tagged = format!("{repository}:{}-standard-trixie", table.version.get().get());
    Image::resolve(
        Traced::because(Text::Literal(repository), because),
        Some(Traced::because(Text::from(tagged), because)),
        context.images,
        tracer,
    )
}

/// The volume of the write-ahead log, and why there is one or not.
fn wal(
    table: &spec::Database,
    storage: &Traced<Bytes>,
    context: &Context<'_>,
) -> (Option<Traced<Bytes>>, Origin) {
    let Context { tracer, tier, .. } = context;
    let because = tracer.because(DATABASE_WAL, &[tier.origin()]);
    match table.wal_storage {
        Some(size) => (Some(size), size.origin()),
        None if *tier.get() == Tier::Prod => {
            let size = tracer.derive(DATABASE_WAL, (storage, *tier), |(s, _)| {
                // whole gibibytes, as people would write it
                Bytes::from_bytes((s.bytes() / 4).div_ceil(1 << 30) << 30)
            });
            (Some(size), because)
        }
        None => (None, because),
    }
}

/// The way to the standbys, and why there is one or not.
fn replicas(
    table: &spec::Database,
    object: &Traced<Text>,
    place: &Place<'_>,
    context: &Context<'_>,
) -> (Option<Replicas>, Origin) {
    let tracer = context.tracer;
    let because = table.read_replicas.map_or(Origin::rule(DATABASE_REPLICAS), |asked| asked.origin());
    if !table.read_replicas.is_some_and(|asked| *asked.get()) {
        return (None, because);
    }
    let standbys = names::with_suffix(NAME, object, tracer, |n| format!("{n}-ro").into());
    let replicas = Replicas {
        host: names::host(&standbys, place.namespace, &context.platform.cluster_domain, tracer),
        max_lag: table
            .read_pool
            .as_ref()
            .and_then(|pool| pool.max_lag)
            .unwrap_or_else(|| rule(DATABASE_REPLICAS, bytes("16Mi"))),
        pool: None,
    };
    (Some(replicas), because)
}
