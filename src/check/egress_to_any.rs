//! Something of others whose addresses are not declared, so that every public address is open.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::origin::{NodeId, Origin, Traced};
use crate::system::{Service, Target};

pub(super) const CHECK: Check = check!("egress-to-any", Warn, One(run));

/// Something of others that a workload may use.
struct Outside<'a> {
    /// the table of its nouns
    noun: &'static str,
    name: &'a str,
    at: NodeId,
    /// where its host is written
    host: Origin,
    ports: Vec<u16>,
    target: Target,
    /// whether a policy can name it
    is_named: bool,
}

fn any_address<'c>(cx: &'c Context<'c>, service: &Service, outside: &Outside<'_>) -> Finding<'c> {
    let path = noun(service, outside.noun, outside.name);
    let mut ports: Vec<String> = outside.ports.iter().map(u16::to_string).collect();
    ports.dedup();
    let title = format!("who uses `{path}` may reach every public address on port {}", ports.join(", "));
    cx.find(&CHECK, title)
        .at_key(Origin::spec(outside.at), "without `cidrs`")
        .also(outside.host, "a network policy cannot name a host")
        .note("a program that was taken over could send data anywhere on that port")
        .help(format!(
            "if the provider publishes its addresses, write `cidrs = [\"198.51.100.0/24\"]` below `[{}.{}]`",
            outside.noun, outside.name
        ))
}

/// What of a service is somebody else's.
fn outside(service: &Service) -> Vec<Outside<'_>> {
    let externals = service.externals.iter().enumerate().map(|(index, external)| Outside {
        noun: "externals",
        name: external.name.get(),
        at: external.at,
        host: external.url.origin(),
        ports: vec![external.url.get().port_or_default()],
        target: Target::External(index),
        is_named: !external.cidrs.is_empty() || external.is_in_cluster(),
    });
    let caches = service.caches.iter().enumerate().map(|(index, cache)| Outside {
        noun: "caches",
        name: cache.name.get(),
        at: cache.at,
        host: cache.url.as_ref().map_or_else(|| cache.host.origin(), Traced::origin),
        ports: vec![*cache.port.get()],
        target: Target::Cache(index),
        is_named: !cache.cidrs.is_empty() || cache.is_in_cluster(),
    });
    let queues = service.queues.iter().enumerate().map(|(index, queue)| Outside {
        noun: "queues",
        name: queue.name.get(),
        at: queue.at,
        host: queue.servers(),
        ports: queue.addresses().map(|(_, port)| *port.get()).collect(),
        target: Target::Queue(index),
        is_named: !queue.cidrs.is_empty() || queue.is_in_cluster(),
    });
    externals.chain(caches).chain(queues).collect()
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        let edges = || service.workloads.iter().flat_map(|workload| &workload.edges);
        for outside in outside(service) {
            let is_used = edges().any(|edge| edge.target == Some(outside.target));
            if is_used && !outside.is_named {
                found.push(any_address(cx, service, &outside));
            }
        }
    }
}
