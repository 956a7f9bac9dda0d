//! A bound on connecting that the bound on the whole call comes before.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::system::{External, Service};
use crate::value::Value;

pub(super) const CHECK: Check = check!("connect-timeout-too-long", Deny, One(run));

fn too_long<'c>(cx: &'c Context<'c>, service: &Service, external: &External) -> Finding<'c> {
    let (connect, all) = (external.connect_timeout.get().text(), external.timeout.get().text());
    let path = noun(service, "externals", external.name.get());
    cx.find(&CHECK, format!("connecting to `{path}` may take {connect}, and the whole call {all}"))
        .at(external.connect_timeout.origin(), format!("not less than {all}"))
        .at(external.timeout.origin(), format!("not more than {connect}"))
        .also(external.timeout.origin(), "connecting is a part of this")
        .note("a host that cannot be reached then looks like one that is slow, and takes as long")
        .help("delete `connect_timeout`, which is a third of `timeout` and at most `\"1s\"` unless it is written")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for external in &service.externals {
            if external.connect_timeout.get() >= external.timeout.get() {
                found.push(too_long(cx, service, external));
            }
        }
    }
}
