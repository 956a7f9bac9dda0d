//! A call that may take longer than its caller promises to work.

use super::context::{Call, Finding, noun, path_of};
use super::{Check, Context, Found};
use crate::origin::Traced;
use crate::spec::workload::WorkloadKind;
use crate::value::{Duration, Value};

pub(super) const CHECK: Check = check!("deadline-overrun", Deny, One(run));

/// How long the caller works at most, and what that is called.
fn bound<'a>(call: &Call<'a>) -> Option<(&'a Traced<Duration>, &'static str)> {
    match call.workload.kind.get() {
        WorkloadKind::Http | WorkloadKind::Grpc => Some((&call.workload.timeout, "timeout")),
        WorkloadKind::Cron | WorkloadKind::Job => Some((&call.workload.deadline, "deadline")),
        WorkloadKind::Worker | WorkloadKind::Stateful | WorkloadKind::Daemon => None,
    }
}

fn overrun<'c>(cx: &'c Context<'c>, call: &Call<'_>, bound: &Traced<Duration>, word: &str) -> Finding<'c> {
    let (external, name) = (call.external, call.external.name.get());
    let (most, worst) = (bound.get().text(), Duration::from_millis(external.worst()));
    let path = noun(call.service, "externals", name);
    let caller = path_of(call.service, call.workload);
    let title = format!("a call of `{path}` may take {}, and `{caller}` has {most}", worst.text());
    let finding = cx.find(&CHECK, title);
    let finding = match &external.retry {
        Some(retry) if external.attempts() > 1 => finding
            .at(retry.attempts.origin(), format!("{} = {}", external.worst_terms(), worst.text()))
            .also(external.timeout.origin(), "for each try"),
        _ => finding.at(external.timeout.origin(), "for the call alone"),
    };
    let millis = bound.get().millis();
    let fits = external.attempts_within(millis);
    let waits =
        external.worst().saturating_sub(u64::from(external.attempts()) * external.timeout.get().millis());
    let each = millis.saturating_sub(waits) / u64::from(external.attempts());
    let attempts = (fits < external.attempts() && external.timeout.get().millis() <= millis)
        .then(|| format!("write `attempts = {fits}` below `[externals.{name}.retry]`"));
    let timeout = Duration::from_millis(if each >= 1000 { each / 1000 * 1000 } else { each / 10 * 10 });
    let shorter = (timeout.millis() > 0)
        .then(|| format!("write `timeout = \"{}\"` below `[externals.{name}]`", timeout.text()));
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
    for call in cx.calls() {
        if let Some((bound, word)) =
            bound(&call).filter(|(bound, _)| call.external.worst() > bound.get().millis())
        {
            found.push(overrun(cx, &call, bound, word));
        }
    }
}
