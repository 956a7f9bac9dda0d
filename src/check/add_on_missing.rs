//! A noun whose operator the cluster does not have.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::decode::Choice;
use crate::spec::platform::AddOn;
use crate::system::{Database, Service};

pub(super) const CHECK: Check = check!("add-on-missing", Error, One(run));

fn without_cnpg<'c>(cx: &'c Context<'c>, service: &Service, database: &Database) -> Finding<'c> {
    let path = noun(service, "databases", database.name.get());
    let platform = &cx.system.environment.platform;
    let declared = platform.add_ons.at.map_or(platform.origin, Origin::spec);
    let mut words: Vec<&str> = platform.add_ons.iter().map(|add_on| add_on.get().word()).collect();
    words.push(AddOn::Cnpg.word());
    let list: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    let title = format!("`{path}` needs CloudNativePG, which `{}` does not declare", cx.environment());
    cx.find(&CHECK, title)
        .at_key(Origin::spec(database.at), "becomes a `Cluster` of CloudNativePG")
        .also_key(declared, "`\"cnpg\"` is not among the add-ons here")
        .note("without the operator the API server does not know the kind, and the apply stops half-way")
        .help(format!(
            "if the cluster has it, write `add_ons = [{}]` below `[platform]` in `{}`",
            list.join(", "),
            cx.environment_file()
        ))
        .help(format!("else {}", cx.remove(service, &format!("databases.{}", database.name.get()))))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    if cx.system.environment.platform.has(AddOn::Cnpg) {
        return;
    }
    for service in &cx.system.services {
        for database in &service.databases {
            found.push(without_cnpg(cx, service, database));
        }
    }
}
