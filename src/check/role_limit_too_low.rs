//! An account that its workload asks for more connections than it may have.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::system::database::{Account, User};
use crate::system::{Database, Service};

pub(super) const CHECK: Check = check!("role-limit-too-low", Error, One(run));

fn low<'c>(
    cx: &'c Context<'c>,
    service: &Service,
    database: &Database,
    account: &Account,
) -> Option<Finding<'c>> {
    let (User::Workload(name), Some(role)) = (&account.user, &account.role) else { return None };
    let (limit, asked) = (*role.limit.get(), account.asked);
    if limit >= asked {
        return None;
    }
    let workload = service.workloads.iter().find(|workload| workload.name.get() == name)?;
    let share = database.shares.iter().find(|share| {
        cx.system.workload(share.from).is_some_and(|(_, user)| user.object.get() == workload.object.get())
    })?;
    let of = noun(service, "databases", database.name.get());
    let each = *database.per_process.get();
    let terms = format!(
        "pods x processes x connections: {} x {} x {each} = {}",
        share.pods,
        share.workers,
        share.connections.get()
    );
    let pooled = database.pool.as_ref().filter(|_| !share.is_direct);
    let lent = pooled.map(|pool| {
        let (pods, each) = (*pool.instances.get(), *pool.server.get());
        format!(
            "the pooler asks for it with {pods} pods x {each} = {} connections at most",
            pods.saturating_mul(each)
        )
    });
    let mut finding = cx
        .find(
            &CHECK,
            format!("`{name}` may ask `{of}` for {asked} connections, and its account may have {limit}"),
        )
        .at(role.limit.origin(), format!("{limit} connections"))
        .also(share.because, terms)
        .note("PostgreSQL refuses what is above the limit of a role, however many connections are free");
    if let Some(lent) = lent {
        finding = finding.note(lent);
    }
    let fits = limit / (*share.connections.get() / each.max(1)).max(1);
    Some(
        finding
            .help(format!(
                "write `limit = {asked}`, or leave it out: it follows from what the workload may ask for"
            ))
            .maybe_help((fits > 0 && share.is_direct).then(|| {
                format!("or `per_process = {fits}` below `[databases.{}.pool]`", database.name.get())
            })),
    )
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for database in &service.databases {
            let findings = database.accounts.iter().filter_map(|account| low(cx, service, database, account));
            findings.for_each(|finding| found.push(finding));
        }
    }
}
