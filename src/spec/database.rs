//! `[databases.<name>]`: a PostgreSQL database of the service's own.

use super::decode::{Count, choices, table};
use crate::origin::Traced;
use crate::value::{Bytes, Cpu, ImageRef};

/// PostgreSQL instances: 1 to 9.
pub type Instances = Count<1, 9>;

/// PostgreSQL major versions that CloudNativePG runs.
pub type PostgresMajor = Count<14, 18>;

choices! {
    /// Database engines.
    pub enum DatabaseEngine {
        /// PostgreSQL, run by CloudNativePG.
        Postgresql = "postgresql",
    }
}

table! {
    /// A database of the service's own.
    pub struct Database {
        /// Engine.
        engine: Option<Traced<DatabaseEngine>> = "`\"postgresql\"`",
        /// Major version.
        version: Traced<PostgresMajor>,
        /// Image of the server, with the same major version.
        image: Option<Traced<ImageRef>> = "`ghcr.io/cloudnative-pg/postgresql`",
        /// Volume of each instance.
        storage: Option<Traced<Bytes>> = "`\"5Gi\"` in dev, `\"20Gi\"` else",
        /// Instances, the primary included.
        instances: Option<Traced<Instances>> = "3 in prod, else 1",
        /// CPU request of each instance; the limit is four times as much, and at least 1.
        cpu: Option<Traced<Cpu>> = "`\"500m\"`",
        /// Memory request of each instance, which is also the limit.
        memory: Option<Traced<Bytes>> = "`\"1Gi\"`",
    }
}
