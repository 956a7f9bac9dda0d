//! A workload that grows with work that it cannot reach.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::spec::workload::ScaleQueue as Written;
use crate::system::{Service, Target, Workload, named};

pub(super) const CHECK: Check = check!("scaled-by-unused", Warn, One(run));

/// The noun that is asked, as `uses` would name it, where it is written, and what it is.
fn source(service: &Service, written: &Written) -> Option<(String, Origin, Target)> {
    if let Some(name) = &written.database {
        let index = service.databases.iter().position(|d| named(&d.stack, name))?;
        return Some((format!("databases.{}", name.get().as_str()), name.origin(), Target::Database(index)));
    }
    if let Some(name) = &written.cache {
        let index = service.caches.iter().position(|c| named(&c.name, name))?;
        return Some((format!("caches.{}", name.get().as_str()), name.origin(), Target::Cache(index)));
    }
    let name = written.queue.as_ref()?;
    let index = service.queues.iter().position(|q| named(&q.name, name))?;
    Some((format!("queues.{}", name.get().as_str()), name.origin(), Target::Queue(index)))
}

fn unused<'c>(cx: &'c Context<'c>, of: (&Service, &Workload), edge: &str, at: Origin) -> Finding<'c> {
    let (path, uses) = (path_of(of.0, of.1), of.1.uses.iter().next().map(Traced::origin));
    let finding = cx
        .find(&CHECK, format!("`{path}` scales by `{edge}`, and does not use it"))
        .at(at, "the work that waits here decides how many pods there are");
    let finding = match uses {
        Some(uses) => finding.also(uses, "what it uses instead"),
        None => finding,
    };
    finding
        .note("its pods may not reach that place, so more of them would not make the work less")
        .help(format!("add `\"{edge}\"` to its `uses`"))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for of @ (service, workload) in cx.system.workloads() {
        let asked = workload.scales_by().and_then(|written| source(service, written));
        if let Some((edge, at, target)) = asked
            && !workload.edges.iter().any(|edge| edge.target == Some(target))
        {
            found.push(unused(cx, of, &edge, at));
        }
    }
}
