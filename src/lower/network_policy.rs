//! Who may talk to whom: one policy for the pods of each noun, with both halves of every edge.
//!
//! A NetworkPolicy names the port that the pod listens on, not the Service's, since it is judged behind the Service's
//! translation (Kubernetes docs, "Network Policies"). Rules are kept apart by what they are for, so that `explain` and a
//! reviewer see each flow under its own name.

mod databases;
mod elsewhere;
mod external;

use std::collections::BTreeMap;

use super::Cx;
use super::labels::{self, Identity};
use super::pod::protocol;
use crate::k8s::{
    EgressRule, IngressRule, IpBlock, LabelSelector, Labels, NetworkPolicy, NetworkPolicySpec, Operator,
    Peer, PolicyPort, PolicyType, Protocol, Requirement, Selects,
};
use crate::origin::{
    CACHE_PORT, DATABASE_PORT, KIND, NET_API, NET_DEFAULT_DENY, NET_DNS, NET_EDGE, NET_GATEWAY,
    NET_MONITORING, NET_OPERATOR, NET_OUTSIDE, NET_POOLER, NET_SCALER, NET_SELF, Origin, Rule, Traced, rule,
};
use crate::spec::workload::{ExternalTraffic, ScaleQueue};
use crate::system::{Cache, Caller, Port, Service, Target, Workload};
use crate::text::Text;
use crate::walk::Items;
use elsewhere::{Elsewhere, everything_public};

/// A policy under construction: the rules of one noun's pods.
pub(super) struct Rules<'a> {
    cx: &'a Cx<'a>,
    namespace: &'a Traced<Text>,
    ingress: Items<IngressRule>,
    egress: Items<EgressRule>,
}

impl<'a> Rules<'a> {
    pub(super) fn new(cx: &'a Cx<'a>, namespace: &'a Traced<Text>) -> Self {
        Rules { cx, namespace, ingress: Items::default(), egress: Items::default() }
    }

    fn from(&mut self, key: impl Into<Text>, because: Origin, from: Items<Peer>, ports: Items<PolicyPort>) {
        self.ingress.push(key, because, IngressRule { from, ports });
    }

    fn to(&mut self, key: impl Into<Text>, because: Origin, to: Items<Peer>, ports: Items<PolicyPort>) {
        self.egress.push(key, because, EgressRule { to, ports });
    }

    /// Names are resolved by the platform's resolver, over UDP and, for long answers, TCP.
    pub(super) fn dns(&mut self) {
        let mut ports = Items::default();
        for protocol in [Protocol::Udp, Protocol::Tcp] {
            let port = PolicyPort { protocol: rule(NET_DNS, protocol), port: rule(NET_DNS, 53) };
            ports.push(format!("53/{}", protocol.word()), Origin::rule(NET_DNS), port);
        }
        let dns = &self.cx.platform().dns;
        let origin = self.cx.tracer.because(NET_DNS, &[dns.because]);
        self.to("dns", origin, Items::one("dns", origin, platform_peer(dns)), ports);
    }

    /// The scraper reads metrics on `port`.
    pub(super) fn monitoring(&mut self, port: Traced<u16>, because: Origin) {
        let scraper = &self.cx.platform().monitoring;
        let origin = self.cx.tracer.because(NET_MONITORING, &[because, scraper.because, port.origin()]);
        let peers = Items::one("monitoring", origin, platform_peer(scraper));
        let again = self.ingress.iter().any(|rule| rule.key.as_str() == "monitoring");
        let key = if again { Text::from(format!("monitoring-{}", port.get())) } else { "monitoring".into() };
        self.from(key, origin, peers, tcp(port, NET_MONITORING));
    }

    /// Everyone whose `uses` leads here, by name and namespace.
    pub(super) fn callers(&mut self, callers: &[Caller], ports: &Items<PolicyPort>) {
        self.callers_but(callers, &[], ports);
    }

