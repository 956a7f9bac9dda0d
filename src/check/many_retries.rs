//! More tries than help.

use super::context::{Finding, noun};
use super::retries;
use super::retry_amplification::{MANY, TOO_MANY, chained};
use super::{Check, Context, Found};
use crate::system::patience::Retry;
use crate::value::Value;

pub(super) const CHECK: Check = check!("many-retries", Warn, One(run));

fn many<'c>(cx: &'c Context<'c>, path: &str, retry: &Retry) -> Finding<'c> {
    let tries = retry.attempts.get();
    cx.find(&CHECK, format!("when `{path}` is slow, it gets up to {tries} times the calls"))
        .at(retry.attempts.origin(), format!("more than {MANY} tries"))
        .note("a fault that two more tries do not get over seldom ends within the next ones")
        .help(format!("write `attempts = {MANY}`"))
}

/// Whether so many tries are advised against, and not yet dangerous.
fn is_many(attempts: u32) -> bool {
    attempts > MANY && attempts <= TOO_MANY
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for external in service.externals.iter().filter(|external| is_many(external.attempts())) {
            if let Some(retry) = &external.retry {
                found.push(many(cx, &noun(service, "externals", external.name.get()), retry));
            }
        }
    }
    for (_, _, edge, calls) in retries::of_workloads(cx) {
        if let Some(retry) = calls.retry.as_ref().filter(|_| is_many(calls.patience().attempts())) {
            found.push(many(cx, &edge.written.get().text(), retry));
        }
    }
    for chain in retries::chains(cx, MANY).iter().filter(|chain| chain.product() <= TOO_MANY) {
        found.push(chained(cx, &CHECK, chain, MANY));
    }
}
