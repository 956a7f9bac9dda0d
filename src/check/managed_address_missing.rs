//! A database of others whose addresses are not declared.

use super::context::noun;
use super::{Check, Context, Found};
use crate::origin::Origin;

pub(super) const CHECK: Check = check!("managed-address-missing", Deny, One(run));

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for managed in &service.managed {
            if managed.callers.is_empty() || !managed.cidrs.is_empty() {
                continue;
            }
            let (path, name) = (noun(service, "databases", managed.name.get()), managed.name.get());
            let port = managed.port.get();
            found.push(
                cx.find(&CHECK, format!("the addresses of `{path}` are not declared, so that only public ones are open"))
                    .at_key(Origin::spec(managed.at), "without `cidrs`")
                    .also(managed.host.origin(), "a network policy cannot name a host")
                    .note(format!("in a provider's private network it stays out of reach; outside, port {port} of every public address is open"))
                    .help(format!("write the range of its subnets below `[databases.{name}]`: `cidrs = [\"10.64.0.0/24\"]`")),
            );
        }
    }
}
