//! What a reviewer of a database asks: who may open how many connections, and what a loss costs.
//!
//! Each term of a promise says where it comes from: declared in the spec, or assumed by specc until a drill measures it.

use serde::Serialize;

use crate::Environment;
use crate::origin::{Origin, Traced, Why};
use crate::spec::database::Grants;
use crate::system::database::OVERHEAD;
use crate::system::{Database, Managed, System};
use crate::value::{Duration, Value as _};

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

/// What a loss costs.
#[derive(Serialize)]
pub(super) struct Recovery {
    database: String,
    loses: String,
    returns: String,
    kept: String,
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
    let from = |origin: Origin| {
        environment.tracer.with(|trace| match origin.why(trace) {
            Why::Spec(_) => "declared",
            Why::Rule(_, []) => "assumed",
            Why::Rule(..) => "the tier's default",
        })
    };
    let time = |duration: &Traced<Duration>| duration.get().text().into_owned();
    let of = |database: &Database| {
        let (storage, rate) = (database.storage.get(), database.restore_rate.get());
        let copy = storage.bytes().div_ceil(rate.bytes().max(1));
        let sum = Duration::from_seconds(
            database.detect.get().seconds_ceil().saturating_add(copy).next_multiple_of(60),
        );
        let returns = format!(
            "{} = {} to decide ({}) + {} ({}) / {} a second ({})",
            sum.text(),
            time(&database.detect),
            from(database.detect.origin()),
            storage.text(),
            from(database.storage.origin()),
            rate.text(),
            from(database.restore_rate.origin()),
        );
        let loses = match (&database.backup, &database.rpo) {
            (Some(_), Some(rpo)) => {
                let closed = database.parameters.get("archive_timeout");
                let closed = closed.map_or_else(|| "-".to_owned(), |text| text.get().to_string());
                format!(
                    "{} ({}) = {closed} until the log is closed + 1m to upload it",
                    time(rpo),
                    from(rpo.origin())
                )
            }
            (Some(_), None) => "5m, the operator's `archive_timeout`, and the upload".to_owned(),
            (None, _) => "everything: no backups".to_owned(),
        };
        Recovery {
            database: database.object.get().to_string(),
            loses,
            returns: if database.backup.is_some() { returns } else { "never".to_owned() },
            kept: database.backup.as_ref().map_or_else(
                || "-".to_owned(),
                |backup| format!("{} in {}", backup.retention.get().text(), backup.path.get()),
            ),
        }
    };
    databases(&environment.system).map(of).collect()
}
