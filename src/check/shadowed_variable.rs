//! A variable that every workload sets anew.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::decode::Map;
use crate::spec::env::EnvValue;
use crate::system::variables::Level;
use crate::system::{Service, Variable, Workload};
use crate::text::Text;
use crate::value::EnvName;

pub(super) const CHECK: Check = check!("shadowed-variable", Warn, One(run));

fn shadowed<'c>(
    cx: &'c Context<'c>,
    name: &Text,
    at: Origin,
    level: Level,
    (service, workload, nearer): (&Service, &Workload, &Variable),
) -> Finding<'c> {
    let whose = match level {
        Level::Environment => format!("`{}`", cx.environment()),
        _ => format!("`{}`", service.stem),
    };
    let title = format!("`{name}` in `[env]` of {whose} reaches no workload, since each sets its own");
    cx.find(&CHECK, title)
        .at_key(at, "read by nobody")
        .also_key(nearer.because, format!("what `{}` sees", path_of(service, workload)))
        .note("a workload's own variable beats its service's, which beats the environment's, whatever the layer")
        .help("delete it here, or let a workload do without its own")
}

fn judge(
    cx: &Context<'_>,
    env: &Map<EnvName, EnvValue>,
    level: Level,
    workloads: &[(&Service, &Workload)],
    found: &mut Found,
) {
    for (name, entry) in env.iter() {
        let is_nearer = |v: &&Variable| v.name.get() == name && v.level > level && v.level != Level::Derived;
        let has_nearer = |workload: &Workload| workload.variables.iter().any(|v| is_nearer(&v));
        let Some((service, workload)) = workloads.first() else { continue };
        if workloads.iter().all(|(_, workload)| has_nearer(workload))
            && let Some(variable) = workload.variables.iter().find(is_nearer)
        {
            found.push(shadowed(cx, name, entry.key.origin(), level, (service, workload, variable)));
        }
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    let all: Vec<(&Service, &Workload)> = cx.system.workloads().collect();
    judge(cx, &cx.system.environment.file.env, Level::Environment, &all, found);
    for service in &cx.system.services {
        let own: Vec<(&Service, &Workload)> = service.workloads.iter().map(|w| (service, w)).collect();
        judge(cx, &service.file.env, Level::Service, &own, found);
    }
}
