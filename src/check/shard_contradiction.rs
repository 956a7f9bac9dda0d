//! Keys of a database that say different things about its shards.

use super::context::noun;
use super::{Check, Context, Found};
use crate::diagnostic::suggest::nearest;
use crate::origin::{Origin, Traced};
use crate::spec::database::Database as Table;
use crate::system::Service;

pub(super) const CHECK: Check = check!("shard-contradiction", Error, One(run));

/// What only a database in shards has.
fn without_shards(cx: &Context<'_>, service: &Service, name: &str, table: &Table, found: &mut Found) {
    let path = noun(service, "databases", name);
    if let Some(key) = &table.shard_key {
        found.push(
            cx.find(&CHECK, format!("`{path}` has a `shard_key`, and no shards"))
                .at_key(key.origin(), "decides nothing")
                .help(format!(
                    "write `shards = 2` or more below `[databases.{name}]`, or delete `shard_key`"
                )),
        );
    }
    if let Some((shard, entry)) = table.restored_shards.iter().next() {
        found.push(
            cx.find(
                &CHECK,
                format!("`{path}` says what its shard `{shard}` was restored from, and has no shards"),
            )
            .at_key(entry.key.origin(), "there is no such shard")
            .help(format!("write it as `[databases.{name}.restored]`, or say how many `shards` there are")),
        );
    }
}

/// What a database in shards says of each of them.
fn with_shards(
    cx: &Context<'_>,
    service: &Service,
    (name, table): (&str, &Table),
    count: Origin,
    found: &mut Found,
) {
    let path = noun(service, "databases", name);
    if let Some(restored) = &table.restored {
        found.push(
            cx.find(
                &CHECK,
                format!("`{path}` has shards, and says what it was restored from as if it were one"),
            )
            .at_key(Origin::spec(restored.at), "of which shard?")
            .also(count, "so many clusters, each with backups of its own")
            .help(format!(
                "write `[databases.{name}.restored_shards.{name}-0]`, and so on for each that was restored"
            )),
        );
    }
    let shards = || service.databases.iter().filter(|database| database.name.get() == name);
    let known = || shards().map(|shard| shard.stack.get().as_str());
    for (shard, entry) in table.restored_shards.iter() {
        if known().any(|known| known == shard.as_str()) {
            continue;
        }
        let near = nearest(shard, known()).map(|near| format!("did you mean `{near}`?"));
        let last = known().next_back().unwrap_or_default();
        found.push(
            cx.find(&CHECK, format!("`{path}` has no shard `{shard}`"))
                .at_key(entry.key.origin(), "no shard of this name")
                .also(count, format!("they are `{name}-0` to `{last}`"))
                .maybe_help(near.or_else(|| Some("write the name of a shard".to_owned()))),
        );
    }
    for (other, entry) in service.file.databases.iter() {
        let Some(shard) = shards().find(|shard| shard.stack.get() == other) else { continue };
        // two clusters of one name are the finding of another check
        let ours = service.databases.iter().find(|database| database.name.get() == other);
        if ours.is_some_and(|ours| ours.object.get() != shard.object.get()) {
            found.push(
                cx.find(
                    &CHECK,
                    format!(
                        "`{}` is also the name of a shard of `{path}`",
                        noun(service, "databases", other)
                    ),
                )
                .at_key(entry.key.origin(), "a database of its own")
                .also(count, format!("makes a shard `{other}`"))
                .note("its folder, its variables and what `uses` says of it would be those of both")
                .help("rename the database"),
            );
        }
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for (name, entry) in service.file.databases.iter() {
            let table = &entry.value;
            if table.host.is_some() {
                continue;
            }
            match table.shards.as_ref().map(Traced::origin) {
                Some(count) => with_shards(cx, service, (name, table), count, found),
                None => without_shards(cx, service, name, table, found),
            }
        }
    }
}
