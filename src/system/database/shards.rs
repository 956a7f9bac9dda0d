//! A database in shards: one table that leads to several servers, which know nothing of each other.
//!
//! Each shard is a [`Database`] like any other, with objects, accounts, backups and drills of its own; what is made of a
//! database needs not know whether it is one. What they share is [`Sharded`]: their number, and the map that says to
//! workloads where each of them is.

use crate::origin::{Origin, SHARD, SHARD_STAGGER, Traced, Tracer, rule};
use crate::spec::database as spec;
use crate::spec::decode::Entry;
use crate::spec::service::ServiceFile;
use crate::system::{Workload, text_of};
use crate::text::Text;
use crate::value::{Cron, Name};

use super::{Database, NodeId};

/// Which shard a database is.
#[derive(Clone, Copy, Debug)]
pub struct Shard {
    /// its number, from 0
    pub index: Traced<u32>,
    /// how many there are
    pub count: Traced<u32>,
}

/// A table whose rows several databases share.
#[derive(Clone, Debug)]
pub struct Sharded {
    /// the table
    pub at: NodeId,
    /// its name
    pub name: Traced<Text>,
    /// the shards
    pub count: Traced<u32>,
    /// what decides in which of them a row is, if it says so
    pub key: Option<Traced<Text>>,
}

/// One of the databases that a table leads to.
pub(in crate::system) struct Stack {
    /// its own name
    pub(in crate::system) name: Traced<Text>,
    /// which shard it is, if it is one
    pub(in crate::system) shard: Option<Shard>,
}

impl Stack {
    /// The shards of a table in order, or the one database that it is.
    pub(in crate::system) fn all(entry: &Entry<Name, spec::Database>, tracer: &Tracer) -> Vec<Stack> {
        let name = text_of(&entry.key);
        let Some(shards) = &entry.value.shards else { return vec![Stack { name, shard: None }] };
        let count = shards.map(|count| count.get());
        let of = |index: u32| {
            let index = rule(SHARD, index);
            let name = tracer
                .derive(SHARD, (&name, &index, &count), |(name, index, _)| format!("{name}-{index}").into());
            Stack { name, shard: Some(Shard { index, count }) }
        };
        (0..*count.get()).map(of).collect()
    }

    /// Why it is there, of which the number of shards is a part.
    pub(in crate::system) fn because(&self, because: Origin, tracer: &Tracer) -> Origin {
        self.shard.map_or(because, |shard| tracer.because(SHARD, &[because, shard.count.origin()]))
    }

    /// What the table says that it was restored from.
    pub(super) fn restored<'t>(&self, table: &'t spec::Database) -> Option<&'t spec::Restored> {
        match self.shard {
            Some(_) => table.restored_shards.get(self.name.get()).map(|entry| &entry.value),
            None => table.restored.as_ref(),
        }
    }

    /// The schedule, moved within the hour, so that shards do not all begin at once.
    pub(super) fn staggered(&self, cron: &Traced<Cron>, tracer: &Tracer) -> Traced<Cron> {
        let Some(Shard { index, count }) = &self.shard else { return cron.clone() };
        tracer.derive(SHARD_STAGGER, (cron, index, count), |(cron, index, count)| {
            cron.moved_in_hour(60 * index / count.max(&1))
        })
    }
}

impl Database {
    /// What its table says that it was restored from.
    pub fn restored_table<'t>(&self, table: &'t spec::Database) -> Option<&'t spec::Restored> {
        let stack = Stack { name: self.stack.clone(), shard: self.shard };
        stack.restored(table)
    }

    /// Whether it is no shard, or the first of several.
    pub fn is_first(&self) -> bool {
        self.shard.is_none_or(|shard| *shard.index.get() == 0)
    }

    /// The name under which a workload knows it. A migration of a shard takes it for the whole, so that the same program
    /// does for all of them.
    pub fn known_to(&self, workload: &Workload) -> &Traced<Text> {
        if self.is_migrated_by(workload) { &self.name } else { &self.stack }
    }

    /// Whether the workload is its migration.
    pub fn is_migrated_by(&self, workload: &Workload) -> bool {
        workload.migrates.as_ref().is_some_and(|migration| migration.stack.get() == self.stack.get())
    }
}

/// The tables of a service that have shards.
pub(in crate::system) fn sharded(file: &ServiceFile) -> Vec<Sharded> {
    let ours = file.databases.iter().filter(|(_, entry)| entry.value.host.is_none());
    let one = |(_, entry): (&Text, &Entry<Name, spec::Database>)| {
        let table = &entry.value;
        Some(Sharded {
            at: table.at,
            name: text_of(&entry.key),
            count: table.shards.as_ref()?.map(|count| count.get()),
            key: table.shard_key.as_ref().map(text_of),
        })
    };
    ours.filter_map(one).collect()
}
