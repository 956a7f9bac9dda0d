//! A rollout that can neither add a pod nor take one away.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::spec::workload::{Rolling, WorkloadKind};
use crate::system::{Service, Workload};
use crate::value::{PodShare, Value};

pub(super) const CHECK: Check = check!("rollout-cannot-progress", Error, One(run));

fn stuck<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    rolling: &Rolling,
    why: &str,
    help: &str,
) -> Finding<'c> {
    let path = path_of(service, workload);
    let written = |share: Option<Traced<PodShare>>, usual: &str| {
        share.map_or_else(|| usual.to_owned(), |s| s.get().text().into_owned())
    };
    let is_daemon = *workload.kind.get() == WorkloadKind::Daemon;
    let surge = written(rolling.surge, if is_daemon { "0" } else { "25%" });
    let unavailable = written(rolling.unavailable, if is_daemon { "1" } else { "0" });
    cx.find(&CHECK, format!("`{path}` cannot be updated: {why}"))
        .at_key(Origin::spec(rolling.at), format!("surge {surge}, unavailable {unavailable}"))
        .help(help)
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let Some(rolling) = &workload.rolling else { continue };
        let of = (service, workload);
        let pods = |share: Option<Traced<PodShare>>, usual: PodShare| share.map_or(usual, |s| *s.get());
        let is_daemon = *workload.kind.get() == WorkloadKind::Daemon;
        let usual = if is_daemon { (0, 1) } else { (1, 0) };
        let surge = pods(rolling.surge, PodShare::Pods(usual.0));
        let unavailable = pods(rolling.unavailable, PodShare::Pods(usual.1));
        let wanted = workload.replicas.fewest().map_or(1, |count| *count.get());
        if *workload.kind.get() == WorkloadKind::Stateful {
            let written = [rolling.surge, rolling.unavailable];
            if let Some(share) = written.into_iter().flatten().next() {
                let finding = stuck(
                    cx,
                    of,
                    rolling,
                    "a StatefulSet replaces one pod after the other",
                    "delete `surge` and `unavailable`",
                );
                found.push(finding.also(share.origin(), "cannot be said to it"));
            }
        } else if surge.at_most(wanted) == 0 && unavailable.at_least(wanted) == 0 {
            let why = format!("of {wanted} pods none may be added and none may be missing");
            found.push(stuck(
                cx,
                of,
                rolling,
                &why,
                "write `surge = \"25%\"`, or let a pod be missing: `unavailable = \"1\"`",
            ));
        } else if is_daemon && surge.at_most(100) > 0 && unavailable.at_most(100) > 0 {
            found.push(stuck(
                cx,
                of,
                rolling,
                "a DaemonSet takes one of the two",
                "write one of `surge` and `unavailable` as `\"0\"`",
            ));
        }
    }
}
