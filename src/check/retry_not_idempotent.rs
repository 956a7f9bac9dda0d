//! Tries of a call that may not be made twice.

use super::context::{Finding, noun};
use super::{Check, Context, Found, retries};
use crate::system::patience::Retry;
use crate::value::Value;

pub(super) const CHECK: Check = check!("retry-not-idempotent", Deny, One(run));

fn repeated<'c>(cx: &'c Context<'c>, path: &str, table: &str, retry: &Retry) -> Finding<'c> {
    cx.find(&CHECK, format!("calls of `{path}` are tried up to {} times, and are not said to be idempotent", retry.attempts.get()))
        .at(retry.attempts.origin(), "more than one try")
        .also(retry.idempotent.origin(), "not idempotent")
        .note("an answer that comes too late looks like a failure, so the next try makes the payment, the order or the mail a second time")
        .help(format!(
            "if every call carries an idempotency key, or only reads, write `idempotent = true` below `[{table}]`"
        ))
        .help("else write `attempts = 1`")
}

/// Whether it tries again what it may not.
fn is_repeated(retry: &&Retry) -> bool {
    *retry.attempts.get() > 1 && !*retry.idempotent.get()
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for external in &service.externals {
            let name = external.name.get();
            if let Some(retry) = external.retry.as_ref().filter(is_repeated) {
                let table = format!("externals.{name}.retry");
                found.push(repeated(cx, &noun(service, "externals", name), &table, retry));
            }
        }
    }
    for (_, workload, edge, calls) in retries::of_workloads(cx) {
        if let Some(retry) = calls.retry.as_ref().filter(is_repeated) {
            let written = edge.written.get().text();
            let table = format!("workloads.{}.calls.\"{written}\".retry", workload.name.get());
            found.push(repeated(cx, &written, &table, retry));
        }
    }
}
