//! An exception from the hardened default whose last day is over.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::Traced;
use crate::spec::checks::Day;
use crate::system::{Service, Workload};

pub(super) const CHECK: Check = check!("security-exception-over", Error, One(run));

fn over<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    (until, as_of): (&Traced<Day>, &str),
) -> Finding<'c> {
    let (path, day) = (path_of(service, workload), &until.get().0);
    cx.find(&CHECK, format!("the security exception of `{path}` ended on {day}"))
        .at(until.origin(), format!("over on {as_of}"))
        .note("it was granted for a time, so that somebody looks at it again")
        .help("take the exception away, or decide anew and write a later day with the reason")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    let Some(as_of) = cx.as_of else { return };
    for (service, workload) in cx.system.workloads() {
        let Some(until) = workload.security().and_then(|security| security.until.as_ref()) else { continue };
        if until.get().0.as_str() < as_of {
            found.push(over(cx, (service, workload), (until, as_of)));
        }
    }
}
