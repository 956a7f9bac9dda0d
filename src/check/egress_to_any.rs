//! A service of others that nothing narrows the way to, so that every public address is open.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::system::{External, Service, Target, Way};

pub(super) const CHECK: Check = check!("egress-to-any", Deny, One(run));

fn any_address<'c>(cx: &'c Context<'c>, service: &Service, external: &External) -> Finding<'c> {
    let (path, name) = (noun(service, "externals", external.name.get()), external.name.get());
    let port = external.url.get().port_or_default();
    let title = format!("who uses `{path}` may reach every public address on port {port}");
    cx.find(&CHECK, title)
        .at_key(Origin::spec(external.at), "without `cidrs`")
        .also(external.url.origin(), "a network policy cannot name a host")
        .note("a program that was taken over could send data anywhere on that port")
        .help(format!(
            "if the provider publishes its addresses, write `cidrs = [\"198.51.100.0/24\"]` below `[externals.{name}]`"
        ))
        .help("if the cluster can hold programs to host names, write `egress = \"istio\"` or `\"cilium\"` below `[platform]`")
        .help(format!("else accept it: `any_address = {{ reason = \"<why>\" }}` below `[externals.{name}]`"))
}

fn over<'c>(
    cx: &'c Context<'c>,
    service: &Service,
    external: &External,
    (day, at): (&str, Origin),
) -> Finding<'c> {
    let path = noun(service, "externals", external.name.get());
    cx.find(&CHECK, format!("that `{path}` opens every public address was accepted until {day}"))
        .at(at, "over")
        .also(external.url.origin(), "a network policy cannot name a host")
        .note("it was accepted for a time, so that somebody looks at it again")
        .help("write `cidrs`, or decide anew and write a later day with the reason")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        let edges = || service.workloads.iter().flat_map(|workload| &workload.edges);
        for (index, external) in service.externals.iter().enumerate() {
            let is_used = edges().any(|edge| edge.target == Some(Target::External(index)));
            if !is_used || *external.way.get() != Way::Anywhere {
                continue;
            }
            match (&external.any_address, cx.as_of) {
                (None, _) => found.push(any_address(cx, service, external)),
                (Some(accepted), Some(as_of)) => {
                    let until = accepted.until.as_ref().filter(|until| until.get().0.as_str() < as_of);
                    if let Some(until) = until {
                        found.push(over(cx, service, external, (&until.get().0, until.origin())));
                    }
                }
                (Some(_), None) => {}
            }
        }
    }
}
