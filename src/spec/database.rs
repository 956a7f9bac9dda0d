//! `[databases.<name>]`: a PostgreSQL database of the service's own.

mod migrate;
mod role;
mod shards;
mod site;

use super::PortNumber;
use super::data::DataClass;
use super::decode::{Count, List, Map, choices, table};
use super::kubernetes::Patch;
use crate::origin::Traced;
use crate::text::Text;
use crate::value::{
    Bytes, Cidr, Cpu, Cron, DrillSchedule, Duration, Host, ImageRef, Name, ParameterName, Retention,
    SecretKey, SqlName, SqlQuestion, Subdomain, Timestamp,
};

pub use migrate::{Migrate, MigrationStyle};
pub use role::{DatabaseRole, Grants, SessionFeature};
pub use shards::Shards;
pub use site::{ReplicaOf, Standby};

/// PostgreSQL instances: 1 to 9.
pub type Instances = Count<1, 9>;

/// Connections: 1 to 10,000.
pub type Connections = Count<1, 10_000>;

/// PostgreSQL major versions that CloudNativePG runs.
pub type PostgresMajor = Count<14, 18>;

choices! {
    /// Database engines.
    pub enum DatabaseEngine {
        /// PostgreSQL, run by CloudNativePG.
        Postgresql = "postgresql",
    }

    /// How a pooler lends server connections.
    pub enum PoolMode {
        /// For one transaction: few server connections serve many clients; nothing of a session lasts.
        Transaction = "transaction",
        /// For as long as the client stays.
        Session = "session",
        /// There is no pooler.
        None = "none",
    }

    /// That somebody knows what another number of shards means.
    pub enum Resharding {
        /// The rows were moved, or will be, before workloads are told of the new number.
        Acknowledged = "acknowledged",
    }

    /// How users of a server that others run are encrypted, in libpq's words.
    pub enum SslMode {
        /// Plain text.
        Disable = "disable",
        /// Encrypted; whoever answers is believed.
        Require = "require",
        /// Encrypted, and the server's certificate must be for its host: by the authority in the key `ca.crt` of `secrets`, else by one that the system knows (libpq 16).
        VerifyFull = "verify-full",
    }

    /// What a commit waits for when no standby answers.
    pub enum Durability {
        /// For a standby, however long: nothing that was acknowledged is ever lost.
        Required = "required",
        /// For nobody: commits go on.
        Preferred = "preferred",
    }
}

