//! A secret that reaches a program as a variable.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::spec::workload::SecretDelivery;
use crate::system::variables::Level;
use crate::system::{Service, Variable, VariableValue, Workload};

pub(super) const CHECK: Check = check!("secret-as-env", Warn, One(run));

const WHY: &str =
    "variables are inherited by child processes and end up in crash dumps; a changed secret needs a restart";

fn all_as_variables<'c>(cx: &'c Context<'c>, service: &Service, workload: &Workload) -> Finding<'c> {
    cx.find(&CHECK, format!("`{}` gets its secrets as variables", path_of(service, workload)))
        .at(workload.delivery.origin(), "asked for here")
        .note(WHY)
        .help("delete the line, and read each secret from the folder that `<PREFIX>DIR` names")
}

fn one_as_variable<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    variable: &Variable,
) -> Finding<'c> {
    let (path, name) = (path_of(service, workload), variable.name.get());
    cx.find(&CHECK, format!("the variable `{name}` of `{path}` holds a secret"))
        .at_key(variable.because, "made from a secret")
        .note(WHY)
        .help("let the program read the secret from its file below `/run/secrets`, and compose the address itself")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let is_secret =
            |v: &&Variable| matches!(v.value, VariableValue::Secret { .. } | VariableValue::Composed(_));
        if *workload.delivery.get() == SecretDelivery::Env {
            if workload.variables.iter().any(|variable| is_secret(&variable)) {
                found.push(all_as_variables(cx, service, workload));
            }
            continue;
        }
        for variable in workload.variables.iter().filter(is_secret).filter(|v| v.level != Level::Derived) {
            found.push(one_as_variable(cx, (service, workload), variable));
        }
    }
}
