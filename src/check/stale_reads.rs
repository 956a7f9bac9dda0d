//! A workload that is led to standbys and did not say that it can live with old answers.

use super::context::noun;
use super::{Check, Context, Found};

pub(super) const CHECK: Check = check!("stale-reads", Warn, One(run));

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for database in service.databases.iter().filter(|database| database.replicas.is_some()) {
            let silent =
                |name: &str| database.roles.get(name).is_none_or(|role| role.value.stale_ok.is_none());
            for share in database.shares.iter().filter(|share| share.reads) {
                let Some((_, workload)) = cx.system.workload(share.from) else { continue };
                let (name, of) = (workload.name.get(), database.name.get());
                if !silent(name) {
                    continue;
                }
                let path = noun(service, "databases", of);
                found.push(
                    cx.find(&CHECK, format!("`{name}` may read old answers from the standbys of `{path}`"))
                        .at(share.because, "gets the host of the standbys")
                        .also(database.replicas_because, "reads go to standbys")
                        .note("what a request wrote is not there yet when the next one reads it")
                        .help(format!(
                            "write `stale_ok = true` below `[databases.{of}.roles.{name}]` if its reads may be a moment old"
                        ))
                        .help("or `stale_ok = false`: it then gets the primary alone"),
                );
            }
        }
    }
}
