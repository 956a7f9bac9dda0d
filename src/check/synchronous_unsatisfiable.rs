//! Commits that wait for more standbys than there are.

use super::context::noun;
use super::{Check, Context, Found};
use crate::spec::database::Durability;

pub(super) const CHECK: Check = check!("synchronous-unsatisfiable", Error, One(run));

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for database in &service.databases {
            let Some(synchronous) = &database.synchronous else { continue };
            let (sync, instances) = (*synchronous.number.get(), *database.instances.get());
            let path = noun(service, "databases", database.name.get());
            let standbys = instances.saturating_sub(1);
            if sync >= instances {
                found.push(
                    cx.find(
                        &CHECK,
                        format!("`{path}` waits for standbys at each commit that it does not have: {sync}, of {standbys}"),
                    )
                    .at(synchronous.number.origin(), format!("so many must have it: {sync}"))
                    .also(
                        database.instances.origin(),
                        format!("the primary, and standbys: {standbys}"),
                    )
                    .note("no commit would ever end")
                    .help(format!("write `instances = {}`, so that one standby may be lost", sync + 2)),
                );
            } else if sync == standbys && *synchronous.durability.get() == Durability::Required {
                found.push(
                    cx.find(
                        &CHECK,
                        format!(
                            "`{path}` waits for every standby at each commit, of which it has {standbys}"
                        ),
                    )
                    .at(synchronous.number.origin(), format!("so many must have it: {sync}"))
                    .also(database.instances.origin(), format!("the primary, and standbys: {standbys}"))
                    .note("while one standby is updated or lost, no commit ends")
                    .help(format!("write `instances = {}`", sync + 2))
                    .help("or `durability = \"preferred\"`: commits then go on without it, and may be lost"),
                );
            }
        }
    }
}
