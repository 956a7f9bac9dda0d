//! A migration that waits for a lock longer than requests may take.

use super::context::{noun, path_of};
use super::{Check, Context, Found};
use crate::value::Value;

pub(super) const CHECK: Check = check!("migration-blocks-requests", Warn, One(run));

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for migration in service.workloads.iter().filter_map(|workload| workload.migrates.as_ref()) {
            let database = service.databases.iter().find(|d| d.name.get() == migration.database.get());
            let serving = database.into_iter().flat_map(|database| &database.callers).filter_map(|caller| {
                cx.system.workload(caller.from).filter(|(_, workload)| workload.is_serving())
            });
            let Some((theirs, workload)) = serving.min_by_key(|(_, workload)| *workload.timeout.get()) else {
                continue;
            };
            let (wait, request) = (migration.lock_timeout, workload.timeout);
            // one that never comes into force is the finding of another check
            if wait.get() < request.get() || wait.get() >= migration.statement_timeout.get() {
                continue;
            }
            let title = format!(
                "a migration of `{}` may wait {} for a lock, and requests of `{}` may take {}",
                noun(service, "databases", migration.database.get()),
                wait.get().text(),
                path_of(theirs, workload),
                request.get().text()
            );
            found.push(
                cx.find(&CHECK, title)
                    .at(wait.origin(), "queries of the same table wait as long")
                    .also(request.origin(), "the longest request")
                    .at(request.origin(), "the longest request")
                    .note("who asks for a lock behind one that waits, waits too: such requests run out of time, all at once")
                    .help("make `lock_timeout` a fraction of it, and let a failed migration run again at a quiet time"),
            );
        }
    }
}