    /// As [`Rules::callers`], where `others`, of the same namespace, use the same thing and do not come this way.
    pub(super) fn callers_but(&mut self, callers: &[Caller], others: &[Caller], ports: &Items<PolicyPort>) {
        let mut by_namespace: BTreeMap<&Text, Vec<&Caller>> = BTreeMap::new();
        for caller in callers {
            by_namespace.entry(caller.namespace.get()).or_default().push(caller);
        }
        let mut peers = Items::default();
        for (namespace, mut callers) in by_namespace {
            callers.sort_by(|a, b| a.object.get().cmp(b.object.get()));
            callers.dedup_by(|a, b| a.object.get() == b.object.get());
            let because: Vec<Origin> =
                callers.iter().flat_map(|c| [c.because, c.namespace.origin()]).collect();
            let because = self.cx.tracer.because(NET_EDGE, &because);
            let mut values = Items::default();
            for caller in &callers {
                let origin = self.cx.tracer.because(NET_EDGE, &[caller.because, caller.object.origin()]);
                let name = caller.object.get().clone();
                values.push(name.clone(), origin, Traced::because(name, origin));
            }
            for other in others {
                values.leave_out(other.object.get().clone(), other.because);
            }
            let requirement = Requirement {
                key: Traced::because(labels::name_key(), because),
                operator: Traced::because(Operator::In, because),
                values,
            };
            let selector = LabelSelector {
                match_labels: Labels::default(),
                match_expressions: Items::one("name", because, requirement),
            };
            let theirs = callers.first().map(|c| &c.namespace);
            let peer = Peer {
                namespace_selector: theirs.and_then(|theirs| self.other_namespace(theirs)),
                pod_selector: Some(Selects::Matching(selector)),
                ip_block: None,
            };
            peers.push(namespace.clone(), because, peer);
        }
        if !callers.is_empty() {
            let because: Vec<Origin> = callers.iter().map(|c| c.because).collect();
            self.from("callers", self.cx.tracer.because(NET_EDGE, &because), peers, ports.clone());
        } else if !others.is_empty() {
            let because: Vec<Origin> = others.iter().map(|c| c.because).collect();
            self.ingress.leave_out("callers", self.cx.tracer.because(NET_EDGE, &because));
        }
    }

    /// Pods of the noun itself, in both directions: what its own instances need.
    pub(super) fn themselves(&mut self, identity: &Identity, ports: &Items<PolicyPort>) {
        let origin = Origin::rule(NET_SELF);
        self.from("self", origin, Items::one("self", origin, own_pods(identity)), ports.clone());
        self.only_to_themselves(identity, ports);
    }

    /// What goes out to nobody but the pods of the noun itself.
    pub(super) fn only_to_themselves(&mut self, identity: &Identity, ports: &Items<PolicyPort>) {
        let origin = Origin::rule(NET_SELF);
        self.to("self", origin, Items::one("self", origin, own_pods(identity)), ports.clone());
    }

    /// A rule that opens nothing to others, where no other lets anything in, since there is nothing to reach: `lacking`.
    pub(super) fn at_least_themselves(
        &mut self,
        identity: &Identity,
        ports: &Items<PolicyPort>,
        lacking: &[Origin],
    ) {
        if self.ingress.is_empty() {
            let origin = self.cx.tracer.because(NET_SELF, lacking);
            self.from("self", origin, Items::one("self", origin, own_pods(identity)), ports.clone());
        } else {
            let others: Vec<Origin> = self.ingress.iter().map(|rule| rule.because).collect();
            self.ingress.leave_out("self", self.cx.tracer.because(NET_SELF, &others));
        }
    }

    /// CloudNativePG's operator watches and configures its instances.
    pub(super) fn operator(&mut self) {
        let operator = &self.cx.platform().cnpg;
        let origin = self.cx.tracer.because(NET_OPERATOR, &[operator.because]);
        let mut ports = Items::default();
        for port in [5432, 8000] {
            let port_of =
                PolicyPort { protocol: rule(NET_OPERATOR, Protocol::Tcp), port: rule(NET_OPERATOR, port) };
            ports.push(format!("{port}/TCP"), origin, port_of);
        }
        self.from("operator", origin, Items::one("cnpg", origin, platform_peer(operator)), ports);
    }

