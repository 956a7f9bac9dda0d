//! A workload that needs a session behind a pooler that keeps none.

use super::context::{Finding, listed, noun, path_of};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::database::PoolMode;
use crate::spec::decode::Choice;
use crate::system::database::{OVERHEAD, Share};
use crate::system::{Database, Pool, Service, Workload};

pub(super) const CHECK: Check = check!("session-through-pooler", Deny, One(run));

/// What a workload says that it needs of a session.
fn needs(database: &Database, workload: &Workload) -> Option<(Origin, String)> {
    let session = &database.roles.get(workload.name.get())?.value.session;
    let words: Vec<&str> = session.iter().map(|feature| feature.get().word()).collect();
    Some((session.iter().next()?.origin(), format!("needs {} of a session", listed(&words))))
}

fn pooled<'c>(
    cx: &'c Context<'c>,
    (service, database, pool): (&Service, &Database, &Pool),
    (workload, share): (&Workload, &Share),
) -> Option<Finding<'c>> {
    let (at, why) = needs(database, workload)?;
    let name = database.name.get();
    let asked = *share.connections.get();
    let direct: u32 = database.shares.iter().filter(|s| s.is_direct).map(|s| *s.connections.get()).sum();
    let lent = pool.instances.get().saturating_mul(*pool.server.get());
    let scaler = database.scaler_connections();
    let sum = lent.saturating_add(direct).saturating_add(scaler).saturating_add(asked);
    let max = *database.max_connections.get();
    let left =
        max.saturating_sub(OVERHEAD + direct + scaler).saturating_sub(asked) / (*pool.instances.get()).max(1);
    // a derived number follows by itself
    let table = service.file.databases.get(name).and_then(|entry| entry.value.pool.as_ref());
    let fits = table.is_none_or(|table| table.server.is_none()) || sum.saturating_add(OVERHEAD) <= max;
    let path = path_of(service, workload);
    Some(
        cx.find(
            &CHECK,
            format!("`{path}` reaches `{}` through a pooler in transaction mode, and {why}", noun(service, "databases", name)),
        )
        .at(at, "does not outlast a transaction there")
        .also(database.pool_mode.origin(), "each transaction may get another connection")
        .also(share.because, format!("through the pooler, up to {asked} connections"))
        .note("messages do not arrive, locks stay with strangers, settings leak to others: all without an error")
        .help(format!(
            "write `direct = true` below `[databases.{name}.roles.{}]`: its {asked} connections then count on the server",
            workload.name.get()
        ))
        .maybe_help((!fits && left > 0).then(|| {
            format!("the server takes {max}: with `server = {left}` below `[databases.{name}.pool]` they fit")
        }))
        .maybe_help((!fits && left == 0).then(|| {
            format!("the server takes {max}, which is too few: give `[databases.{name}]` more `memory` as well")
        })),
    )
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for database in &service.databases {
            let Some(pool) = database.pool.as_ref() else { continue };
            if *database.pool_mode.get() != PoolMode::Transaction {
                continue;
            }
            for share in database.shares.iter().filter(|share| !share.is_direct) {
                let Some((_, workload)) = cx.system.workload(share.from) else { continue };
                if let Some(finding) = pooled(cx, (service, database, pool), (workload, share)) {
                    found.push(finding);
                }
            }
        }
    }
}
