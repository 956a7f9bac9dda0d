//! A database that says it was restored from what cannot be its source.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::system::{Database, Service};

pub(super) const CHECK: Check = check!("restore-source-unusable", Error, One(run));

/// The database of this system that has the source as its own cluster.
fn owner_of<'c>(cx: &'c Context<'c>, service: &Service, source: &str) -> Option<(&'c Service, &'c Database)> {
    let near = cx.system.services.iter().filter(|other| other.namespace.get() == service.namespace.get());
    near.flat_map(|other| other.databases.iter().map(move |database| (other, database)))
        .find(|(_, database)| database.object.get().as_str() == source)
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for database in &service.databases {
            let written = service.file.databases.get(database.name.get());
            let Some(restored) = written.and_then(|entry| database.restored_table(&entry.value)) else {
                continue;
            };
            let path = noun(service, "databases", database.stack.get());
            if database.backup.is_none() {
                found.push(without_backups(cx, &path, database));
            } else if let Some((theirs, other)) = owner_of(cx, service, restored.from.get().as_str()) {
                found.push(taken(cx, &path, (database, restored), (theirs, other)));
            }
        }
    }
}

fn without_backups<'c>(cx: &'c Context<'c>, path: &str, database: &Database) -> Finding<'c> {
    cx.find(&CHECK, format!("`{path}` was restored from backups, and none are made here"))
        .at_key(database.restored_because, "says where its content comes from")
        .also_key(database.backup_because, "nothing here makes backups")
        .note("a restore reads the object store, and the log of the new cluster goes there from its first moment")
        .help("declare `object_store` below `[platform]` and a table `backup`, or delete the table `restored`")
}

fn taken<'c>(
    cx: &'c Context<'c>,
    path: &str,
    (database, restored): (&Database, &crate::spec::database::Restored),
    (theirs, other): (&Service, &Database),
) -> Finding<'c> {
    let from = restored.from.get().as_str();
    let of_itself = std::ptr::eq(database, other);
    let title = if of_itself {
        format!("`{path}` is restored from `{from}`, which is its own name")
    } else {
        let of = noun(theirs, "databases", other.stack.get());
        format!("`{path}` is restored from `{from}`, which is the cluster of `{of}`")
    };
    let finding = cx.find(&CHECK, title).at(restored.from.origin(), "the source");
    if of_itself {
        return finding
            .also(restored.name.origin(), "the restored cluster")
            .note("a folder of backups belongs to one cluster, and the operator refuses to archive into one that is not empty")
            .help(format!("write `name = \"{}\"`, which is new", other.next_name()));
    }
    finding
        .also_key(crate::origin::Origin::spec(other.at), "has this cluster now")
        .note("its backups go on there, so they are not the past of another database")
        .help("name the cluster that this database had before")
}
