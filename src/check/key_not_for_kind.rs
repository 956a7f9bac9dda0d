//! A key that means nothing for this kind of workload.

use super::context::{Finding, path_of, written};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::spec::decode::Choice;
use crate::spec::workload::{self as spec, WorkloadKind};
use crate::system::{Service, Workload};

pub(super) const CHECK: Check = check!("key-not-for-kind", Error, One(run));

fn not_for<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    misplaced: &Misplaced,
) -> Finding<'c> {
    let (path, kind, key) = (path_of(service, workload), workload.kind.get().word(), misplaced.key);
    let name = workload.name.get();
    let finding = cx
        .find(&CHECK, format!("`{key}` means nothing for `{path}`, which is of kind `{kind}`"))
        .at_key(misplaced.at, misplaced.why)
        .also(workload.kind.origin(), format!("kind `{kind}`"));
    let finding = match cx.node(workload.kind.origin()) {
        Some(_) => finding,
        None => finding.note(format!("a workload without `kind` is `{kind}`")),
    };
    let is_layered = cx.apart(misplaced.at, workload.kind.origin());
    finding
        .help("delete the key, or write the `kind` that it belongs to")
        .maybe_help(is_layered.then(|| cx.remove(service, &format!("workloads.{name}.{key}"))))
}

struct Misplaced {
    key: &'static str,
    at: Origin,
    why: &'static str,
}

/// The keys of `table` that a workload of this kind does not read.
fn misplaced(kind: WorkloadKind, table: &spec::Workload) -> Vec<Misplaced> {
    let mut all = Vec::new();
    let mut add = |key, at: Option<Origin>, why| all.extend(at.map(|at| Misplaced { key, at, why }));
    let (is_cron, is_http) = (kind == WorkloadKind::Cron, kind == WorkloadKind::Http);
    if !is_cron {
        let why = "only a `cron` runs at times";
        add("schedule", table.schedule.as_ref().map(Traced::origin), why);
        add("timezone", table.timezone.as_ref().map(Traced::origin), why);
        add("deadline", table.deadline.as_ref().map(Traced::origin), "only runs of a `cron` end");
    }
    if !is_http {
        add("route", table.route.as_ref().map(|v| Origin::spec(v.at)), "only `http` is reached from outside");
        add("timeout", table.timeout.as_ref().map(Traced::origin), "only `http` answers requests");
    }
    if is_cron {
        let why = "each run is one pod";
        add("scale", table.scale.as_ref().map(|v| Origin::spec(v.at)), why);
        add("replicas", table.replicas.as_ref().map(Traced::origin), why);
        let why = "nobody calls a run that comes and goes";
        add("port", table.port.as_ref().map(Traced::origin), why);
        add("ports", table.ports.iter().next().map(|(_, entry)| entry.key.origin()), why);
    }
    if kind == WorkloadKind::Cron || (kind == WorkloadKind::Worker && table.port.is_none()) {
        let why = "health is asked for on `port`, which there is not";
        add("health", table.health.as_ref().map(|v| Origin::spec(v.at)), why);
    }
    all
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let Some(table) = written(service, workload) else { continue };
        for misplaced in misplaced(*workload.kind.get(), table) {
            found.push(not_for(cx, (service, workload), &misplaced));
        }
    }
}
