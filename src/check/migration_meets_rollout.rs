//! A change of the schema that the old version does not survive, and a rollout in which both versions run.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::database::MigrationStyle;
use crate::spec::workload::{Rollout, WorkloadKind};
use crate::system::{Database, Migration, Service, Workload};

pub(super) const CHECK: Check = check!("migration-meets-rollout", Deny, One(run));

/// Whether an old and a new pod of the workload run side by side when its version changes.
fn is_mixed(workload: &Workload) -> bool {
    match workload.kind.get() {
        WorkloadKind::Http | WorkloadKind::Grpc | WorkloadKind::Worker => {
            *workload.rollout.get() == Rollout::Rolling
        }
        WorkloadKind::Stateful | WorkloadKind::Daemon => true,
        WorkloadKind::Cron | WorkloadKind::Job => false,
    }
}

fn meets<'c>(
    cx: &'c Context<'c>,
    (service, database): (&Service, &Database),
    migration: &Migration,
    mixed: &[(&Service, &Workload, Origin)],
) -> Finding<'c> {
    let name = database.name.get();
    let title = format!(
        "a migration of `{}.databases.{name}` stops the old version, which a rollout keeps running",
        service.stem
    );
    let mut finding = cx
        .find(&CHECK, title)
        .at(migration.style.origin(), "the old version does not work with the new schema");
    for (theirs, workload, edge) in mixed {
        finding = finding.also(*edge, format!("`{}` is replaced pod by pod", path_of(theirs, workload)));
    }
    let can_stop = mixed.iter().all(|(_, workload, _)| {
        !matches!(workload.kind.get(), WorkloadKind::Stateful | WorkloadKind::Daemon)
    });
    finding
        .note("for as long as old pods run, their requests fail, or write what the new version cannot read")
        .help("change the schema in two steps, add first and take away in a later version: `style = \"expand-contract\"`")
        .maybe_help(can_stop.then(|| {
            "or write `rollout = \"recreate\"` in each of these workloads, and scale them to zero before you apply".to_owned()
        }))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        let migrations = service.workloads.iter().filter_map(|workload| workload.migrates.as_ref());
        for migration in migrations.filter(|m| *m.style.get() == MigrationStyle::Stop) {
            let Some(database) = service.databases.iter().find(|d| d.name.get() == migration.database.get())
            else {
                continue;
            };
            let mixed: Vec<_> = database
                .callers
                .iter()
                .filter_map(|caller| {
                    let (service, workload) = cx.system.workload(caller.from)?;
                    is_mixed(workload).then_some((service, workload, caller.because))
                })
                .collect();
            if !mixed.is_empty() {
                found.push(meets(cx, (service, database), migration, &mixed));
            }
        }
    }
}
