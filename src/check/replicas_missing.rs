//! Standbys that workloads shall read from and that are not there.

use super::context::noun;
use super::{Check, Context, Found};

pub(super) const CHECK: Check = check!("replicas-missing", Error, One(run));

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for database in service.databases.iter().filter(|database| database.replicas.is_some()) {
            if *database.instances.get() > 1 {
                continue;
            }
            let path = noun(service, "databases", database.name.get());
            found.push(
                cx.find(
                    &CHECK,
                    format!("workloads shall read from the standbys of `{path}`, which has none"),
                )
                .at(database.replicas_because, "reads go to standbys")
                .also(database.instances.origin(), "the primary alone")
                .note("the host of the standbys would have no address, and every read would fail")
                .help("write `instances = 3`: with 2, nobody answers while one of them is replaced")
                .help(format!(
                    "or `read_replicas = false` below `[databases.{}]` in `{}`",
                    database.name.get(),
                    cx.overlay_file(service)
                )),
            );
        }
    }
}
