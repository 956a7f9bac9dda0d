//! An account of a workload's own where nobody makes its password.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::spec::decode::Choice;
use crate::system::database::{Account, User};
use crate::system::{Database, Service};

pub(super) const CHECK: Check = check!("role-without-password", Error, One(run));

fn missing<'c>(
    cx: &'c Context<'c>,
    service: &Service,
    database: &Database,
    account: &Account,
) -> Option<Finding<'c>> {
    let User::Workload(name) = &account.user else { return None };
    let (of, word) = (noun(service, "databases", database.name.get()), account.grants.get().word());
    // a certificate takes no password
    account.role.as_ref().filter(|role| role.certificate.is_none())?;
    Some(
        cx.find(
            &CHECK,
            format!(
                "`{name}` has an account of its own in `{of}`, and in `{}` nobody makes its password",
                cx.environment()
            ),
        )
        .at(account.grants.origin(), format!("`{word}` is an account of its own"))
        .also_key(
            cx.system.environment.platform.origin,
            "no `secret_store`, and no add-on `external-secrets`",
        )
        .note("External Secrets makes the passwords of accounts; the operator makes the owner's alone")
        .help(format!(
            "if the cluster has it, add `\"external-secrets\"` to `add_ons` below `[platform]` in `{}`",
            cx.environment_file()
        ))
        .help(format!(
            "else write `grants = \"owner\"` below `[databases.{}.roles.{name}]` in `{}`",
            database.name.get(),
            cx.overlay_file(service)
        ))
        .help("or let it log in with a certificate, which the operator makes: `cert = true` and `direct = true`"),
    )
}

fn run(cx: &Context<'_>, found: &mut Found) {
    if *cx.system.environment.platform.makes_passwords().get() {
        return;
    }
    for service in &cx.system.services {
        for database in &service.databases {
            let findings =
                database.accounts.iter().filter_map(|account| missing(cx, service, database, account));
            findings.for_each(|finding| found.push(finding));
        }
    }
}
