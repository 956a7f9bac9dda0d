//! `[databases.<name>.migrate]`: what changes the schema before a new version of the service runs.

use crate::origin::Traced;
use crate::spec::decode::{List, Map, Required, choices, table};
use crate::spec::edge::EdgeRef;
use crate::spec::env::EnvValue;
use crate::spec::workload::{SecretDelivery, Word};
use crate::value::{Bytes, Cpu, Duration, EnvName, ImageRef};

choices! {
    /// Which versions of the service a change of the schema leaves working.
    pub enum MigrationStyle {
        /// The old and the new one: columns and tables are added first, and taken away by a later version.
        ExpandContract = "expand-contract",
        /// The new one alone: nothing of the old one may run.
        Stop = "stop",
    }
}

table! {
    /// What changes the schema of a database before a new version of the service runs: a job named `migrate-<database>`, which
    /// goes past the pooler.
    pub struct Migrate {
        /// Program and its words.
        command: Required<List<Word>>,
        /// Image, for a program that is not in the service's own.
        image: Option<Traced<ImageRef>>,
        /// Which versions of the service a change leaves working.
        style: Option<Traced<MigrationStyle>> = "`\"expand-contract\"`",
        /// Longest time of the whole migration.
        timeout: Option<Traced<Duration>> = "`\"15m\"`",
        /// Longest time that a statement waits for a lock; whoever comes later waits behind it.
        lock_timeout: Option<Traced<Duration>> = "`\"5s\"`",
        /// Longest time of one statement.
        statement_timeout: Option<Traced<Duration>> = "`timeout`: the server learns late that a program is gone",
        /// What it reaches besides the database.
        uses: List<EdgeRef>,
        /// Variables, as of a workload.
        env: Map<EnvName, EnvValue>,
        /// How secrets reach it.
        secrets: Option<Traced<SecretDelivery>> = "`\"files\"`",
        /// CPU request.
        cpu: Option<Traced<Cpu>> = "`\"250m\"`",
        /// Memory request, which is also the limit.
        memory: Option<Traced<Bytes>> = "`\"512Mi\"`",
    }
}
