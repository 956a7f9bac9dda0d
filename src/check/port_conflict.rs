//! Two ports of one pod with the same number or the same name.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::spec::decode::Choice;
use crate::system::{Port, Service, Workload};

pub(super) const CHECK: Check = check!("port-conflict", Error, One(run));

fn same_number<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    first: &Port,
    second: &Port,
) -> Finding<'c> {
    let (path, number, word) =
        (path_of(service, workload), second.number.get(), second.transport.get().word());
    let title = format!("`{path}` listens twice on {word} port {number}");
    let finding = cx
        .find(&CHECK, title)
        .at(second.number.origin(), format!("port `{}`", second.name.get()))
        .also(first.number.origin(), format!("port `{}`", first.name.get()));
    let finding = match cx.node(first.number.origin()) {
        Some(_) => finding,
        None => finding.note(format!("{number} is the port of an `http` workload that names none")),
    };
    finding.note("only one listener can have a port").help("give one of them another number")
}

fn same_name<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    first: &Port,
    second: &Port,
) -> Finding<'c> {
    let (path, name) = (path_of(service, workload), second.name.get());
    cx.find(&CHECK, format!("two ports of `{path}` are called `{name}`"))
        .at_key(second.because, "called so by you")
        .also_key(
            first.because,
            if first.is_main {
                format!("the main port, which is always called `{name}`")
            } else {
                "the other of this name".to_owned()
            },
        )
        .note("Services and probes find ports by name")
        .help("give it another name")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        // init containers have ended when the program begins to listen
        let theirs = workload.sidecars.iter().flat_map(|sidecar| &sidecar.ports);
        let ports: Vec<&Port> = workload.ports.iter().chain(theirs).collect();
        for (index, second) in ports.iter().enumerate() {
            for first in ports.iter().take(index) {
                if first.name.get() == second.name.get() {
                    found.push(same_name(cx, (service, workload), first, second));
                } else if (first.number.get(), first.transport.get())
                    == (second.number.get(), second.transport.get())
                {
                    found.push(same_number(cx, (service, workload), first, second));
                }
            }
        }
    }
}
