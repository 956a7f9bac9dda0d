//! A path to be asked from outside, in an environment that does not say who asks.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::spec::platform::AddOn;
use crate::system::workload::Outside;
use crate::system::{Service, Workload};

pub(super) const CHECK: Check = check!("blackbox-missing", Error, One(run));

fn nobody_asks<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    outside: &Outside,
) -> Finding<'c> {
    let title = format!(
        "`{}.{}` is asked from outside, and `{}` names no blackbox exporter",
        path_of(service, workload),
        outside.key,
        cx.environment()
    );
    let key = format!("workloads.{}.{}", workload.name.get(), outside.key);
    cx.find(&CHECK, title)
        .at_key(outside.because, "becomes a `Probe`, which names who asks")
        .also_key(cx.system.environment.platform.origin, "no `blackbox` here")
        .note("Prometheus asks nothing itself: it tells the blackbox exporter what to ask, and reads how that went")
        .help(format!(
            "write `blackbox = {{ address = \"<host>:9115\" }}` below `[platform]` in `{}`",
            cx.environment_file()
        ))
        .help(format!("or, if nobody asks here, {}", cx.remove(service, &key)))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    let platform = &cx.system.environment.platform;
    // without the operator nothing would tell an exporter what to ask
    if platform.blackbox.is_some() || !platform.has(AddOn::PrometheusOperator) {
        return;
    }
    for (service, workload) in cx.system.workloads() {
        for outside in &workload.outside_checks {
            found.push(nobody_asks(cx, (service, workload), outside));
        }
    }
}
