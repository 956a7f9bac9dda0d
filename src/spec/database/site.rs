//! `[databases.<name>.standby]` and `[databases.<name>.replica_of]`: a database with a cluster in each of two environments, seen
//! from the one that takes writes and from the one that follows.

use crate::origin::Traced;
use crate::spec::decode::table;
use crate::value::{BucketUrl, Name, PromotionToken, Url};

table! {
    /// The other site of a database that takes writes here: the environment whose cluster follows this one.
    pub struct Standby {
        /// That environment.
        env: Traced<Name>,
        /// Its object store, which the accounts here must be able to read.
        store: Traced<BucketUrl>,
        /// Address of that store, where it is not Amazon's.
        endpoint: Option<Traced<Url>>,
        /// Namespace of the cluster there.
        namespace: Option<Traced<Name>> = "the same as here",
        /// Name of the cluster there.
        cluster: Option<Traced<Name>> = "`<service>-db-<name>`",
        /// Name of the cluster here, if it was made once more: a folder of the store belongs to one cluster for good.
        name: Option<Traced<Name>> = "`<service>-db-<name>`",
        /// What the cluster there gave when it was demoted (`status.demotionToken`): this one is promoted after it has all up to
        /// that point. Without it this one is promoted at once.
        token: Option<Traced<PromotionToken>>,
    }

    /// The other site of a database that only follows here: the environment whose cluster takes the writes.
    pub struct ReplicaOf {
        /// That environment.
        env: Traced<Name>,
        /// Its object store, which the accounts here must be able to read.
        store: Traced<BucketUrl>,
        /// Address of that store, where it is not Amazon's.
        endpoint: Option<Traced<Url>>,
        /// Namespace of the cluster there.
        namespace: Option<Traced<Name>> = "the same as here",
        /// Name of the cluster there.
        cluster: Option<Traced<Name>> = "`<service>-db-<name>`",
        /// Name of the cluster here, if it was made once more: a folder of the store belongs to one cluster for good.
        name: Option<Traced<Name>> = "`<service>-db-<name>`",
    }
}
