//! A certificate that its workload cannot log in with.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::origin::Traced;
use crate::system::{Database, Service, Workload};

pub(super) const CHECK: Check = check!("certificate-unusable", Error, One(run));

fn unusable<'c>(
    cx: &'c Context<'c>,
    service: &Service,
    database: &Database,
    workload: &Workload,
) -> Option<Finding<'c>> {
    let written = &database.roles.get(workload.name.get())?.value;
    let cert: &Traced<bool> = written.cert.as_ref().filter(|cert| *cert.get())?;
    let account = database.account_of(workload)?;
    let (of, name) = (noun(service, "databases", database.name.get()), workload.name.get());
    let table = format!("`[databases.{}.roles.{name}]`", database.name.get());
    let title = |why: &str| format!("`{name}` cannot log in to `{of}` with a certificate{why}");
    if account.role.is_none() {
        return Some(
            cx.find(&CHECK, title(": it is the owner"))
                .at(cert.origin(), "asked for here")
                .also(
                    account.grants.origin(),
                    "the owner's account, which the operator makes with a password",
                )
                .note("the operator makes certificates for accounts of their own alone")
                .help(format!("write `grants = \"write\"` or `\"read\"` below {table}, or delete `cert`")),
        );
    }
    if database.is_direct(workload) {
        return None;
    }
    let finding = cx
        .find(&CHECK, title(" through the pooler"))
        .at(cert.origin(), "asked for here")
        .also(database.pool_mode.origin(), "a pooler stands before the server")
        .note("PgBouncer logs in to the server by itself, and passes no client's certificate on; a server that wants one refuses it");
    let finding = match written.direct {
        Some(direct) => finding
            .also(direct.origin(), "through the pooler")
            .help(format!("write `direct = true` below {table}")),
        None => finding.help(format!(
            "add `direct = true` below {table}; its connections then count at the server itself"
        )),
    };
    Some(finding.help("or delete `cert`: it then has a password, and TLS up to the pooler and behind it"))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for database in &service.databases {
            let findings =
                service.workloads.iter().filter_map(|workload| unusable(cx, service, database, workload));
            findings.for_each(|finding| found.push(finding));
        }
    }
}
