//! A database whose loss nobody could undo.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::environment::Tier;
use crate::spec::platform::AddOn;
use crate::system::{Database, Service};

pub(super) const CHECK: Check = check!("backup-missing", Deny, One(run));

fn missing<'c>(cx: &'c Context<'c>, service: &Service, database: &Database) -> Finding<'c> {
    let path = noun(service, "databases", database.name.get());
    let table = service.file.databases.get(database.name.get());
    let asked = table.and_then(|table| table.value.backup.as_ref()).map(|backup| Origin::spec(backup.at));
    let title = match asked {
        Some(_) => format!("`{path}` asks for backups, and `{}` has no object store", cx.environment()),
        None => format!("`{path}` is not backed up in `{}`, an environment of tier prod", cx.environment()),
    };
    cx.find(&CHECK, title)
        .at_key(asked.unwrap_or(Origin::spec(database.at)), "would be kept nowhere")
        .also_key(cx.system.environment.platform.origin, "no `object_store`")
        .note("replicas repeat a mistaken `DELETE` at once: only a backup goes back in time")
        .help(format!(
            "write `object_store = {{ url = \"s3://<bucket>\" }}` below `[platform]` in `{}`",
            cx.environment_file()
        ))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for database in service.databases.iter().filter(|database| database.backup.is_none()) {
            let table = service.file.databases.get(database.name.get());
            let is_asked = table.is_some_and(|table| table.value.backup.is_some());
            // without the operator nothing runs that could be backed up, which another check says
            let runs = cx.system.environment.platform.has(AddOn::Cnpg);
            if runs && (is_asked || cx.is_tier(Tier::Prod)) {
                found.push(missing(cx, service, database));
            }
        }
    }
}