    /// KEDA asks how much work waits, where a workload scales by it.
    pub(super) fn scaler(
        &mut self,
        service: &Service,
        is_asked: impl Fn(&ScaleQueue) -> bool,
        port: Traced<u16>,
    ) {
        let keda = &self.cx.platform().keda;
        let mut inputs: Vec<Origin> = service.workloads.iter().map(|w| w.replicas.origin()).collect();
        inputs.push(keda.because);
        let origin = self.cx.tracer.because(NET_SCALER, &inputs);
        if !service.workloads.iter().any(|w| w.scales_by().is_some_and(&is_asked)) {
            return self.ingress.leave_out("scaler", origin);
        }
        self.from("scaler", origin, Items::one("keda", origin, platform_peer(keda)), tcp(port, NET_SCALER));
    }

    /// The Gateway or the ingress controller reaches the ports that routes lead to, and no other.
    fn gateway(&mut self, workload: &Workload) {
        let Some(gateway) = &self.cx.platform().gateway_peer else { return };
        let (mut why, mut ports) = (vec![gateway.because], Items::<PolicyPort>::default());
        for route in &workload.routes {
            let Some(port) = route.port(workload) else { continue };
            let origin = self.cx.tracer.because(NET_GATEWAY, &[port.because, route.port_because()]);
            why.extend([route.because, origin]);
            let key = format!("{}/TCP", port.number.get());
            if !ports.iter().any(|known| known.key.as_str() == key) {
                let inputs = [port.number.origin(), origin];
                let number =
                    Traced::because(*port.number.get(), self.cx.tracer.because(NET_GATEWAY, &inputs));
                let protocol = rule(NET_GATEWAY, Protocol::Tcp);
                ports.push(key, number.origin(), PolicyPort { protocol, port: number.cast() });
            }
        }
        if !ports.is_empty() {
            let origin = self.cx.tracer.because(NET_GATEWAY, &why);
            self.from("gateway", origin, Items::one("gateway", origin, platform_peer(gateway)), ports);
        }
    }

    /// Callers from outside of the cluster, who come through a load balancer or a port of the nodes.
    fn outside(&mut self, workload: &Workload) {
        for (name, settings) in workload.outside() {
            let switches = [
                settings.kind.map(|kind| kind.origin()),
                settings.external_traffic.map(|traffic| traffic.origin()),
                settings.source_ranges.at.map(Origin::spec),
                settings.ports.at.map(Origin::spec),
            ];
            let mut why = vec![Origin::spec(settings.at)];
            why.extend(switches.into_iter().flatten());
            let because = self.cx.tracer.because(NET_OUTSIDE, &why);
            let sees_callers = settings.external_traffic.is_some_and(|t| *t.get() == ExternalTraffic::Local);
            let mut peers = Items::default();
            // else the node's address takes the place of the caller's, and only the load balancer can tell callers apart:
            // no peer at all is everybody
            for range in settings.source_ranges.iter().filter(|_| sees_callers).map(super::amount) {
                let block = IpBlock { cidr: range.clone(), except: Vec::new() };
                let peer = Peer { namespace_selector: None, pod_selector: None, ip_block: Some(block) };
                peers.push(range.get().clone(), range.origin(), peer);
            }
            let wanted = |port: &&Port| {
                let only = &settings.ports;
                only.is_empty() || only.iter().any(|name| super::amount(name).get() == port.name.get())
            };
            let ports = policy_ports(self.cx, workload.service_ports().filter(wanted));
            self.from(format!("outside-{name}"), because, peers, ports);
        }
    }

    /// The Kubernetes API, at the addresses that the platform declares.
    pub(super) fn api_server(&mut self) {
        let platform = self.cx.platform();
        let Some(api) = &platform.api_server else {
            return self.egress.leave_out("api-server", self.cx.tracer.because(NET_API, &[platform.origin]));
        };
        let mut peers = Items::default();
        for cidr in &api.cidrs {
            let block = IpBlock { cidr: super::amount(cidr), except: Vec::new() };
            peers.push(
                cidr.get().to_string(),
                cidr.origin(),
                Peer { namespace_selector: None, pod_selector: None, ip_block: Some(block) },
            );
        }
        let origin = self.cx.tracer.because(NET_API, &[Origin::spec(api.at)]);
        self.to("api-server", origin, peers, tcp(api.port, NET_API));
    }

