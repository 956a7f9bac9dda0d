//! What a commit waits for before it is acknowledged.

use crate::origin::{DATABASE_SYNC, Origin, Traced, rule};
use crate::spec::database::{self as spec, Durability};
use crate::system::Context;

/// What a commit waits for.
#[derive(Clone, Debug)]
pub struct Synchronous {
    /// so many standbys must have it
    pub number: Traced<u32>,
    /// what holds when they do not answer
    pub durability: Traced<Durability>,
}

/// What it waits for, and why it waits or not.
pub(super) fn resolve(
    table: &spec::Database,
    instances: &Traced<u32>,
    context: &Context<'_>,
) -> (Option<Synchronous>, Origin) {
    let written = table.replication.as_ref();
    let number = written.and_then(|r| r.sync).map_or_else(
        || context.tracer.derive(DATABASE_SYNC, (instances,), |(n,)| u32::from(*n >= 3)),
        |sync| sync.map(|n| n.get()),
    );
    let because = number.origin();
    let durability =
        written.and_then(|r| r.durability).unwrap_or_else(|| rule(DATABASE_SYNC, Durability::Required));
    ((*number.get() > 0).then_some(Synchronous { number, durability }), because)
}
