//! What is done to a database beside its work: changes of its schema.

use serde::Serialize;

use crate::Environment;
use crate::origin::Why;
use crate::spec::decode::Choice;
use crate::value::Value as _;

/// A migration.
#[derive(Serialize)]
pub(super) struct Migrates {
    database: String,
    job: String,
    style: &'static str,
    declared: &'static str,
    lock: String,
    statement: String,
    whole: String,
}

pub(super) fn migrations(environment: &Environment) -> Vec<Migrates> {
    let of = |(service, workload): (&crate::system::Service, &crate::system::Workload)| {
        let migration = workload.migrates.as_ref()?;
        let database = service.databases.iter().find(|d| d.name.get() == migration.database.get())?;
        let is_written =
            environment.tracer.with(|trace| matches!(migration.style.origin().why(trace), Why::Spec(_)));
        Some(Migrates {
            database: database.object.get().to_string(),
            job: workload.object.get().to_string(),
            style: migration.style.get().word(),
            declared: if is_written { "declared" } else { "assumed" },
            lock: migration.lock_timeout.get().text().into_owned(),
            statement: migration.statement_timeout.get().text().into_owned(),
            whole: workload.deadline.get().text().into_owned(),
        })
    };
    environment.system.workloads().filter_map(of).collect()
}