    /// A selector of a namespace that is not ours.
    fn other_namespace(&self, theirs: &Traced<Text>) -> Option<Selects> {
        let origin = self.cx.tracer.because(NET_EDGE, &[theirs.origin(), self.namespace.origin()]);
        (theirs.get() != self.namespace.get()).then(|| {
            Selects::Matching(labels::namespace_named(Traced::because(theirs.get().clone(), origin)))
        })
    }

    fn pods_named(&self, name: &Traced<Text>, namespace: &Traced<Text>, because: Origin) -> Peer {
        let origin = self.cx.tracer.because(NET_EDGE, &[because, name.origin()]);
        let name = Traced::because(name.get().clone(), origin);
        Peer {
            namespace_selector: self.other_namespace(namespace),
            pod_selector: Some(Selects::Matching(labels::matching([(labels::name_key(), name)]))),
            ip_block: None,
        }
    }

    /// The finished policy.
    pub(super) fn policy(self, identity: &Identity, because: Origin) -> NetworkPolicy {
        NetworkPolicy {
            because,
            metadata: identity.metadata(),
            spec: NetworkPolicySpec {
                pod_selector: Selects::Matching(identity.selector()),
                policy_types: vec![
                    rule(NET_DEFAULT_DENY, PolicyType::Ingress),
                    rule(NET_DEFAULT_DENY, PolicyType::Egress),
                ],
                ingress: self.ingress,
                egress: self.egress,
            },
        }
    }
}

/// The policy of a workload's pods.
pub(super) fn of_workload(
    cx: &Cx<'_>,
    service: &Service,
    workload: &Workload,
    identity: &Identity,
) -> NetworkPolicy {
    let mut rules = Rules::new(cx, &service.namespace);
    rules.gateway(workload);
    rules.callers(&workload.callers, &policy_ports(cx, workload.service_ports()));
    rules.outside(workload);
    for port in workload.ports.iter().filter(|port| port.is_scraped) {
        rules.monitoring(port.number, port.because);
    }
    rules.at_least_themselves(identity, &Items::default(), &[workload.kind.origin()]);
    rules.dns();
    for edge in &workload.edges {
        let key = Text::from(crate::value::Value::text(&edge.to).into_owned());
        let because = edge.written.origin();
        if let Some(target) = edge.target {
            egress_to(&mut rules, service, workload, (&key, because), target);
        }
    }
    rules.policy(identity, cx.tracer.because(KIND, &[workload.because]))
}

