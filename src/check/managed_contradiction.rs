//! A database that others run, with settings of a server of ours; or the other way round.

use super::context::{listed, noun};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::spec::database::Database;
use crate::system::Service;

pub(super) const CHECK: Check = check!("managed-contradiction", Error, One(run));

/// What is written of a server of ours.
fn of_ours(table: &Database) -> Vec<(&'static str, Origin)> {
    fn at<T>(value: Option<&Traced<T>>) -> Option<Origin> {
        value.map(Traced::origin)
    }
    let pool = table.pool.as_ref().filter(|pool| {
        pool.mode.is_some() || pool.instances.is_some() || pool.server.is_some() || pool.clients.is_some()
    });
    let keys = [
        ("image", at(table.image.as_ref())),
        ("storage", at(table.storage.as_ref())),
        ("instances", at(table.instances.as_ref())),
        ("wal_storage", at(table.wal_storage.as_ref())),
        ("storage_class", at(table.storage_class.as_ref())),
        ("parameters", table.parameters.iter().next().map(|(_, entry)| entry.key.origin())),
        ("extensions", table.extensions.at.map(Origin::spec)),
        ("schemas", table.schemas.at.map(Origin::spec)),
        ("roles", table.roles.iter().next().map(|(_, entry)| entry.key.origin())),
        ("replication", table.replication.as_ref().map(|t| Origin::spec(t.at))),
        ("pool", pool.map(|t| Origin::spec(t.at))),
        ("read_replicas", at(table.read_replicas.as_ref())),
        ("read_pool", table.read_pool.as_ref().map(|t| Origin::spec(t.at))),
        ("backup", table.backup.as_ref().map(|t| Origin::spec(t.at))),
        ("recovery", table.recovery.as_ref().map(|t| Origin::spec(t.at))),
        ("standby", table.standby.as_ref().map(|t| Origin::spec(t.at))),
        ("replica_of", table.replica_of.as_ref().map(|t| Origin::spec(t.at))),
        ("cpu", at(table.cpu.as_ref())),
        ("memory", at(table.memory.as_ref())),
        ("shards", at(table.shards.as_ref())),
        ("shard_key", at(table.shard_key.as_ref())),
        ("resharding", at(table.resharding.as_ref())),
        ("restored_shards", table.restored_shards.iter().next().map(|(_, entry)| entry.key.origin())),
    ];
    keys.into_iter().filter_map(|(key, origin)| Some((key, origin?))).collect()
}

/// What is written of a server of others.
fn of_others(table: &Database) -> Vec<(&'static str, Origin)> {
    let keys = [
        ("port", table.port.as_ref().map(Traced::origin)),
        ("database", table.database.as_ref().map(Traced::origin)),
        ("max_connections", table.max_connections.as_ref().map(Traced::origin)),
        ("sslmode", table.sslmode.as_ref().map(Traced::origin)),
        ("cidrs", table.cidrs.at.map(Origin::spec)),
        ("secrets", table.secrets.at.map(Origin::spec)),
    ];
    keys.into_iter().filter_map(|(key, origin)| Some((key, origin?))).collect()
}

fn of_table(cx: &Context<'_>, service: &Service, name: &str, table: &Database, found: &mut Found) {
    let path = noun(service, "databases", name);
    let (wrong, host) = match &table.host {
        Some(host) => (of_ours(table), Some(host)),
        None => (of_others(table), None),
    };
    let Some((_, first)) = wrong.first() else { return };
    let keys: Vec<&str> = wrong.iter().map(|(key, _)| *key).collect();
    let removed: Vec<String> = keys.iter().map(|key| format!("\"databases.{name}.{key}\"")).collect();
    let remove = format!(
        "delete {}; where it stands for other environments, put `remove = [{}]` at the top of `{}`",
        listed(&keys),
        removed.join(", "),
        cx.overlay_file(service)
    );
    let finding = match host {
        Some(host) => cx
            .find(&CHECK, format!("`{path}` is run by others, and sets {} of a server of ours", listed(&keys)))
            .at_key(*first, "would have no effect")
            .also(host.origin(), "run by others: there are no objects")
            .help(remove)
            .help("or delete `host`: CloudNativePG then runs it"),
        None => cx
            .find(&CHECK, format!("`{path}` is run here, and sets {} of a server of others", listed(&keys)))
            .at_key(*first, "would have no effect")
            .note("without `host`, CloudNativePG runs the database")
            .help(format!("write `host = \"<address>\"` below `[databases.{name}]` if others run it"))
            .help(if keys.contains(&"max_connections") {
                "else delete them; connections of a server of ours follow from `memory`, or stand in `parameters`".to_owned()
            } else {
                remove
            }),
    };
    let rest = wrong.iter().skip(1);
    found.push(rest.fold(finding, |finding, (_, origin)| finding.also_key(*origin, "and so would this")));
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for (name, entry) in service.file.databases.iter() {
            of_table(cx, service, name, &entry.value, found);
        }
    }
}
