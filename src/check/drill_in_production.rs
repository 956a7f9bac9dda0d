//! A namespace of drills that is a service's as well.

use super::context::noun;
use super::{Check, Context, Found};

pub(super) const CHECK: Check = check!("drill-in-production", Error, One(run));

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for database in &service.databases {
            let Some(drill) = &database.drill else { continue };
            let namespace = drill.namespace.get();
            let Some(other) = cx.system.services.iter().find(|other| other.namespace.get() == namespace)
            else {
                continue;
            };
            let path = noun(service, "databases", database.name.get());
            let title =
                format!("drills of `{path}` would run in `{namespace}`, where `{}` lives", other.stem);
            found.push(
                cx.find(&CHECK, title)
                    .at(drill.schedule.origin(), format!("drills run in `{namespace}`"))
                    .also(other.namespace.origin(), format!("`{}` lives there", other.stem))
                    .note("what runs a drill may make and delete clusters in its namespace: production has no place in it")
                    .help("give that service another namespace"),
            );
        }
    }
}
