//! What a reviewer of a database asks: who may open how many connections, and what a loss costs.

use serde::Serialize;

use crate::Environment;
use crate::emit::recovery::{self, Recovery};
use crate::spec::database::Grants;
use crate::system::database::OVERHEAD;
use crate::system::{Database, Managed, System};

/// What one workload may open.
#[derive(Serialize)]
pub(super) struct Share {
    database: String,
    by: String,
    /// as whom
    account: String,
    may: &'static str,
    limit: String,
    through: &'static str,
    terms: String,
    connections: u32,
}

/// What the server gives, and to whom.
#[derive(Serialize)]
pub(super) struct Budget {
    database: String,
    takes: u32,
    terms: String,
    spare: i64,
}

fn databases(system: &System) -> impl Iterator<Item = &Database> {
    system.services.iter().flat_map(|service| &service.databases)
}

/// What the owner and others may do, for people.
fn may(grants: Grants) -> &'static str {
    match grants {
        Grants::Owner => "change the schema",
        Grants::Write => "read and write",
        Grants::Read => "read",
    }
}

pub(super) fn shares(system: &System) -> Vec<Share> {
    let of = |database: &Database| {
        let row = |share: &crate::system::database::Share| {
            let (_, workload) = system.workload(share.from)?;
            let by = workload.object.get().to_string();
            let account = database.account_of(workload)?;
            let role = account.role.as_ref();
            let each = database.per_process.get();
            Some(Share {
                database: database.object.get().to_string(),
                by,
                account: role
                    .map_or_else(|| database.database.get().to_string(), |role| role.name.get().to_string()),
                may: may(*account.grants.get()),
                limit: role.map_or_else(|| "none".to_owned(), |role| role.limit.get().to_string()),
                through: match (share.is_direct, share.reads) {
                    (true, false) => "the server",
                    (false, false) => "the pooler",
                    (true, true) => "the server, and standbys",
                    (false, true) => "the poolers of primary and standbys",
                },
                terms: format!("{} pods x {} processes x {each}", share.pods, share.workers),
                connections: *share.connections.get(),
            })
        };
        database.shares.iter().filter_map(row).collect::<Vec<_>>()
    };
    databases(system).flat_map(of).chain(managed_shares(system)).collect()
}

/// What workloads may open to databases that others run.
fn managed_shares(system: &System) -> Vec<Share> {
    let mut rows = Vec::new();
    for managed in system.services.iter().flat_map(|service| &service.managed) {
        for share in &managed.shares {
            let Some((_, workload)) = system.workload(share.from) else { continue };
            rows.push(Share {
                database: managed.host.get().to_string(),
                by: workload.object.get().to_string(),
                account: format!("the account of {}", managed.credentials.remote.get()),
                may: "what that may",
                limit: "not known".to_owned(),
                through: "the server",
                terms: format!(
                    "{} pods x {} processes x {}",
                    share.pods,
                    share.workers,
                    managed.per_process.get()
                ),
                connections: *share.connections.get(),
            });
        }
    }
    rows
}

/// What is left of the connections that a database of others is declared to take.
fn of_managed(managed: &Managed) -> Option<Budget> {
    let takes = *managed.max_connections.as_ref()?.get();
    let asked = managed.shares.iter().fold(0u32, |sum, share| sum.saturating_add(*share.connections.get()));
    Some(Budget {
        database: managed.host.get().to_string(),
        takes,
        terms: format!("{asked} of workloads"),
        spare: i64::from(takes) - i64::from(asked),
    })
}

pub(super) fn budgets(system: &System) -> Vec<Budget> {
    let of = |database: &Database| {
        let direct = database.shares.iter().filter(|share| share.is_direct);
        let direct = direct.fold(0u32, |sum, share| sum.saturating_add(*share.connections.get()));
        let scaler = database.scaler_connections();
        let takes = *database.max_connections.get();
        let mut terms = vec![format!("{OVERHEAD} for the operator, superusers and people")];
        let mut asked = direct.saturating_add(scaler).saturating_add(OVERHEAD);
        if let Some(pool) = &database.pool {
            let (pods, each) = (*pool.instances.get(), *pool.server.get());
            asked = asked.saturating_add(pods.saturating_mul(each));
            terms
                .push(format!("{pods} pods of the pooler x {each}, for {} clients each", pool.clients.get()));
        }
        if scaler > 0 {
            terms.push(format!("{scaler} of KEDA"));
        }
        if direct > 0 {
            terms.push(format!("{direct} of workloads that come to the server"));
        }
        Budget {
            database: database.object.get().to_string(),
            takes,
            terms: terms.join(" + "),
            spare: i64::from(takes) - i64::from(asked),
        }
    };
    let ours = databases(system).flat_map(|database| [Some(of(database)), of_standby(database)]);
    let managed = system.services.iter().flat_map(|service| &service.managed).map(of_managed);
    ours.chain(managed).flatten().collect()
}

/// The same of a standby, which may have to take all readers alone.
fn of_standby(database: &Database) -> Option<Budget> {
    let replicas = database.replicas.as_ref()?;
    let direct = database.shares.iter().filter(|share| share.is_direct && share.reads);
    let direct = direct.fold(0u32, |sum, share| sum.saturating_add(*share.connections.get()));
    let takes = *database.max_connections.get();
    let mut terms = vec![format!("{OVERHEAD} for the operator, superusers and people")];
    let mut asked = direct.saturating_add(OVERHEAD);
    if let Some(pool) = &replicas.pool {
        let (pods, each) = (*pool.instances.get(), *pool.server.get());
        asked = asked.saturating_add(pods.saturating_mul(each));
        terms.push(format!("{pods} pods of its pooler x {each}, for {} clients each", pool.clients.get()));
    }
    if direct > 0 {
        terms.push(format!("{direct} of workloads that come to the standbys"));
    }
    Some(Budget {
        database: format!("{}, each standby", database.object.get()),
        takes,
        terms: terms.join(" + "),
        spare: i64::from(takes) - i64::from(asked),
    })
}

pub(super) fn recoveries(environment: &Environment) -> Vec<Recovery> {
    databases(&environment.system).map(|database| recovery::of(environment, database)).collect()
}

/// A database with another site.
#[derive(Serialize)]
pub(super) struct Sited {
    database: String,
    here: &'static str,
    env: String,
    cluster: String,
    path: String,
}

pub(super) fn sites(system: &System) -> Vec<Sited> {
    let of = |database: &Database| {
        let site = database.site.as_ref()?;
        Some(Sited {
            database: database.object.get().to_string(),
            here: if site.follows { "follows" } else { "takes writes" },
            env: site.env.get().to_string(),
            cluster: site.cluster.get().to_string(),
            path: site.path.get().to_string(),
        })
    };
    databases(system).filter_map(of).collect()
}