table! {
    /// A database of the service's own.
    pub struct Database {
        /// Engine.
        engine: Option<Traced<DatabaseEngine>> = "`\"postgresql\"`",
        /// How sensitive what it holds is.
        class: Option<Traced<DataClass>> = "that of `[data]`",
        /// Address of a server that others run; it then has no objects of ours.
        host: Option<Traced<Host>>,
        /// Port of that server.
        port: Option<Traced<PortNumber>> = "`5432`",
        /// Name of the database on that server.
        database: Option<Traced<SqlName>> = "the service's name, with `_` for `-`",
        /// Connections that that server takes.
        max_connections: Option<Traced<Connections>>,
        /// How its users are encrypted and what they check, in libpq's words.
        sslmode: Option<Traced<SslMode>> = "`\"require\"`",
        /// Addresses of that server.
        cidrs: List<Cidr> = "every public address",
        /// Keys of its credentials in the platform's secret store.
        secrets: List<SecretKey> = "`[\"password\", \"username\"]`",
        /// Major version.
        version: Traced<PostgresMajor>,
        /// Image of the server, with the same major version.
        image: Option<Traced<ImageRef>> = "`ghcr.io/cloudnative-pg/postgresql`",
        /// Volume of each instance.
        storage: Option<Traced<Bytes>> = "`\"5Gi\"` in dev, `\"20Gi\"` else",
        /// Instances, the primary included.
        instances: Option<Traced<Instances>> = "3 in prod, else 1",
        /// Volume for the write-ahead log of each instance.
        wal_storage: Option<Traced<Bytes>> = "a quarter of `storage` in prod, else none of its own",
        /// `StorageClass` of the volumes.
        storage_class: Option<Traced<Subdomain>> = "the platform's, else the cluster's default",
        /// Settings of the server, all as text.
        parameters: Map<ParameterName, Traced<Text>> = "derived from `memory`",
        /// Extensions that it has.
        extensions: List<SqlName>,
        /// Schemas that it has beside `public`, each the owner's.
        schemas: List<SqlName>,
        /// What each workload that uses it may do, by the workload's name.
        roles: Map<Name, DatabaseRole>,
        /// Servers that share its rows, each a cluster with pooler, accounts, backups and drills of its own; nothing joins
        /// them but the map that workloads get.
        shards: Option<Traced<Shards>> = "one server",
        /// The column whose value decides in which shard a row is, for people and for readers of the map: nothing here
        /// routes by it.
        shard_key: Option<Traced<SqlName>>,
        /// That the rows are where another number of `shards` looks for them; delete it once that is in force.
        resharding: Option<Traced<Resharding>>,
        /// How commits reach the standbys.
        replication: Option<Replication>,
        /// The pooler between workloads and the server.
        pool: Option<Pool>,
        /// Whether workloads may read from the standbys, which are a moment behind.
        read_replicas: Option<Traced<bool>> = "`false`",
        /// The pooler before the standbys, where workloads read from them.
        read_pool: Option<ReadPool>,
        /// Backups.
        backup: Option<Backup>,
        /// What a loss may cost.
        recovery: Option<Recovery>,
        /// What it was restored from: a restore is a cluster with another name, to which everything moves by this table.
        restored: Option<Restored>,
        /// The same of single shards, by their names, such as `main-2`.
        restored_shards: Map<Name, Restored>,
        /// The other site, whose cluster follows this one.
        standby: Option<Standby>,
        /// The other site, whose cluster this one follows: it takes no writes, and whoever uses it waits.
        replica_of: Option<ReplicaOf>,
        /// What changes its schema before a new version runs.
        migrate: Option<Migrate>,
        /// CPU request of each instance; the limit is four times as much, and at least 1.
        cpu: Option<Traced<Cpu>> = "`\"500m\"`",
        /// Memory request of each instance, which is also the limit.
        memory: Option<Traced<Bytes>> = "`\"1Gi\"`",
        /// Fields of its objects as the API has them, by the name of the object's file: `cluster`, `networkpolicy`.
        kubernetes: Map<Name, Patch>,
    }

    /// How commits reach the standbys.
    pub struct Replication {
        /// So many standbys must have a commit before it is acknowledged; 0 is none.
        sync: Option<Traced<Count<0, 8>>> = "1 with three instances or more, else 0",
        /// What a commit waits for when they do not answer.
        durability: Option<Traced<Durability>> = "`\"required\"`",
    }

    /// The pooler between workloads and the server.
    pub struct Pool {
        /// How it lends connections.
        mode: Option<Traced<PoolMode>> = "`\"transaction\"` in staging and prod, `\"none\"` in dev",
        /// Connections that each process of a workload may open.
        per_process: Option<Traced<Connections>> = "5",
        /// Pods of the pooler.
        instances: Option<Traced<Count<1, 20>>> = "2",
        /// Server connections of each pod.
        server: Option<Traced<Connections>> = "what `max_connections` leaves, shared by the pods",
        /// Clients that each pod takes.
        clients: Option<Traced<Connections>> = "what all workloads may open at their most, in whole hundreds",
    }

    /// The pooler before the standbys; its mode is that of `pool`.
    pub struct ReadPool {
        /// Pods of the pooler.
        instances: Option<Traced<Count<1, 20>>> = "2",
        /// Connections of each pod to a standby.
        server: Option<Traced<Connections>> = "what `max_connections` leaves, shared by the pods",
        /// Clients that each pod takes.
        clients: Option<Traced<Connections>> = "what all readers may open at their most, in whole hundreds",
        /// Log that a standby may lack and still be asked.
        max_lag: Option<Traced<Bytes>> = "`\"16Mi\"`, one segment of the log",
    }

    /// Backups into the platform's object store.
    pub struct Backup {
        /// When a base backup is made: five fields of cron.
        schedule: Option<Traced<Cron>> = "`\"30 0 * * *\"`",
        /// How long backups are kept: days, weeks or months.
        retention: Option<Traced<Retention>> = "`\"30d\"` in prod, else `\"7d\"`",
        /// When the newest backup is restored into a namespace of its own, asked `recovery.check`, and thrown away: `weekly`
        /// (Sundays at 4:00), `monthly` (the first at 4:00), or five fields of cron, all in UTC.
        drill: Option<Traced<DrillSchedule>> = "never",
        /// Keep the passwords that operators make in the platform's `secret_backup_store`.
        secrets: Option<Traced<bool>> = "`true` in prod where the platform has that store, else `false`",
    }

    /// What a loss may cost.
    pub struct Recovery {
        /// The longest time whose changes may be lost.
        rpo: Option<Traced<Duration>> = "`\"15m\"` in prod",
        /// The longest time until it works again.
        rto: Option<Traced<Duration>>,
        /// How far back a restore must be able to go.
        window: Option<Traced<Duration>>,
        /// How fast a restore was seen to be, a second.
        restore_rate: Option<Traced<Bytes>> = "`\"50Mi\"`, an assumption",
        /// The time until somebody notices and decides.
        detect: Option<Traced<Duration>> = "`\"10m\"`",
        /// What a drill asks the restored database: one query with one column of type boolean.
        check: Option<Traced<SqlQuestion>>,
        /// The longest time until a drill's database is there.
        drill_timeout: Option<Traced<Duration>> = "twice the time that copying `storage` takes at `restore_rate`, and 15 minutes",
    }

    /// What a database was restored from; `specc pitr` prints it.
    pub struct Restored {
        /// Name of the cluster that was restored, which is the database's from now on.
        name: Traced<Name>,
        /// Name of the cluster whose backups it was made from.
        from: Traced<Name>,
        /// The moment to which it was restored: RFC 3339, with its zone.
        moment as "at": Option<Traced<Timestamp>> = "the last that was archived",
    }
}
