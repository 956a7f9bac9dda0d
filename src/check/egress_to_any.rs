//! Something of others that nothing narrows the way to, so that every public address is open.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::origin::{NodeId, Origin, Traced};
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

/// A cache or a queue of others that a workload may use.
struct Store<'a> {
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

fn any_store<'c>(cx: &'c Context<'c>, service: &Service, store: &Store<'_>) -> Finding<'c> {
    let path = noun(service, store.noun, store.name);
    let mut ports: Vec<String> = store.ports.iter().map(u16::to_string).collect();
    ports.dedup();
    let title = format!("who uses `{path}` may reach every public address on port {}", ports.join(", "));
    cx.find(&CHECK, title)
        .at_key(Origin::spec(store.at), "without `cidrs`")
        .also(store.host, "a network policy cannot name a host")
        .note("a program that was taken over could send data anywhere on that port")
        .help(format!(
            "write the addresses that whoever runs it publishes: `cidrs = [\"198.51.100.0/24\"]` below `[{}.{}]`",
            store.noun, store.name
        ))
}

/// The caches and queues of a service that are somebody else's.
fn stores(service: &Service) -> Vec<Store<'_>> {
    let caches = service.caches.iter().enumerate().map(|(index, cache)| Store {
        noun: "caches",
        name: cache.name.get(),
        at: cache.at,
        host: cache.url.as_ref().map_or_else(|| cache.host.origin(), Traced::origin),
        ports: vec![*cache.port.get()],
        target: Target::Cache(index),
        is_named: !cache.cidrs.is_empty() || cache.is_in_cluster(),
    });
    let queues = service.queues.iter().enumerate().map(|(index, queue)| Store {
        noun: "queues",
        name: queue.name.get(),
        at: queue.at,
        host: queue.servers(),
        ports: queue.addresses().map(|(_, port)| *port.get()).collect(),
        target: Target::Queue(index),
        is_named: !queue.cidrs.is_empty() || queue.is_in_cluster(),
    });
    caches.chain(queues).collect()
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        let edges = || service.workloads.iter().flat_map(|workload| &workload.edges);
        for store in stores(service).iter().filter(|store| !store.is_named) {
            if edges().any(|edge| edge.target == Some(store.target)) {
                found.push(any_store(cx, service, store));
            }
        }
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
