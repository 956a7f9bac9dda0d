//! What a reviewer of a database asks: who may open how many connections, and what a loss costs.

use serde::Serialize;

use crate::Environment;
use crate::emit::recovery::{self, Recovery};
use crate::spec::database::Grants;
use crate::system::database::OVERHEAD;
use crate::system::{Database, System};

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
                through: if share.is_direct { "the server" } else { "the pooler" },
                terms: format!("{} pods x {} processes x {each}", share.pods, share.workers),
                connections: *share.connections.get(),
            })
        };
        database.shares.iter().filter_map(row).collect::<Vec<_>>()
    };
    databases(system).flat_map(of).collect()
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
    databases(system).map(of).collect()
}

pub(super) fn recoveries(environment: &Environment) -> Vec<Recovery> {
    databases(&environment.system).map(|database| recovery::of(environment, database)).collect()
}
