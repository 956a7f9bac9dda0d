//! Tries of a call that may not be made twice.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::system::external::Retry;
use crate::system::{External, Service};

pub(super) const CHECK: Check = check!("retry-not-idempotent", Deny, One(run));

fn repeated<'c>(cx: &'c Context<'c>, service: &Service, external: &External, retry: &Retry) -> Finding<'c> {
    let (path, name) = (noun(service, "externals", external.name.get()), external.name.get());
    cx.find(&CHECK, format!("calls of `{path}` are tried up to {} times, and are not said to be idempotent", external.attempts()))
        .at(retry.attempts.origin(), "more than one try")
        .also(retry.idempotent.origin(), "not idempotent")
        .note("an answer that comes too late looks like a failure, so the next try makes the payment, the order or the mail a second time")
        .help(format!(
            "if every call carries an idempotency key, or only reads, write `idempotent = true` below `[externals.{name}.retry]`"
        ))
        .help("else write `attempts = 1`")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for external in &service.externals {
            if let Some(retry) = &external.retry
                && external.attempts() > 1
                && !*retry.idempotent.get()
            {
                found.push(repeated(cx, service, external, retry));
            }
        }
    }
}
