//! An edge to a workload that nobody can reach.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::decode::Choice;
use crate::spec::workload::WorkloadKind;
use crate::system::{Edge, Service, Target, Workload};

pub(super) const CHECK: Check = check!("edge-without-port", Error, One(run));

fn unreachable<'c>(
    cx: &'c Context<'c>,
    from: (&Service, &Workload),
    edge: &Edge,
    to: (&Service, &Workload),
) -> Finding<'c> {
    let (caller, callee) = (path_of(from.0, from.1), path_of(to.0, to.1));
    let kind = to.1.kind.get().word();
    let help = match to.1.kind.get() {
        WorkloadKind::Cron | WorkloadKind::Job => {
            format!(
                "a `{kind}` cannot be called: delete it from `uses`, or make `{callee}` an `http` workload"
            )
        }
        _ => format!(
            "if it shall be called, name a port: `[workloads.{}.ports.api]` with `port = 8000`; else delete it from `uses`",
            to.1.name.get()
        ),
    };
    let finding = cx
        .find(&CHECK, format!("`{caller}` uses `{callee}`, which has no port to call"))
        .at(edge.written.origin(), "cannot be reached")
        .also_key(Origin::spec(to.1.at), format!("a `{kind}` without a port for others"));
    let finding = match to.1.main_port() {
        Some(port) => finding.also(port.number.origin(), "this port is for health and metrics only"),
        None => finding,
    };
    finding
        .note("an edge gives the address of a Service, and this workload has none; the network stays closed too")
        .help(help)
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        for edge in &workload.edges {
            let Some(Target::Workload(id)) = edge.target else { continue };
            let Some(to) = cx.system.workload(id) else { continue };
            if to.1.service_ports().next().is_none() {
                found.push(unreachable(cx, (service, workload), edge, to));
            }
        }
    }
}