fn egress_to(
    rules: &mut Rules<'_>,
    service: &Service,
    workload: &Workload,
    (key, because): (&Text, Origin),
    target: Target,
) {
    match target {
        Target::Database(index) => {
            if let Some(database) = service.databases.get(index) {
                let why = [&[because], &database.why_direct(workload)[..]].concat();
                let through = rules.cx.tracer.because(NET_POOLER, &why);
                let pool = database.pool.as_ref().filter(|_| !database.is_direct(workload));
                let (key_of, other, object) = match pool {
                    Some(pool) => ("pooler", "pods", pods_by(labels::pooler_named(pool.object.clone()))),
                    None => {
                        ("pods", "pooler", rules.pods_named(&database.object, &service.namespace, because))
                    }
                };
                let port = rule(DATABASE_PORT, 5432u16);
                let mut peers = Items::one(key_of, through, object);
                peers.leave_out(other, through);
                let why = [&[through], &database.why_replicas(workload)[..]].concat();
                let reads = rules.cx.tracer.because(NET_POOLER, &why);
                let read = database.replicas.as_ref().and_then(|replicas| replicas.pool.as_ref());
                match read.filter(|_| database.reads_replicas(workload) && pool.is_some()) {
                    Some(read) => {
                        let name = Traced::because(read.object.get().clone(), reads);
                        peers.push("pooler-ro", reads, pods_by(labels::pooler_named(name)));
                    }
                    None => peers.leave_out("pooler-ro", reads),
                }
                rules.to(key.clone(), because, peers, tcp(port, DATABASE_PORT));
            }
        }
        Target::Managed(index) => {
            if let Some(managed) = service.managed.get(index) {
                rules.managed(key, because, managed);
            }
        }
        Target::Cache(index) => {
            if let Some(cache) = service.caches.get(index) {
                if cache.server.is_none() {
                    let Cache { at, host, port, cidrs, .. } = cache;
                    let elsewhere = Elsewhere { at: *at, servers: vec![(host.clone(), *port)], cidrs };
                    return rules.elsewhere(key, because, &elsewhere);
                }
                let peer = rules.pods_named(&cache.object, &service.namespace, because);
                let port = rule(CACHE_PORT, 6379u16);
                rules.to(key.clone(), because, Items::one("pods", because, peer), tcp(port, CACHE_PORT));
            }
        }
        Target::External(index) => {
            if let Some(external) = service.externals.get(index) {
                rules.external(key, because, external);
            }
        }
        Target::Queue(index) => {
            if let Some(queue) = service.queues.get(index) {
                let servers = queue.addresses().collect();
                let elsewhere = Elsewhere { at: queue.at, servers, cidrs: &queue.cidrs };
                rules.elsewhere(
                    key,
                    rules.cx.tracer.because(NET_EDGE, &[because, queue.servers()]),
                    &elsewhere,
                );
            }
        }
        Target::Workload(id) => {
            if let Some((theirs, workload)) = rules.cx.system.workload(id) {
                let peer = rules.pods_named(&workload.object, &theirs.namespace, because);
                let ports = policy_ports(rules.cx, workload.service_ports());
                rules.to(key.clone(), because, Items::one("pods", because, peer), ports);
            }
        }
        // the kubelet fetches Secrets, not the pod; each shard has an edge of its own
        Target::Secret(_) | Target::Sharded(_) => {}
    }
}

/// One TCP port.
pub(super) fn tcp(port: Traced<u16>, name: Rule) -> Items<PolicyPort> {
    let key = format!("{}/TCP", port.get());
    let origin = port.origin();
    Items::one(key, origin, PolicyPort { protocol: rule(name, Protocol::Tcp), port: port.cast() })
}

fn policy_ports<'p>(cx: &Cx<'_>, ports: impl Iterator<Item = &'p Port>) -> Items<PolicyPort> {
    let mut all = Items::default();
    for port in ports {
        let protocol = protocol(&port.transport);
        let key = format!("{}/{}", port.number.get(), protocol.get().word());
        let because = cx.tracer.because(NET_EDGE, &[port.because, port.number.origin(), protocol.origin()]);
        all.push(key, because, PolicyPort { protocol, port: port.number.cast() });
    }
    all
}

/// The pods of the noun itself.
fn own_pods(identity: &Identity) -> Peer {
    pods_by(identity.selector())
}

/// Pods of the same namespace.
fn pods_by(selector: LabelSelector) -> Peer {
    Peer { namespace_selector: None, pod_selector: Some(Selects::Matching(selector)), ip_block: None }
}

/// All pods of a namespace.
fn one_namespace(namespace: Traced<Text>) -> Items<Peer> {
    let (name, because) = (namespace.get().clone(), namespace.origin());
    let selector = Some(Selects::Matching(labels::namespace_named(namespace)));
    Items::one(name, because, Peer { namespace_selector: selector, pod_selector: None, ip_block: None })
}

/// Pods of the platform.
fn platform_peer(peer: &crate::system::Peer) -> Peer {
    let labels = peer.labels.iter().cloned();
    Peer {
        namespace_selector: Some(Selects::Matching(labels::namespace_named(peer.namespace.clone()))),
        pod_selector: (!peer.labels.is_empty()).then(|| Selects::Matching(labels::matching(labels))),
        ip_block: None,
    }
}
