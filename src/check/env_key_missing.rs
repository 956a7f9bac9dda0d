//! A variable that one environment sets and a later one does not.

use std::collections::BTreeSet;

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::system::variables::Level;
use crate::system::{Service, Variable, Workload};

pub(super) const CHECK: Check = check!("env-key-missing", Warn, All(run));

fn missing<'c>(
    cx: &'c Context<'c>,
    later: &Context<'_>,
    (service, workload): (&Service, &Workload),
    variable: &Variable,
) -> Finding<'c> {
    let (name, here, there) = (variable.name.get(), cx.environment(), later.environment());
    let path = path_of(service, workload);
    let help = match variable.level {
        Level::Environment => format!("set it below `[env]` in `{}` too", later.environment_file()),
        _ => format!(
            "set it in `{}` too, or give it a value in the service's own file that holds everywhere",
            later.overlay_file(service)
        ),
    };
    cx.find(&CHECK, format!("`{name}` is set for `{path}` in `{here}` and not in `{there}`"))
        .at_key(variable.because, format!("set for `{here}`"))
        .also_key_in(
            later,
            later.system.environment.tier.origin(),
            format!("`{there}` comes later and lacks it"),
        )
        .note("a program that was tried with the variable runs without it after the promotion")
        .help(help)
}

fn run(contexts: &[Context<'_>], found: &mut Found) {
    // a variable of a service or of an environment reaches many workloads, and is reported once
    let mut told = BTreeSet::new();
    for (index, cx) in contexts.iter().enumerate() {
        for (service, workload) in cx.system.workloads() {
            for later in contexts.iter().skip(index + 1) {
                let Some(theirs) = later.same(service, workload) else { continue };
                for variable in workload.variables.iter().filter(|v| v.level != Level::Derived) {
                    let is_there = theirs.variables.iter().any(|v| v.name.get() == variable.name.get());
                    if !is_there && told.insert((index, cx.key_place(variable.because))) {
                        found.push(missing(cx, later, (service, workload), variable));
                    }
                }
            }
        }
    }
}
