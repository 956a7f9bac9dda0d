//! A call that may take longer than its caller promises to work.

use super::context::{Finding, noun, path_of};
use super::{Check, Context, Found, retries};
use crate::origin::Traced;
use crate::spec::workload::WorkloadKind;
use crate::system::patience::Patience;
use crate::system::{Edge, Service, Workload};
use crate::value::{Duration, Value};

pub(super) const CHECK: Check = check!("deadline-overrun", Deny, One(run));

/// How long a workload works at most, and what that is called.
fn bound(workload: &Workload) -> Option<(&Traced<Duration>, &'static str)> {
    match workload.kind.get() {
        WorkloadKind::Http | WorkloadKind::Grpc => Some((&workload.timeout, "timeout")),
        WorkloadKind::Cron | WorkloadKind::Job => Some((&workload.deadline, "deadline")),
        WorkloadKind::Worker | WorkloadKind::Stateful | WorkloadKind::Daemon => None,
    }
}

/// A call, whoever is called.
struct Made<'a> {
    service: &'a Service,
    workload: &'a Workload,
    edge: &'a Edge,
    /// who is called
    path: String,
    /// where its bounds are written
    table: String,
    patience: Patience<'a>,
}

fn overrun<'c>(cx: &'c Context<'c>, call: &Made<'_>, bound: &Traced<Duration>, word: &str) -> Finding<'c> {
    let (patience, table) = (call.patience, &call.table);
    let (most, worst) = (bound.get().text(), Duration::from_millis(patience.worst()));
    let caller = path_of(call.service, call.workload);
    let title = format!("a call of `{}` may take {}, and `{caller}` has {most}", call.path, worst.text());
    let finding = cx.find(&CHECK, title);
    let finding = match patience.retry {
        Some(retry) if patience.attempts() > 1 => finding
            .at(retry.attempts.origin(), format!("{} = {}", patience.worst_terms(), worst.text()))
            .also(patience.timeout.origin(), "for each try"),
        _ => finding.at(patience.timeout.origin(), "for the call alone"),
    };
    let millis = bound.get().millis();
    let fits = patience.attempts_within(millis);
    let attempts = (fits < patience.attempts() && patience.timeout.get().millis() <= millis)
        .then(|| format!("write `attempts = {fits}` below `[{table}.retry]`"));
    let shorter = patience
        .timeout_within(millis)
        .map(|timeout| format!("write `timeout = \"{}\"` below `[{table}]`", timeout.text()));
    finding
        .also_key(bound.origin(), format!("`{caller}` has {most} in all"))
        .also(call.edge.written.origin(), "calls it")
        .note("the caller gives up first, so the last tries are work for nobody, and their answers are lost")
        .maybe_help(attempts)
        .maybe_help(shorter)
        .help(format!(
            "or give the caller more time: `{word} = \"{}\"` below `[workloads.{}]`",
            Duration::from_seconds(worst.seconds_ceil()).text(),
            call.workload.name.get()
        ))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    let of_others = cx.calls().into_iter().map(|call| Made {
        service: call.service,
        workload: call.workload,
        edge: call.edge,
        path: noun(call.service, "externals", call.external.name.get()),
        table: format!("externals.{}", call.external.name.get()),
        patience: call.external.patience(),
    });
    let of_ours = retries::of_workloads(cx).map(|(service, workload, edge, calls)| {
        let path = edge.written.get().text().into_owned();
        let table = format!("workloads.{}.calls.\"{path}\"", workload.name.get());
        Made { service, workload, edge, path, table, patience: calls.patience() }
    });
    // a call of ours without tries is the business of `timeout-inversion`
    for call in of_others.chain(of_ours.filter(|call| call.patience.attempts() > 1)) {
        let over = |(bound, _): &(&Traced<Duration>, _)| call.patience.worst() > bound.get().millis();
        if let Some((bound, word)) = bound(call.workload).filter(over) {
            found.push(overrun(cx, &call, bound, word));
        }
    }
}
