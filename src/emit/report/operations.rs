//! What is done to a database beside its work: changes of its schema, and drills of its backups.

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
        let database = service.databases.iter().find(|d| d.stack.get() == migration.stack.get())?;
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

/// A drill.
#[derive(Serialize)]
pub(super) struct Drills {
    database: String,
    schedule: String,
    namespace: String,
    timeout: String,
    limit: String,
    question: String,
    age: String,
    duration: String,
}

pub(super) fn drills(environment: &Environment) -> Vec<Drills> {
    let of = |database: &crate::system::Database| {
        let drill = database.drill.as_ref()?;
        let limit = drill.limit.as_ref().map(|limit| limit.get().text().into_owned());
        Some(Drills {
            database: database.object.get().to_string(),
            schedule: drill.schedule_text().get().to_string(),
            namespace: drill.namespace.get().to_string(),
            timeout: drill.timeout.get().text().into_owned(),
            limit: limit.unwrap_or_else(|| "none".to_owned()),
            question: drill.question.as_ref().map_or_else(String::new, |q| q.get().to_string()),
            age: drill.age(),
            duration: drill.duration(),
        })
    };
    environment.system.services.iter().flat_map(|service| &service.databases).filter_map(of).collect()
}
