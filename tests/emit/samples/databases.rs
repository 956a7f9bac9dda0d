//! What is in a database, with every field.

use specc::k8s::Object;
use specc::k8s::cluster::{ClusterRef, SecretRef};
use specc::k8s::database::*;
use specc::k8s::kinds::*;
use specc::k8s::password::*;
use specc::walk::{Items, Maybe};

use super::{metadata, name_of, t, why};

/// All of them.
pub(super) fn all() -> [Object; 3] {
    [content().into(), role().into(), password().into()]
}

fn cluster() -> ClusterRef {
    ClusterRef { name: name_of("Cluster", "shop-db-main") }
}

fn content() -> Database {
    Database {
        because: why(),
        metadata: metadata("shop-db-main"),
        spec: DatabaseSpec {
            cluster: cluster(),
            name: t("shop"),
            owner: t("shop"),
            database_reclaim_policy: t(ReclaimPolicy::Retain),
            schemas: Items::one("audit", why(), SchemaSpec { name: t("audit"), owner: t("shop") }),
            extensions: Items::one("pg_trgm", why(), ExtensionSpec { name: t("pg_trgm") }),
        },
    }
}

fn role() -> DatabaseRole {
    DatabaseRole {
        because: why(),
        metadata: metadata("shop-db-main-role-api"),
        spec: DatabaseRoleSpec {
            cluster: cluster(),
            name: t("shop_api"),
            login: t(true),
            inherit: t(true),
            superuser: t(false),
            createdb: t(false),
            createrole: t(false),
            replication: t(false),
            bypassrls: t(false),
            connection_limit: t(40u32),
            in_roles: Items::one("pg_read_all_data", why(), t("pg_read_all_data")),
            password_secret: Maybe::some(
                why(),
                SecretRef { name: name_of("Secret", "shop-db-main-role-api") },
            ),
            disable_password: Maybe::some(why(), t(false)),
            client_certificate: Maybe::some(why(), ClientCertificate { enabled: t(true) }),
            database_role_reclaim_policy: t(ReclaimPolicy::Delete),
        },
    }
}

fn password() -> Password {
    Password {
        because: why(),
        metadata: metadata("shop-db-main"),
        spec: PasswordSpec {
            length: t(40u32),
            digits: t(10u32),
            symbols: t(0u32),
            no_upper: t(false),
            allow_repeat: t(true),
            encoding: Some(t(PasswordEncoding::Base64)),
            secret_keys: Items::one("password", why(), t("password")),
        },
    }
}
