//! A database whose sites follow each other.

use super::context::noun;
use super::{Check, Context, Found};

pub(super) const CHECK: Check = check!("no-site-takes-writes", Warn, All(run));

fn run(contexts: &[Context<'_>], found: &mut Found) {
    for (index, cx) in contexts.iter().enumerate() {
        for service in &cx.system.services {
            for database in &service.databases {
                let Some(site) = database.site.as_ref().filter(|site| site.follows) else { continue };
                let later = contexts.iter().skip(index + 1);
                let Some(other) = later.into_iter().find(|o| o.environment() == site.env.get().as_str())
                else {
                    continue;
                };
                let there = other.system.services.iter().find(|other| other.stem == service.stem);
                let there =
                    there.and_then(|s| s.databases.iter().find(|d| d.name.get() == database.name.get()));
                let Some(theirs) = there.and_then(|database| database.site.as_ref()) else { continue };
                if !theirs.follows || theirs.env.get().as_str() != cx.environment() {
                    continue;
                }
                let path = noun(service, "databases", database.name.get());
                let name = database.name.get();
                found.push(
                    cx.find(&CHECK, format!("`{path}` takes writes neither in `{}` nor in `{}`", cx.environment(), other.environment()))
                        .at_key(site.because, "follows the other")
                        .also_key_in(other, theirs.because, "follows the other")
                        .note("so it is between the two steps of a switch-over, and at no other time")
                        .help(format!(
                            "go on with the runbook: write `standby` in place of `replica_of` below `[databases.{name}]` in the environment that is to \
                             take writes, with the token of the other"
                        )),
                );
            }
        }
    }
}
