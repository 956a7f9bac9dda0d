//! A question of a drill that needs more than the one shard that is restored.

use super::context::noun;
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::system::{Database, Service};

pub(super) const CHECK: Check = check!("drill-across-shards", Error, One(run));

/// What leads from one server to another in SQL (PostgreSQL docs, F.11 "dblink"; F.36 "`postgres_fdw`").
const WAYS: &[&str] = &["dblink", "postgres_fdw_"];

/// The word of the question that leads to another shard.
fn other(service: &Service, database: &Database, question: &str) -> Option<String> {
    let question = question.to_lowercase();
    let ways = WAYS.iter().map(|word| (*word).to_owned());
    let shards = service.databases.iter().filter(|shard| shard.name.get() == database.name.get());
    ways.chain(shards.map(|shard| shard.object.get().to_string()))
        .find(|word| question.contains(word.as_str()))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for database in service.databases.iter().filter(|database| database.is_first()) {
            let (Some(shard), Some(drill)) = (&database.shard, &database.drill) else { continue };
            let Some(question) = &drill.question else { continue };
            let Some(word) = other(service, database, question.get()) else { continue };
            let (path, name) = (noun(service, "databases", database.name.get()), database.name.get());
            found.push(
                cx.find(&CHECK, format!("the question of the drills of `{path}` asks across shards"))
                    .at(question.origin(), format!("`{word}` leads to another server"))
                    .at_key(Origin::spec(database.at), format!("`{word}` leads to another server"))
                    .also(shard.count.origin(), "each is restored by a drill of its own")
                    .note("a drill restores one shard into a namespace where it reaches nothing else, so every drill would fail")
                    .help(format!("ask what must hold in every shard alone: the same question goes to `{name}-0`, `{name}-1` and so on")),
            );
        }
    }
}
