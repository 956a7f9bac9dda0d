//! A route that waits longer or shorter than the workload works.

use super::context::Finding;
use super::routed::{Routed, routes};
use super::{Check, Context, Found};
use crate::spec::workload::{Limit, WorkloadKind};
use crate::system::workload::Carrier;
use crate::value::{Duration, Value};

pub(super) const CHECK: Check = check!("route-timeout-mismatch", Warn, One(run));

fn mismatch<'c>(cx: &'c Context<'c>, of: Routed<'_>, limit: Duration) -> Option<Finding<'c>> {
    let (at, promised) = (of.route.written.timeout.as_ref()?.origin(), of.workload.timeout);
    let (waits, works) = (limit.text().into_owned(), promised.get().text().into_owned());
    let path = of.path();
    let (title, label, note, help) = match limit.cmp(promised.get()) {
        std::cmp::Ordering::Equal => return None,
        std::cmp::Ordering::Less => (
            format!("`{path}` gives up after {waits}, and the workload may work for {works}"),
            "callers get a 504 while the program still works",
            "the work is done and thrown away, and a caller that tries again doubles it",
            format!(
                "write `timeout = \"{waits}\"` for the workload too, which then has to finish by then, or delete the route's"
            ),
        ),
        std::cmp::Ordering::Greater => (
            format!("`{path}` waits for {waits}, and the workload promises to finish within {works}"),
            "waits for what nobody promised",
            "`drain` and the grace period follow from the workload's `timeout`: a longer request is cut off at each rollout",
            format!(
                "write `timeout = \"{waits}\"` for the workload, or delete the route's; for streams write `timeout = \"none\"`"
            ),
        ),
    };
    let finding =
        cx.find(&CHECK, title).at(at, label).also(promised.origin(), format!("works for {works} at most"));
    let finding = match cx.node(promised.origin()) {
        Some(_) => finding,
        None => finding.note(format!("a workload without `timeout` has {works}")),
    };
    Some(finding.note(note).help(help))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    let promises =
        |of: &Routed<'_>| *of.workload.kind.get() == WorkloadKind::Http && of.carrier() == Carrier::Http;
    for of in routes(cx).filter(promises) {
        let Some(Limit::At(limit)) = of.route.written.timeout.map(|limit| *limit.get()) else { continue };
        if let Some(finding) = mismatch(cx, of, limit) {
            found.push(finding);
        }
    }
}
