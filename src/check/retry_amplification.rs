//! So many tries that what is slow is buried under them.

use super::context::{Finding, noun};
use super::retries::{self, Chain};
use super::{Check, Context, Found};
use crate::system::patience::Retry;
use crate::value::Value;

pub(super) const CHECK: Check = check!("retry-amplification", Deny, One(run));

/// More tries than this are dangerous; more than [`MANY`] are worth a word (Google's SRE book, "Cascading Failures").
pub(super) const TOO_MANY: u32 = 8;
/// More tries than this are many.
pub(super) const MANY: u32 = 3;

fn amplified<'c>(cx: &'c Context<'c>, path: &str, retry: &Retry) -> Finding<'c> {
    let tries = retry.attempts.get();
    cx.find(&CHECK, format!("when `{path}` is slow, it gets up to {tries} times the calls"))
        .at(retry.attempts.origin(), format!("more than {TOO_MANY} tries"))
        .note("what is overloaded gets more load for it, and does not recover; whoever calls us and retries multiplies this once more")
        .help(format!("write `attempts = {MANY}` or less"))
        .help("work that must not be lost belongs into a queue or an outbox, not into a loop of tries")
}

/// Tries of several layers, which multiply.
pub(super) fn chained<'c>(cx: &'c Context<'c>, check: &Check, chain: &Chain<'_>, bound: u32) -> Finding<'c> {
    let product = chain.product();
    let mut finding = cx.find(
        check,
        format!(
            "when `{}` is slow, it gets up to {product} times the calls: {}",
            chain.end(),
            chain.factors()
        ),
    );
    for link in chain.links.iter().rev().filter(|link| link.attempts() > 1) {
        let Some(retry) = link.retry else { continue };
        let text = format!("{} tries of `{}`", link.attempts(), link.from);
        finding = if finding.has_place() {
            finding.also(retry.attempts.origin(), text)
        } else {
            finding.at(retry.attempts.origin(), text)
        };
    }
    let first = chain.links.iter().find(|link| link.attempts() > 1);
    let fewer = first.map(|first| {
        let rest = product / first.attempts();
        let fits = (bound / rest).max(1);
        let then = rest * fits;
        format!("write `attempts = {fits}` in {}: then it is {then} times", first.table)
    });
    finding
        .note(format!("each layer tries again all that the layers below it tried: {}", chain.route()))
        .note("what is overloaded gets more load for it, and does not recover")
        .maybe_help(fewer)
        .help("let one layer try again, the one beside what fails, and let the others pass the error on")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for external in &service.externals {
            if let Some(retry) = external.retry.as_ref().filter(|_| external.attempts() > TOO_MANY) {
                found.push(amplified(cx, &noun(service, "externals", external.name.get()), retry));
            }
        }
    }
    for (_, _, edge, calls) in retries::of_workloads(cx) {
        if let Some(retry) = calls.retry.as_ref().filter(|_| calls.patience().attempts() > TOO_MANY) {
            found.push(amplified(cx, &edge.written.get().text(), retry));
        }
    }
    for chain in retries::chains(cx, TOO_MANY) {
        found.push(chained(cx, &CHECK, &chain, TOO_MANY));
    }
}
