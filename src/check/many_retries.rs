//! More tries than help.

use super::context::{Finding, noun};
use super::retry_amplification::{MANY, is_many};
use super::{Check, Context, Found};
use crate::system::external::Retry;
use crate::system::{External, Service};

pub(super) const CHECK: Check = check!("many-retries", Warn, One(run));

fn many<'c>(cx: &'c Context<'c>, service: &Service, external: &External, retry: &Retry) -> Finding<'c> {
    let (path, tries) = (noun(service, "externals", external.name.get()), external.attempts());
    cx.find(&CHECK, format!("when `{path}` is slow, it gets up to {tries} times the calls"))
        .at(retry.attempts.origin(), format!("more than {MANY} tries"))
        .note("a fault that two more tries do not get over seldom ends within the next ones")
        .help(format!("write `attempts = {MANY}`"))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for external in service.externals.iter().filter(|external| is_many(external)) {
            if let Some(retry) = &external.retry {
                found.push(many(cx, service, external, retry));
            }
        }
    }
}
