//! Workloads that log in to a database with one account, which nobody said.

use std::collections::BTreeSet;

use super::context::{Finding, listed, noun, path_of};
use super::{Check, Context, Found};
use crate::spec::environment::Tier;
use crate::system::database::User;
use crate::system::{Database, Service};

pub(super) const CHECK: Check = check!("account-shared", Deny, One(run));

fn shared<'c>(cx: &'c Context<'c>, service: &Service, database: &Database) -> Option<Finding<'c>> {
    let owners = || database.accounts.iter().filter(|account| account.role.is_none());
    let names: Vec<&str> = owners()
        .filter_map(|account| match &account.user {
            User::Workload(name) => Some(name.as_str()),
            User::Scaler => None,
        })
        .collect();
    let unsaid = owners().filter(|account| !account.is_written && account.user != User::Scaler).count();
    let has_passwords = *cx.system.environment.platform.makes_passwords().get();
    // in dev, where nobody makes passwords, one account for all is what there is
    if names.len() < 2 || unsaid == 0 || (cx.is_tier(Tier::Dev) && !has_passwords) {
        return None;
    }
    let name = database.name.get();
    let title = format!(
        "{} log in to `{}` with one account, the owner's",
        listed(&names),
        noun(service, "databases", name)
    );
    let mut finding = cx.find(&CHECK, title);
    for share in &database.shares {
        let Some((owner, workload)) = cx.system.workload(share.from) else { continue };
        if names.contains(&workload.name.get().as_str()) {
            let text = format!("`{}` as the owner", path_of(owner, workload));
            finding = finding.at(share.because, text.clone()).also(share.because, text);
        }
    }
    let last = names.last().copied().unwrap_or_default();
    let finding = finding
        .note("who reads the password of one has that of all, each may drop any table, and a limit counts for all together");
    let finding = if has_passwords {
        finding.help(format!("write `grants = \"write\"` below `[databases.{name}.roles.{last}]`"))
    } else {
        finding.help(format!(
            "if the cluster has External Secrets, add `\"external-secrets\"` to `add_ons` in `{}`: each then has an account of its own",
            cx.environment_file()
        ))
    };
    Some(finding.help("or say that it is meant: `grants = \"owner\"` for each of them"))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        // shards are mostly shared by the same workloads, so that one of them says it for all
        let mut told = BTreeSet::new();
        for database in &service.databases {
            if let Some(finding) = shared(cx, service, database).filter(|_| told.insert(database.name.get()))
            {
                found.push(finding);
            }
        }
    }
}
