//! A service of others whose addresses are not declared, so that every public address is open.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::system::{External, Service, Target};

pub(super) const CHECK: Check = check!("egress-to-any", Warn, One(run));

fn any_address<'c>(cx: &'c Context<'c>, service: &Service, external: &External) -> Finding<'c> {
    let path = noun(service, "externals", external.name.get());
    let port = external.url.get().port_or_default();
    let title = format!("who uses `{path}` may reach every public address on port {port}");
    cx.find(&CHECK, title)
        .at_key(Origin::spec(external.at), "without `cidrs`")
        .also(external.url.origin(), "a network policy cannot name a host")
        .note("a program that was taken over could send data anywhere on that port")
        .help(format!(
            "if the provider publishes its addresses, write `cidrs = [\"198.51.100.0/24\"]` below `[externals.{}]`",
            external.name.get()
        ))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        let edges = || service.workloads.iter().flat_map(|workload| &workload.edges);
        for (index, external) in service.externals.iter().enumerate() {
            let is_used = edges().any(|edge| edge.target == Some(Target::External(index)));
            if is_used && external.cidrs.is_empty() && !external.is_in_cluster() {
                found.push(any_address(cx, service, external));
            }
        }
    }
}
