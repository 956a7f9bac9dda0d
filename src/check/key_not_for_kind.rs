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
    use WorkloadKind::{Cron, Daemon, Grpc, Http, Job, Stateful, Worker};
    let mut all = Vec::new();
    let mut only = |kinds: &[WorkloadKind], key, at: Option<Origin>, why| {
        if !kinds.contains(&kind) {
            all.extend(at.map(|at| Misplaced { key, at, why }));
        }
    };
    let why = "only a `cron` runs at times";
    only(&[Cron], "schedule", table.schedule.as_ref().map(Traced::origin), why);
    only(&[Cron], "timezone", table.timezone.as_ref().map(Traced::origin), why);
    let why = "only runs of a `cron` or a `job` end";
    only(&[Cron, Job], "deadline", table.deadline.as_ref().map(Traced::origin), why);
    only(&[Cron, Job], "run", table.run.as_ref().map(|v| Origin::spec(v.at)), why);
    if let Some(table) = table.run.as_ref().filter(|_| matches!(kind, Cron | Job)) {
        let why = "only a `cron` runs again and again";
        only(&[Cron], "run.overlap", table.overlap.as_ref().map(Traced::origin), why);
        only(&[Cron], "run.heavy", table.heavy.as_ref().map(Traced::origin), why);
        only(&[Cron], "run.suspend", table.suspend.as_ref().map(Traced::origin), why);
        only(&[Cron], "run.history", table.history.as_ref().map(Traced::origin), why);
        only(&[Cron], "run.failed_history", table.failed_history.as_ref().map(Traced::origin), why);
        only(&[Cron], "run.start_within", table.start_within.as_ref().map(Traced::origin), why);
        let why = "only a `job` runs once for each version";
        only(&[Job], "run.when", table.when.as_ref().map(Traced::origin), why);
    }
    let why = "only a `stateful` workload has ordinals and disks of its pods";
    only(&[Stateful], "stateful", table.stateful.as_ref().map(|v| Origin::spec(v.at)), why);

    let why = "only `http` and `grpc` answer requests";
    only(&[Http, Grpc], "timeout", table.timeout.as_ref().map(Traced::origin), why);

    let why = "nobody decides how many pods it has: a run has its own, a `daemon` one on each node";
    let counted = [Http, Grpc, Worker, Stateful];
    only(&counted, "scale", table.scale.as_ref().map(|v| Origin::spec(v.at)), why);
    only(&counted, "replicas", table.replicas.as_ref().map(Traced::origin), why);
    let why = "a run is not replaced, it ends";
    let running = [Http, Grpc, Worker, Stateful, Daemon];
    only(&running, "rolling", table.rolling.as_ref().map(|v| Origin::spec(v.at)), why);
    only(&running, "resize", table.resize.as_ref().map(Traced::origin), "a run is over before it can learn");
    let why = "only the pods of a Deployment can all go at once";
    only(&[Http, Grpc, Worker], "rollout", table.rollout.as_ref().map(Traced::origin), why);

    let why = "nobody calls a run that comes and goes";
    only(&running, "port", table.port.as_ref().map(Traced::origin), why);
    only(&running, "ports", table.ports.iter().next().map(|(_, entry)| entry.key.origin()), why);
    only(&running, "service", table.service.as_ref().map(|v| Origin::spec(v.at)), why);
    only(&running, "route", table.route.as_ref().map(|v| Origin::spec(v.at)), why);
    only(&running, "routes", table.routes.iter().next().map(|(_, entry)| entry.key.origin()), why);
    only(&running, "services", table.services.iter().next().map(|(_, entry)| entry.key.origin()), why);
    let why = "nobody asks a run for its health, which ends by itself";
    only(&running, "health", table.health.as_ref().map(|v| Origin::spec(v.at)), why);
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
