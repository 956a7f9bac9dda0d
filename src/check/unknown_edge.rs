//! An item of `uses` that names nothing.

use super::context::{Finding, listed, path_of};
use super::{Check, Context, Found};
use crate::diagnostic::suggest::nearest;
use crate::origin::Origin;
use crate::spec::edge::EdgeRef;
use crate::system::{Edge, Service, Workload};
use crate::value::Value;

pub(super) const CHECK: Check = check!("unknown-edge", Error, One(run));

fn unknown<'c>(cx: &'c Context<'c>, service: &Service, workload: &Workload, edge: &Edge) -> Finding<'c> {
    let written = edge.written.get();
    let title = format!("`{}` uses `{}`, which does not exist", path_of(service, workload), written.text());
    cx.find(&CHECK, title).at(edge.written.origin(), "leads nowhere").help(remedy(cx, service, written))
}

fn not_run_here<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    edge: &Edge,
    other: &str,
) -> Finding<'c> {
    let (path, environment) = (path_of(service, workload), cx.environment());
    let services = cx.system.environment.file.services.at;
    let title = format!("`{path}` uses the service `{other}`, which does not run in `{environment}`");
    cx.find(&CHECK, title)
        .at(edge.written.origin(), "leads nowhere here")
        .also_key(
            services.map_or(cx.system.environment.tier.origin(), Origin::spec),
            format!("`{other}` is not among the services that run here"),
        )
        .help(format!("add `\"{other}\"` to `services` in `{}`", cx.environment_file()))
        .help(format!(
            "or write a `uses` without it below `[workloads.{}]` in `{}`",
            workload.name.get(),
            cx.overlay_file(service)
        ))
}

/// Everything that a workload of `service` can use, as it is written.
fn known(cx: &Context<'_>, service: &Service) -> Vec<String> {
    let mut known = Vec::new();
    known.extend(service.sharded.iter().map(|d| format!("databases.{}", d.name.get())));
    known.extend(service.databases.iter().map(|d| format!("databases.{}", d.stack.get())));
    known.extend(service.managed.iter().map(|d| format!("databases.{}", d.name.get())));
    known.extend(service.caches.iter().map(|c| format!("caches.{}", c.name.get())));
    known.extend(service.queues.iter().map(|q| format!("queues.{}", q.name.get())));
    known.extend(service.externals.iter().map(|e| format!("externals.{}", e.name.get())));
    known.extend(service.secrets.iter().map(|s| format!("secrets.{}", s.name.get())));
    known.extend(service.workloads.iter().map(|w| format!("workloads.{}", w.name.get())));
    let others = cx.system.workloads().filter(|(other, _)| !std::ptr::eq(*other, service));
    known.extend(others.map(|(other, w)| format!("services.{}.{}", other.stem, w.name.get())));
    known
}

fn remedy(cx: &Context<'_>, service: &Service, written: &EdgeRef) -> String {
    let (known, text) = (known(cx, service), written.text());
    let (noun, name) = text.split_once('.').unwrap_or_default();
    let last = name.rsplit('.').next().unwrap_or(name);
    let rest_of = |known: &&String| known.rsplit('.').next() == Some(last);
    let siblings: Vec<&str> = known.iter().filter_map(|k| k.strip_prefix(noun)?.strip_prefix('.')).collect();
    let is_of = |sharded: &&crate::system::Sharded| {
        let number = name.strip_prefix(sharded.name.get().as_str()).and_then(|rest| rest.strip_prefix('-'));
        noun == "databases" && number.is_some_and(|number| number.parse::<u32>().is_ok())
    };
    if let Some(sharded) = service.sharded.iter().find(is_of) {
        let (whole, count) = (sharded.name.get(), *sharded.count.get());
        return format!(
            "the shards of `databases.{whole}` are `{whole}-0` to `{whole}-{}`",
            count.saturating_sub(1)
        );
    }
    if let Some(near) = nearest(name, siblings.iter().copied()) {
        return format!("did you mean `\"{noun}.{near}\"`?");
    }
    if let Some(same) = known.iter().find(rest_of) {
        return format!("did you mean `\"{same}\"`?");
    }
    match written {
        EdgeRef::Service(..) if !siblings.is_empty() => {
            format!("the workloads of other services are {}", listed(&full(noun, &siblings)))
        }
        EdgeRef::Service(..) => "no other service runs here".to_owned(),
        _ if siblings.is_empty() => format!("declare it: `[{text}]` in the file of `{}`", service.stem),
        _ => format!(
            "the {noun} of `{}` are {}; or declare it: `[{text}]`",
            service.stem,
            listed(&full(noun, &siblings))
        ),
    }
}

fn full(noun: &str, names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("{noun}.{name}")).collect()
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        for edge in workload.edges.iter().filter(|edge| edge.target.is_none()) {
            let left_out = match edge.written.get() {
                EdgeRef::Service(other, _) => cx.system.left_out.iter().find(|stem| *stem == other),
                _ => None,
            };
            found.push(match left_out {
                Some(other) => not_run_here(cx, (service, workload), edge, other),
                None => unknown(cx, service, workload, edge),
            });
        }
    }
}
