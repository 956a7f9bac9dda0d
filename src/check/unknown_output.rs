//! A variable that refers to something that the workload does not get.

use super::context::{Finding, listed, path_of};
use super::{Check, Context, Found};
use crate::diagnostic::suggest::nearest;
use crate::origin::{Origin, Traced};
use crate::spec::edge::{EdgeRef, OutputRef};
use crate::system::{Edge, Service, VariableValue, Workload};
use crate::value::Value;

pub(super) const CHECK: Check = check!("unknown-output", Error, One(run));

fn not_used<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    name: &str,
    reference: &Traced<OutputRef>,
) -> Finding<'c> {
    let edge = reference.get().edge.text();
    let path = path_of(service, workload);
    let used: Vec<String> = workload.uses.iter().map(|used| used.get().text().into_owned()).collect();
    let near = nearest(&edge, used.iter().map(String::as_str));
    let finding = cx
        .find(&CHECK, format!("{name} of `{path}` refers to `{edge}`, which the workload does not use"))
        .at(reference.origin(), format!("needs `\"{edge}\"` in `uses`"));
    let finding = match workload.uses.at {
        Some(uses) => finding.also_key(Origin::spec(uses), format!("`{edge}` is not among these")),
        None => finding.also_key(Origin::spec(workload.at), "uses nothing"),
    };
    finding
        .note("an edge that is not declared stays closed, so the value would lead to nothing that answers")
        .help(match near {
            Some(near) => format!("did you mean `{near}.{}`?", reference.get().output),
            None => format!("add `\"{edge}\"` to `uses` of `[workloads.{}]`", workload.name.get()),
        })
}

fn no_such_output<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    name: &str,
    reference: &Traced<OutputRef>,
    outputs: &[String],
) -> Finding<'c> {
    let (edge, output) = (reference.get().edge.text(), reference.get().output.as_str());
    let path = path_of(service, workload);
    let is_common = |sharded: &&crate::system::Sharded| matches!(&reference.get().edge, EdgeRef::Database(name) if sharded.name.get() == name);
    let of_shard =
        service.sharded.iter().find(is_common).filter(|_| workload.migrates.is_none()).map(|sharded| {
            format!("each shard gives its own: `databases.{}-0.{output}`, and so on", sharded.name.get())
        });
    let near = nearest(output, outputs.iter().map(String::as_str));
    cx.find(&CHECK, format!("{name} of `{path}` refers to `{output}` of `{edge}`, which it does not give"))
        .at(reference.origin(), format!("no output `{output}`"))
        .maybe_help(near.map(|near| format!("did you mean `{edge}.{near}`?")))
        .help(format!("`{edge}` gives {}", listed(outputs)))
        .maybe_help(of_shard)
}

fn judge<'c>(
    cx: &'c Context<'c>,
    (index, service): (usize, &Service),
    workload: &Workload,
    name: &str,
    reference: &Traced<OutputRef>,
) -> Option<Finding<'c>> {
    let leads_there = |edge: &&Edge| edge.to == reference.get().edge;
    match workload.edges.iter().find(leads_there) {
        None => Some(not_used(cx, (service, workload), name, reference)),
        Some(edge) => {
            // an edge that leads nowhere, or to a workload without a port, is reported itself
            let outputs = cx.system.output_names(index, workload, edge.target?);
            let names = Some(outputs).filter(|outputs| !outputs.is_empty())?;
            Some(no_such_output(cx, (service, workload), name, reference, &names))
        }
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (index, service) in cx.system.services.iter().enumerate() {
        for workload in &service.workloads {
            let further = workload.containers().flat_map(|container| &container.variables);
            let variables = workload.variables.iter().chain(further);
            let named = variables.map(|variable| (format!("`{}`", variable.name.get()), &variable.value));
            let further = workload.containers().flat_map(|c| c.command.iter().chain(&c.args));
            let words = workload.command.iter().chain(&workload.args).chain(further);
            let words = words.map(|word| ("a word of the command".to_owned(), &word.value));
            for (name, value) in named.chain(words) {
                let VariableValue::Unresolved(reference) = value else { continue };
                if let Some(finding) = judge(cx, (index, service), workload, &name, reference) {
                    found.push(finding);
                }
            }
        }
    }
}
