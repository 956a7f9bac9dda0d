//! One name for two variables of a workload.

use std::collections::{BTreeMap, BTreeSet};

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::system::variables::Level;
use crate::system::{Service, Target, Variable, Workload};

pub(super) const CHECK: Check = check!("variable-collision", Error, One(run));

fn set_and_given<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    set: &Variable,
    given: &Variable,
) -> Finding<'c> {
    let (path, name) = (path_of(service, workload), set.name.get());
    cx.find(&CHECK, format!("`{name}` of `{path}` is set, and given by what the workload uses"))
        .at_key(set.because, "set here")
        .also(given.because, format!("gives `{name}`"))
        .note("what is set would hide the real address, or be hidden by it")
        .help("delete the line to get the value of what is used, or choose another name for yours")
}

fn given_twice<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    first: &Variable,
    second: &Variable,
) -> Finding<'c> {
    let (path, name) = (path_of(service, workload), second.name.get());
    cx.find(&CHECK, format!("two things that `{path}` uses both give it the variable `{name}`"))
        .at(second.because, format!("gives `{name}`"))
        .also(first.because, format!("gives `{name}` as well"))
        .note("names become upper-case, with `_` for `-` and `.`, so that two can become the same")
        .help("rename one of the two")
}

/// What an edge of the workload leads to, if that is why it has the variable.
fn target(cx: &Context<'_>, workload: &Workload, variable: &Variable) -> Option<Target> {
    let node = cx.node(variable.because)?;
    let edge = workload.edges.iter().find(|edge| cx.node(edge.written.origin()) == Some(node))?;
    edge.target
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let owner = (service, workload);
        let (mut known, mut told) = (BTreeMap::new(), BTreeSet::new());
        for variable in &workload.variables {
            let Some(first) = known.insert(variable.name.get(), variable) else { continue };
            match (first.level, variable.level) {
                (Level::Derived, Level::Derived) => {
                    let pair = (target(cx, workload, first), target(cx, workload, variable));
                    // one thing used twice is the finding of another check
                    if pair.0 != pair.1 && told.insert(pair) {
                        found.push(given_twice(cx, owner, first, variable));
                    }
                }
                (Level::Derived, _) => found.push(set_and_given(cx, owner, variable, first)),
                _ => found.push(set_and_given(cx, owner, first, variable)),
            }
        }
    }
}
