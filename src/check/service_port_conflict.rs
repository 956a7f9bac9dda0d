//! Two ports of one Service with the same number.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::spec::decode::Choice;
use crate::system::{Port, Service, Workload};

pub(super) const CHECK: Check = check!("service-port-conflict", Error, One(run));

fn same_port<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    first: &Port,
    second: &Port,
) -> Finding<'c> {
    let (path, number) = (path_of(service, workload), second.service_port.get());
    let word = second.transport.get().word();
    let finding = cx
        .find(&CHECK, format!("callers would reach two ports of `{path}` on {word} port {number}"))
        .at(second.service_port.origin(), format!("port `{}`", second.name.get()))
        .also(first.service_port.origin(), format!("port `{}`", first.name.get()));
    let finding = if *first.name.get() == "http" {
        finding.note("callers reach the main port of an `http` workload on port 80")
    } else {
        finding
    };
    finding
        .note("the API refuses a Service with the same port twice")
        .help("give one of them another `service_port`")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let ports: Vec<&Port> = workload.service_ports().collect();
        for (index, second) in ports.iter().enumerate() {
            let same = |first: &&&Port| {
                first.service_port.get() == second.service_port.get()
                    && first.transport.get() == second.transport.get()
                    // one port twice is the finding of another check
                    && first.number.get() != second.number.get()
                    && first.name.get() != second.name.get()
            };
            if let Some(first) = ports.iter().take(index).find(same) {
                found.push(same_port(cx, (service, workload), first, second));
            }
        }
    }
}
