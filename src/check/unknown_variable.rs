//! A variable that refers to another one, which is not there or comes back to it.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::diagnostic::suggest::nearest;
use crate::origin::{Origin, Traced};
use crate::system::{Service, Variable, Word, Workload};

pub(super) const CHECK: Check = check!("unknown-variable", Error, One(run));

fn missing<'c>(
    cx: &'c Context<'c>,
    path: &str,
    (who, at): (&str, Origin),
    (name, all): (&str, &[Variable]),
) -> Finding<'c> {
    let near = nearest(name, all.iter().map(|other| other.name.get().as_str()));
    let title = format!("{who} of `{path}` refers to the variable `{name}`, which is not there");
    cx.find(&CHECK, title)
        .at(at, format!("no variable `{name}`"))
        .note(format!("the program would see `$({name})` as it stands here"))
        .maybe_help(near.map(|near| format!("did you mean `{{env.{near}}}`?")))
        .help(format!("set `{name}` in the same container"))
}

fn circular<'c>(cx: &'c Context<'c>, path: &str, variable: &Variable) -> Finding<'c> {
    let name = variable.name.get();
    cx.find(&CHECK, format!("`{name}` of `{path}` refers to itself"))
        .at(value_of(variable), "leads back to where it began")
        .note("a variable can only refer to those that are set before it")
        .help("write out one of the texts")
}

fn value_of(variable: &Variable) -> Origin {
    variable.value.text().map_or(variable.because, Traced::origin)
}

/// Whether a variable is reached from itself.
fn reaches_itself(start: &Variable, all: &[Variable]) -> bool {
    let (mut reached, mut next) = (start.refers_to(), 0);
    while let Some(name) = reached.get(next).copied() {
        let further = all.iter().filter(|v| v.name.get() == name).flat_map(Variable::refers_to);
        for name in further {
            if !reached.contains(&name) {
                reached.push(name);
            }
        }
        next += 1;
    }
    reached.contains(&start.name.get().as_str())
}

fn judge(
    cx: &Context<'_>,
    path: &str,
    (all, words): (&[Variable], [&[Word]; 2]),
    is_open: bool,
    found: &mut Found,
) {
    let unknown = |names: Vec<&str>| -> Vec<String> {
        let is_known = |name: &&str| is_open || all.iter().any(|v| v.name.get() == *name);
        names.into_iter().filter(|name| !is_known(name)).map(str::to_owned).collect()
    };
    for word in words.into_iter().flatten() {
        let Some(text) = word.value.text() else { continue };
        for name in unknown(word.value.refers_to()) {
            let who = ("a word of the command", text.origin());
            found.push(missing(cx, path, who, (&name, all)));
        }
    }
    for variable in all {
        let names = variable.refers_to();
        for name in unknown(names.clone()) {
            let who = format!("`{}`", variable.name.get());
            found.push(missing(cx, path, (&who, value_of(variable)), (&name, all)));
        }
        if !names.is_empty() && reaches_itself(variable, all) {
            found.push(circular(cx, path, variable));
        }
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let (service, workload): (&Service, &Workload) = (service, workload);
        let path = path_of(service, workload);
        // nobody knows the keys of an object that somebody else makes
        let is_open = !workload.env_from.is_empty();
        judge(cx, &path, (&workload.variables, [&workload.command, &workload.args]), is_open, found);
        for container in workload.containers() {
            let path = format!("{path}.{}", container.name.get());
            let is_open = !container.env_from.is_empty() || is_open && container.inherits().is_some();
            let started = (&*container.variables, [&*container.command, &*container.args]);
            judge(cx, &path, started, is_open, found);
        }
    }
}
