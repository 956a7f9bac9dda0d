//! `Database` and `DatabaseRole` of CloudNativePG (postgresql.cnpg.io/v1, 1.30).

use super::cluster::{ClusterRef, SecretRef};
use super::model::{closed, object};
use crate::origin::Traced;
use crate::text::Text;
use crate::walk::{Items, Maybe};

object! {
    /// `DatabaseSpec`: what is in a database that the Cluster made.
    pub struct DatabaseSpec {
        cluster: ClusterRef,
        name: Traced<Text>,
        owner: Traced<Text>,
        database_reclaim_policy: Traced<ReclaimPolicy>,
        schemas: Items<SchemaSpec>,
        extensions: Items<ExtensionSpec>,
    }

    /// `SchemaSpec`.
    pub struct SchemaSpec {
        name: Traced<Text>,
        owner: Traced<Text>,
    }

    /// `ExtensionSpec`.
    pub struct ExtensionSpec {
        name: Traced<Text>,
    }

    /// `DatabaseRoleSpec`: an account. What it may do with tables is not a part of it, but of the roles it is in.
    pub struct DatabaseRoleSpec {
        cluster: ClusterRef,
        name: Traced<Text>,
        login: Traced<bool>,
        inherit: Traced<bool>,
        superuser: Traced<bool>,
        createdb: Traced<bool>,
        createrole: Traced<bool>,
        replication: Traced<bool>,
        bypassrls: Traced<bool>,
        connection_limit: Traced<u32>,
        in_roles: Items<Traced<Text>>,
        /// A Secret of type `kubernetes.io/basic-auth`.
        password_secret: Maybe<SecretRef>,
        disable_password: Maybe<Traced<bool>>,
        client_certificate: Maybe<ClientCertificate>,
        database_role_reclaim_policy: Traced<ReclaimPolicy>,
    }

    /// `ClientCertificateConfiguration`: the operator makes a certificate and its key, in a Secret named by this object's name.
    pub struct ClientCertificate {
        enabled: Traced<bool>,
    }
}

closed! {
    /// What becomes of the thing in PostgreSQL when the object goes.
    pub enum ReclaimPolicy {
        /// it goes too
        Delete = "delete",
        /// it stays
        Retain = "retain",
    }
}
