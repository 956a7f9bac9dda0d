//! Another number of shards than there was, without a word about the rows.

use super::context::noun;
use super::history::shards_of;
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::system::{Database, Service};

pub(super) const CHECK: Check = check!("reshard-unacknowledged", Deny, Past(run));

/// The first server of a database of the environment, with its service.
pub(super) fn first<'a>(cx: &Context<'a>, stem: &str, name: &str) -> Option<(&'a Service, &'a Database)> {
    let service = cx.system.services.iter().find(|service| service.stem == stem)?;
    Some((service, service.databases.iter().find(|database| database.name.get() == name)?))
}

/// Databases that are there now and were there then, the first server of each.
pub(super) fn both<'n, 'p>(
    now: &Context<'n>,
    past: &Context<'p>,
) -> Vec<(&'n Service, &'n Database, (&'p Service, &'p Database))> {
    let all =
        now.system.services.iter().flat_map(|service| service.databases.iter().map(move |d| (service, d)));
    let firsts = all.filter(|(_, database)| database.is_first());
    firsts
        .filter_map(|(service, database)| {
            let then = first(past, &service.stem, database.name.get())?;
            // in another namespace it is another thing, of which other checks speak
            (then.0.namespace.get() == service.namespace.get()).then_some((service, database, then))
        })
        .collect()
}

/// The word of the table that somebody knows what another number means.
pub(super) fn acknowledged(service: &Service, database: &Database) -> Option<Origin> {
    let table = &service.file.databases.get(database.name.get())?.value;
    table.resharding.as_ref().map(Traced::origin)
}

fn servers(count: u32) -> String {
    if count == 1 { "one server".to_owned() } else { format!("in {count} shards") }
}

fn run(now: &Context<'_>, past: &Context<'_>, found: &mut Found) {
    for (service, database, (_, then)) in both(now, past) {
        let count = |cx| shards_of(cx, &service.stem, database.name.get()).unwrap_or(1);
        let (new, old) = (count(now), count(past));
        if new == old && database.shard.is_some() == then.shard.is_some()
            || acknowledged(service, database).is_some()
        {
            continue;
        }
        let (path, name) = (noun(service, "databases", database.name.get()), database.name.get());
        let shards = |database: &Database| database.shard.map(|shard| shard.count.origin());
        let title = format!("`{path}` is {}, and was {}", servers(new), servers(old));
        let finding = now.find(&CHECK, title);
        let finding = match shards(database) {
            Some(count) => finding.at(count, "changed"),
            None => finding.at_key(Origin::spec(database.at), "has no `shards` now"),
        };
        let finding = match shards(then) {
            Some(count) => finding.also_value_in(past, count, "this then"),
            None => finding.also_key_in(past, Origin::spec(then.at), "had no `shards` then"),
        };
        let finding = finding.note(
            "nothing here moves rows: with another number a program looks for most of them where they are not, and the new servers begin empty",
        );
        let finding = if old > new || old == 1 {
            finding.note(
                "the clusters that are no more stay with their volumes, and nothing here looks after them",
            )
        } else {
            finding
        };
        found.push(
            finding
                .help(format!(
                    "give back what it was{}",
                    if old == 1 { String::new() } else { format!(": `shards = {old}`") }
                ))
                .help(format!("or move the rows, and write `resharding = \"acknowledged\"` below `[databases.{name}]` for this one change")),
        );
    }
}
