//! A role for a workload that does not use the database.

use super::context::{Finding, listed, noun};
use super::{Check, Context, Found};
use crate::diagnostic::suggest::nearest;
use crate::origin::Origin;
use crate::system::{Database, Service};
use crate::text::Text;

pub(super) const CHECK: Check = check!("role-without-user", Error, One(run));

fn unused<'c>(
    cx: &'c Context<'c>,
    service: &Service,
    database: &Database,
    (name, at): (&Text, Origin),
) -> Finding<'c> {
    let of = noun(service, "databases", database.name.get());
    let users: Vec<&str> = service
        .workloads
        .iter()
        .filter(|workload| database.account_of(workload).is_some())
        .map(|workload| workload.name.get().as_str())
        .collect();
    let is_there = service.workloads.iter().any(|workload| workload.name.get() == name);
    let what = if is_there { "which does not use it" } else { "a workload that there is not" };
    let finding = cx
        .find(&CHECK, format!("`{of}` has a role for `{name}`, {what}"))
        .at_key(at, "nobody would log in with it")
        .note("a role belongs to the workload of the same name, whose `uses` lists the database");
    // of a workload that another environment has
    let elsewhere = cx.remove(service, &format!("databases.{}.roles.{name}", database.name.get()));
    let finding = finding.maybe_help(
        (!is_there).then(|| format!("if the workload does not run in `{}`, {elsewhere}", cx.environment())),
    );
    match nearest(name, users.iter().copied()).filter(|_| !is_there) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None if is_there => finding.help(format!(
            "add `\"databases.{}\"` to `uses` of `[workloads.{name}]`, or delete the role",
            database.name.get()
        )),
        None if users.is_empty() => finding.help("no workload uses the database: delete the role"),
        None => finding.note(format!("it is used by {}", listed(&users))),
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for database in service.databases.iter().filter(|database| database.is_first()) {
            let shards = || service.databases.iter().filter(|shard| shard.name.get() == database.name.get());
            let is_used = |name: &Text| {
                let user = service.workloads.iter().find(|workload| workload.name.get() == name);
                user.is_some_and(|user| shards().any(|shard| shard.account_of(user).is_some()))
            };
            for (name, entry) in database.roles.iter().filter(|(name, _)| !is_used(name)) {
                let at = (name, Origin::spec(entry.value.at));
                found.push(unused(cx, service, database, at));
            }
        }
    }
}
