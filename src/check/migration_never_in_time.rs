//! Limits of a migration that cannot come into force.

use super::context::path_of;
use super::{Check, Context, Found};
use crate::value::Value;

pub(super) const CHECK: Check = check!("migration-never-in-time", Error, One(run));

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let Some(migration) = &workload.migrates else { continue };
        let (path, whole) = (path_of(service, workload), workload.deadline);
        let (lock, statement) = (migration.lock_timeout, migration.statement_timeout);
        for (key, limit, is_over) in [
            ("lock_timeout", lock, lock.get() >= statement.get() || lock.get() >= whole.get()),
            ("statement_timeout", statement, statement.get() > whole.get()),
        ] {
            if !is_over {
                continue;
            }
            let (than, longer) = if key == "lock_timeout" && statement.get() < whole.get() {
                ("statement_timeout", statement)
            } else {
                ("timeout", whole)
            };
            let title = format!(
                "`{path}` never comes to its `{key}` of {}: `{than}` ends it after {}",
                limit.get().text(),
                longer.get().text()
            );
            found.push(
                cx.find(&CHECK, title)
                    .at(limit.origin(), "longer than it may run")
                    .also(longer.origin(), "ends it first")
                    .at(longer.origin(), "ends it first")
                    .note("killed from outside, its program says nothing, and the server goes on with the statement")
                    .help(format!("make `{key}` shorter than `{than}`, or `{than}` longer")),
            );
        }
    }
}
