//! A limit that is less than what is requested.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::Traced;
use crate::spec::workload::Limit;
use crate::value::Value;

pub(super) const CHECK: Check = check!("limit-below-request", Error, One(run));

fn below<'c, T: Value>(
    cx: &'c Context<'c>,
    of: &str,
    what: &str,
    limit: &Traced<Limit<T>>,
    request: &Traced<T>,
) -> Finding<'c>
where
    Limit<T>: Value,
{
    let (most, asked) = (limit.get().text().into_owned(), request.get().text().into_owned());
    let finding = cx
        .find(&CHECK, format!("`{of}` asks for {asked} of {what} and may use {most} at most"))
        .at(limit.origin(), "the most that it gets")
        .also(request.origin(), "what is kept for it");
    let finding = match cx.node(request.origin()) {
        Some(_) => finding,
        None => finding.note(format!("{asked} is asked for where nothing is written")),
    };
    finding.note("the API refuses the pod").help(format!("write a limit of {asked} or more, or request less"))
}

fn judge<T: Value + PartialOrd>(
    cx: &Context<'_>,
    of: &str,
    what: &str,
    limit: Option<&Traced<Limit<T>>>,
    request: &Traced<T>,
    found: &mut Found,
) where
    Limit<T>: Value,
{
    if let Some(limit) = limit
        && let Limit::At(most) = limit.get()
        && most < request.get()
    {
        found.push(below(cx, of, what, limit, request));
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let of = path_of(service, workload);
        judge(cx, &of, "CPU", workload.cpu_limit.as_ref(), &workload.cpu, found);
        judge(cx, &of, "memory", workload.memory_limit.as_ref(), &workload.memory, found);
        for container in workload.containers() {
            let of = format!("{of}.{}", container.name.get());
            judge(cx, &of, "CPU", container.cpu_limit.as_ref(), &container.cpu, found);
            judge(cx, &of, "memory", container.memory_limit.as_ref(), &container.memory, found);
        }
    }
}
