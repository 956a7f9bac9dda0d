//! A variable that an overlay sets for the first time, late on the way of promotion.

use std::collections::BTreeSet;

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::diagnostic::suggest::nearest;
use crate::node::Layer;
use crate::secret as signs;
use crate::system::variables::Level;
use crate::system::{Service, Variable, VariableValue, Workload};

pub(super) const CHECK: Check = check!("env-key-undeclared", Warn, All(run));

fn undeclared<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    variable: &Variable,
    earlier: &Context<'_>,
    near: Option<&str>,
) -> Finding<'c> {
    let (name, path) = (variable.name.get(), path_of(service, workload));
    let (own, before) = (cx.environment(), earlier.environment());
    let finding = cx
        .find(&CHECK, format!("`{name}` of `{path}` is set in `{own}` and was not in `{before}`"))
        .at_key(variable.because, "no layer below declares it")
        .note(format!("what runs in `{own}` was never tried with it; a slip in a name looks the same"));
    match near {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help(format!(
            "set it in the service's own file too, with the value that holds where `{}` says nothing",
            cx.overlay_file(service)
        )),
    }
}

/// Whether an overlay alone has the variable: its own line is the first mention.
fn is_new(cx: &Context<'_>, variable: &Variable) -> bool {
    if let VariableValue::Plain(text) = &variable.value
        && signs::of_setting(variable.name.get(), text.get()).is_some()
    {
        // what looks like a secret is another check's finding
        return false;
    }
    let node = cx.node(variable.because).and_then(|node| cx.nodes.get(node));
    node.is_some_and(|info| info.mention.layer != Layer::BASE && info.earlier.is_none())
}

fn run(contexts: &[Context<'_>], found: &mut Found) {
    let mut told = BTreeSet::new();
    for (index, cx) in contexts.iter().enumerate() {
        for (service, workload) in cx.system.workloads() {
            let earlier = contexts.iter().take(index).filter_map(|e| Some((e, e.same(service, workload)?)));
            let earlier: Vec<_> = earlier.collect();
            let Some((before, _)) = earlier.last() else { continue };
            let written = |level| matches!(level, Level::Service | Level::Workload);
            for variable in workload.variables.iter().filter(|v| written(v.level) && is_new(cx, v)) {
                let name = variable.name.get();
                let has = |other: &Workload| other.variables.iter().any(|v| v.name.get() == name);
                if earlier.iter().any(|(_, other)| has(other)) || !told.insert(cx.key_place(variable.because))
                {
                    continue;
                }
                let known =
                    workload.variables.iter().filter(|v| v.name.get() != name && v.level != Level::Derived);
                let near = nearest(name, known.map(|v| v.name.get().as_str()));
                found.push(undeclared(cx, (service, workload), variable, before, near));
            }
        }
    }
}
