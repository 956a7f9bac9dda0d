//! A limit of connections for a workload that logs in as the owner.

use super::context::noun;
use super::{Check, Context, Found};

pub(super) const CHECK: Check = check!("limit-of-owner", Warn, One(run));

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for database in &service.databases {
            for workload in &service.workloads {
                let written = database.roles.get(workload.name.get()).and_then(|role| role.value.limit);
                let account = database.account_of(workload);
                let (Some(limit), Some(account)) = (written, account.filter(|a| a.role.is_none())) else {
                    continue;
                };
                let (of, name) = (noun(service, "databases", database.name.get()), workload.name.get());
                found.push(
                    cx.find(&CHECK, format!("the limit of `{name}` in `{of}` is kept by nobody: it logs in as the owner"))
                        .at(limit.origin(), "not kept")
                        .also(account.grants.origin(), "the owner's account, which the operator makes without a limit")
                        .help(format!(
                            "write `grants = \"write\"` below `[databases.{}.roles.{name}]` where it may not change the schema, or delete the limit",
                            database.name.get()
                        )),
                );
            }
        }
    }
}
