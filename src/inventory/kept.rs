//! The passwords that operators make and a second store keeps: where each of them is.

use serde_json::{Value as Json, json};

use super::{FORMAT_VERSION, Table};
use crate::Environment;

/// A Secret, and where its password is kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// the environment
    pub environment: String,
    /// what it belongs to: `orders.databases.main`
    pub declared: String,
    /// the ClusterSecretStore
    pub store: String,
    /// key in the store, with `password` and `username` below it
    pub remote: String,
    /// `<namespace>/<name>` of the Secret
    pub secret: String,
}

/// The kept passwords of one environment, by service and database.
pub fn list(environment: &Environment) -> Vec<Kept> {
    let mut all = Vec::new();
    for service in &environment.system.services {
        for database in &service.databases {
            let Some(kept) = &database.kept else { continue };
            all.extend(database.made_secrets().iter().map(|made| Kept {
                environment: environment.name.to_string(),
                declared: format!("{}.databases.{}", service.stem, database.stack.get()),
                store: kept.store.get().to_string(),
                remote: kept.remote(made.secret, &environment.tracer).get().to_string(),
                secret: format!("{}/{}", service.namespace.get(), made.secret.get()),
            }));
        }
    }
    all
}

/// The kept passwords as rows.
pub fn table(kept: &[Kept]) -> Table {
    let header = ["ENVIRONMENT", "STORE", "KEY", "SECRET"].map(str::to_owned).to_vec();
    let row = |kept: &Kept| {
        vec![kept.environment.clone(), kept.store.clone(), kept.remote.clone(), kept.secret.clone()]
    };
    Table { header, rows: kept.iter().map(row).collect() }
}

/// The kept passwords as a JSON document.
pub fn json(kept: &[Kept]) -> String {
    let row = |kept: &Kept| {
        json!({
            "environment": kept.environment,
            "declared": kept.declared,
            "store": kept.store,
            "key": kept.remote,
            "secret": kept.secret,
        })
    };
    let document =
        json!({ "format_version": FORMAT_VERSION, "kept": kept.iter().map(row).collect::<Vec<Json>>() });
    format!("{document:#}\n")
}
