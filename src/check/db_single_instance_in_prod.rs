//! A production database without a replica.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::environment::Tier;
use crate::system::{Database, Service};

pub(super) const CHECK: Check = check!("db-single-instance-in-prod", Deny, One(run));

fn single<'c>(cx: &'c Context<'c>, service: &Service, database: &Database) -> Finding<'c> {
    let path = noun(service, "databases", database.name.get());
    let title =
        format!("`{path}` has a single instance in `{}`, an environment of tier prod", cx.environment());
    cx.find(&CHECK, title)
        .at(database.instances.origin(), "one instance")
        .at_key(Origin::spec(database.at), "one instance")
        .also(cx.system.environment.tier.origin(), "serves users")
        .note("while the node of the only instance is drained, updated or lost, the database is down")
        .help(format!("write `instances = 3` below `[databases.{}]`: prod's default", database.name.get()))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    if !cx.is_tier(Tier::Prod) {
        return;
    }
    for service in &cx.system.services {
        for database in service.databases.iter().filter(|database| *database.instances.get() == 1) {
            found.push(single(cx, service, database));
        }
    }
}
