//! A migration that comes through a pooler.

use super::context::path_of;
use super::migrations::{ByHand, Problem, by_hand, instead};
use super::{Check, Context, Found};
use crate::system::variables::{Variable, VariableValue};
use crate::system::{Service, Workload};
use crate::text::Text;

pub(super) const CHECK: Check = check!("migration-through-pooler", Error, One(run));

const NOTE: &str = "a pooler in transaction mode lends a connection for one transaction: locks and settings of a session, on which \
                    migrations rely, end up with somebody else";

/// The text of a variable.
fn text(variable: &Variable) -> Option<&Text> {
    match &variable.value {
        VariableValue::Plain(text) | VariableValue::Composed(text) | VariableValue::Expanded(text) => {
            Some(text.get())
        }
        _ => None,
    }
}

/// A migration whose variables name the pooler's host.
fn named(cx: &Context<'_>, service: &Service, workload: &Workload, found: &mut Found) {
    for pool in service.databases.iter().filter_map(|database| database.pool.as_ref()) {
        let host = pool.object.get().as_str();
        let names = |variable: &&Variable| text(variable).is_some_and(|text| text.contains(host));
        for variable in workload.variables.iter().filter(names) {
            let name = variable.name.get();
            let title = format!("`{}` is led to the pooler by `{name}`", path_of(service, workload));
            found.push(
                cx.find(&CHECK, title)
                    .at(variable.because, format!("holds `{host}`"))
                    .note(NOTE)
                    .help("compose it with `format` from `{databases.<name>.host}`: what a migration gets is the server's"),
            );
        }
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads().filter(|(_, workload)| workload.migrates.is_some()) {
        named(cx, service, workload, found);
    }
    for run in by_hand(cx).iter().filter(|run| run.problem == Some(Problem::Pooler)) {
        let ByHand { path, tool, database, .. } = run;
        let title = format!("`{path}` runs `{tool}` through the pooler of `{}`", database.name.get());
        found.push(
            cx.find(&CHECK, title)
                .at(run.at, "changes the schema")
                .also(database.pool_mode.origin(), "pooled by transaction")
                .note(NOTE)
                .help(instead(run)),
        );
    }
}
