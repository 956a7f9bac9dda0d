//! Migrations: each `[databases.<name>.migrate]` is a workload of kind `job`, so that names, policies, accounts, variables and
//! the budget of connections are those of every other job.
//!
//! What makes it a migration: it runs before the new version, once, and its sessions wait for locks only so long.

use crate::origin::{
    MIGRATION, MIGRATION_NAME, MIGRATION_ONCE, MIGRATION_SESSION, MIGRATION_STYLE, MIGRATION_TIMEOUT, NodeId,
    Origin, Traced, Tracer, rule,
};
use crate::spec::database::{Migrate, MigrationStyle};
use crate::spec::decode::{Count, List};
use crate::spec::edge::EdgeRef;
use crate::spec::service::ServiceFile;
use crate::spec::workload::{self as spec, When, WorkloadKind};
use crate::system::database::Stack;
use crate::system::variables::{Level, Variable, VariableValue};
use crate::system::{Context, Place, text_of};
use crate::text::Text;
use crate::value::Duration;

use super::{Unset, Workload};

/// The variable that every client on libpq reads (`PostgreSQL` docs, "Environment Variables").
pub(super) const SESSION: &str = "PGOPTIONS";

/// What makes a workload a migration.
#[derive(Clone, Debug)]
pub struct Migration {
    /// its table
    pub at: NodeId,
    /// the database's name
    pub database: Traced<Text>,
    /// the same, or that of the shard that it migrates
    pub stack: Traced<Text>,
    /// which versions a change leaves working
    pub style: Traced<MigrationStyle>,
    /// longest time that a statement waits for a lock
    pub lock_timeout: Traced<Duration>,
    /// longest time of one statement
    pub statement_timeout: Traced<Duration>,
}

impl Migration {
    /// The variable that sets the limits of its sessions.
    pub(in crate::system) fn session(&self, tracer: &Tracer) -> Variable {
        let because = tracer.because(MIGRATION_SESSION, &[Origin::spec(self.at)]);
        let limits = (&self.lock_timeout, &self.statement_timeout);
        let value = tracer.derive(MIGRATION_SESSION, limits, |(lock, statement)| {
            Text::from(format!(
                "-c lock_timeout={} -c statement_timeout={}",
                setting(*lock),
                setting(*statement)
            ))
        });
        Variable {
            name: rule(MIGRATION_SESSION, SESSION),
            because,
            level: Level::Derived,
            value: VariableValue::Plain(value),
        }
    }
}

/// A time as `PostgreSQL` takes it, whose `m` is no minute.
fn setting(time: Duration) -> String {
    if time.millis().is_multiple_of(1000) {
        format!("{}s", time.seconds_ceil())
    } else {
        format!("{}ms", time.millis())
    }
}

/// The migrations of a service.
pub(super) fn all(file: &ServiceFile, place: &Place<'_>, context: &Context<'_>) -> Vec<Workload> {
    let mut all = Vec::new();
    for (_, entry) in file.databases.iter() {
        let Some(written) = &entry.value.migrate else { continue };
        let database = text_of(&entry.key);
        // of a database of others it is one whatever the table says, which a check refuses
        let stacks = match &entry.value.host {
            None => Stack::all(entry, context.tracer),
            Some(_) => vec![Stack { name: database.clone(), shard: None }],
        };
        all.extend(stacks.iter().filter_map(|stack| one((&database, stack), written, file, place, context)));
    }
    all
}

fn one(
    (database, stack): (&Traced<Text>, &Stack),
    written: &Migrate,
    file: &ServiceFile,
    place: &Place<'_>,
    context: &Context<'_>,
) -> Option<Workload> {
    let (at, tracer) = (written.at, context.tracer);
    let there = stack.because(place.because(at, tracer), tracer);
    let because = tracer.because(MIGRATION, &[there, database.origin()]);
    let timeout = written.timeout.unwrap_or_else(|| rule(MIGRATION_TIMEOUT, Duration::from_seconds(900)));
    let name = tracer.derive(MIGRATION_NAME, (&stack.name, &Traced::because((), because)), |(stack, ())| {
        Text::from(format!("migrate-{stack}"))
    });
    let mut workload =
        Unset { at, because, name, place, file, context }.resolve(&table(written, timeout, &stack.name)?);
    workload.migrates = Some(Migration {
        at,
        database: database.clone(),
        stack: stack.name.clone(),
        style: written.style.unwrap_or_else(|| rule(MIGRATION_STYLE, MigrationStyle::ExpandContract)),
        lock_timeout: written
            .lock_timeout
            .unwrap_or_else(|| rule(MIGRATION_SESSION, Duration::from_seconds(5))),
        statement_timeout: written
            .statement_timeout
            .unwrap_or_else(|| tracer.derive(MIGRATION_SESSION, (&timeout,), |(timeout,)| *timeout)),
    });
    Some(workload)
}

/// The table of the job that the migration is.
fn table(written: &Migrate, timeout: Traced<Duration>, database: &Traced<Text>) -> Option<spec::Workload> {
    let asked = Origin::spec(written.at);
    let mut table = spec::Workload::unset(written.at)?;
    table.kind = Some(Traced::because(WorkloadKind::Job, asked));
    table.image.clone_from(&written.image);
    table.command = List { at: written.command.at, items: written.command.items.clone() };
    table.deadline = Some(timeout);
    (table.cpu, table.memory, table.secrets) = (written.cpu, written.memory, written.secrets);
    table.env = written.env.clone();
    table.uses = written.uses.clone();
    table.uses.items.insert(0, Traced::because(EdgeRef::Database(database.get().clone()), asked));
    let mut run = spec::Run::unset(written.at)?;
    run.retries = Count::new(0).map(|none| rule(MIGRATION_ONCE, none));
    run.when = Some(rule(MIGRATION_ONCE, When::Before));
    table.run = Some(run);
    Some(table)
}
