//! So many tries that a slow service of others is buried under them.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::system::external::Retry;
use crate::system::{External, Service};

pub(super) const CHECK: Check = check!("retry-amplification", Deny, One(run));

/// More tries than this are dangerous; more than [`MANY`] are worth a word (Google's SRE book, "Cascading Failures").
const TOO_MANY: u32 = 8;
/// More tries than this are many.
pub(super) const MANY: u32 = 3;

fn amplified<'c>(cx: &'c Context<'c>, service: &Service, external: &External, retry: &Retry) -> Finding<'c> {
    let (path, tries) = (noun(service, "externals", external.name.get()), external.attempts());
    cx.find(&CHECK, format!("when `{path}` is slow, it gets up to {tries} times the calls"))
        .at(retry.attempts.origin(), format!("more than {TOO_MANY} tries"))
        .note("what is overloaded gets more load for it, and does not recover; whoever calls us and retries multiplies this once more")
        .help(format!("write `attempts = {MANY}` or less"))
        .help("work that must not be lost belongs into a queue or an outbox, not into a loop of tries")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for external in &service.externals {
            if let Some(retry) = external.retry.as_ref().filter(|_| external.attempts() > TOO_MANY) {
                found.push(amplified(cx, service, external, retry));
            }
        }
    }
}

/// Whether so many tries are advised against, and not yet dangerous.
pub(super) fn is_many(external: &External) -> bool {
    external.attempts() > MANY && external.attempts() <= TOO_MANY
}
