//! `[databases.<name>.roles.<workload>]`: what a workload may do in a database that it uses, and how it comes there.

use super::Connections;
use crate::origin::Traced;
use crate::spec::decode::{List, choices, table};

choices! {
    /// What a workload may do in a database.
    pub enum Grants {
        /// Everything, as the owner: it may change the schema.
        Owner = "owner",
        /// Read and write every table; the schema stays as it is.
        Write = "write",
        /// Read every table.
        Read = "read",
    }

    /// What PostgreSQL keeps for as long as a session lasts.
    pub enum SessionFeature {
        /// `LISTEN`, whose messages come to the session that asked.
        Listen = "listen",
        /// Advisory locks that are not of a transaction: `pg_advisory_lock`.
        AdvisoryLocks = "advisory-locks",
        /// `SET` outside of a transaction.
        Settings = "settings",
        /// Temporary tables that outlive a transaction.
        TemporaryTables = "temporary-tables",
        /// `PREPARE` and `EXECUTE` as statements; what drivers prepare by the protocol needs no session.
        Prepare = "prepare",
        /// Cursors `WITH HOLD`.
        HoldCursors = "hold-cursors",
    }
}

table! {
    /// What a workload may do in a database that it uses, and how it comes there.
    pub struct DatabaseRole {
        /// What it may do. `owner` logs in with the owner's account, the others with accounts of their own.
        grants: Option<Traced<Grants>> = "`\"owner\"` for the only user and for jobs, else `\"write\"`",
        /// Connections that its account may have at a time.
        limit: Option<Traced<Connections>> = "what it may open at its most",
        /// Log in with a certificate, which the operator makes and renews, in place of a password; needs `direct`, since a pooler
        /// passes no certificate on.
        cert: Option<Traced<bool>> = "`false`: a password",
        /// Go past the pooler to the server itself.
        direct: Option<Traced<bool>> = "`true` for jobs, else `false`",
        /// Whether it can live with answers that are a moment old, and so may read from the standbys.
        stale_ok: Option<Traced<bool>> = "it may, with a warning",
        /// What it needs of a session, which a pooler in transaction mode does not keep.
        session: List<SessionFeature>,
    }
}
