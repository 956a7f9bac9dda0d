//! How patiently something is called that is not called, or that is no workload.

use super::context::{Finding, listed, path_of};
use super::{Check, Context, Found};
use crate::diagnostic::suggest::nearest;
use crate::origin::Traced;
use crate::spec::edge::EdgeRef;
use crate::system::{Service, Workload};
use crate::value::Value;

pub(super) const CHECK: Check = check!("call-without-edge", Error, One(run));

fn no_workload<'c>(cx: &'c Context<'c>, path: &str, key: &Traced<EdgeRef>) -> Finding<'c> {
    let finding = cx
        .find(
            &CHECK,
            format!("`{path}` says in `calls` how it uses `{}`, which is no workload", key.get().text()),
        )
        .at_key(key.origin(), "no workload");
    match key.get() {
        EdgeRef::External(name) => {
            finding.help(format!("move `timeout` and `retry` to `[externals.{name}]`"))
        }
        _ => finding.help("delete it; `calls` is for `workloads.<name>` and `services.<service>.<workload>`"),
    }
}

fn no_edge<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    key: &Traced<EdgeRef>,
) -> Finding<'c> {
    let (path, written) = (path_of(service, workload), key.get().text());
    let used: Vec<String> = workload.uses.iter().map(|edge| edge.get().text().into_owned()).collect();
    let called: Vec<&str> = used
        .iter()
        .map(String::as_str)
        .filter(|edge| edge.starts_with("services.") || edge.starts_with("workloads."))
        .collect();
    cx.find(&CHECK, format!("`{path}` says how patiently it calls `{written}`, and does not use it"))
        .at_key(key.origin(), "not in `uses`")
        .note("without an edge there is no way through the network policies, and nobody reads these bounds")
        .help(match nearest(&written, called.iter().copied()) {
            Some(near) => format!("did you mean `\"{near}\"`?"),
            None if called.is_empty() => format!(
                "add `\"{written}\"` to `uses` of `[workloads.{}]`, or delete it",
                workload.name.get()
            ),
            None => format!(
                "add `\"{written}\"` to `uses` of `[workloads.{}]`; it calls {}",
                workload.name.get(),
                listed(&called)
            ),
        })
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        for (_, entry) in workload.calls.iter() {
            let key = &entry.key;
            if !matches!(key.get(), EdgeRef::Workload(_) | EdgeRef::Service(..)) {
                found.push(no_workload(cx, &path_of(service, workload), key));
            } else if !workload.uses.iter().any(|edge| edge.get() == key.get()) {
                found.push(no_edge(cx, (service, workload), key));
            }
        }
    }
}
