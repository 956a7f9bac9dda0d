//! Who may talk to whom: one policy for the pods of each noun, with both halves of every edge.
//!
//! A NetworkPolicy names the port that the pod listens on, not the Service's, since it is judged behind the Service's
//! translation (Kubernetes docs, "Network Policies"). Rules are kept apart by what they are for, so that `explain` and a
//! reviewer see each flow under its own name.

mod databases;
mod elsewhere;
mod external;
pub(super) mod mesh;
mod platform;

use std::collections::BTreeMap;

use super::Cx;
use super::labels::{self, Identity};
use super::pod::protocol;
use crate::bundle::{Bundle, Scope};
use crate::k8s::{
    EgressRule, IngressRule, LabelSelector, Labels, NetworkPolicy, NetworkPolicySpec, Operator, Peer,
    PolicyPort, PolicyType, Protocol, Requirement, Selects,
};
use crate::origin::{
    CACHE_PORT, DATABASE_PORT, NET_DEFAULT_DENY, NET_DNS, NET_EDGE, NET_MESH, NET_MONITORING, NET_POOLER,
    NET_SELF, Origin, Rule, Traced, rule,
};
use crate::system::{Cache, Caller, Port, Service, Target, Workload};
use crate::text::Text;
use crate::walk::Items;
use elsewhere::{Elsewhere, everything_public};
use mesh::{Admits, Who, Wrapped};

/// A policy under construction: the rules of one noun's pods.
pub(super) struct Rules<'a> {
    cx: &'a Cx<'a>,
    namespace: &'a Traced<Text>,
    ingress: Items<IngressRule>,
    egress: Items<EgressRule>,
    /// whether the pods are part of the mesh; none for what never is
    meshed: Option<Traced<bool>>,
    admits: Admits,
}

impl<'a> Rules<'a> {
    /// Of pods that are never part of the mesh.
    pub(super) fn new(cx: &'a Cx<'a>, namespace: &'a Traced<Text>) -> Self {
        let (ingress, egress) = (Items::default(), Items::default());
        Rules { cx, namespace, ingress, egress, meshed: None, admits: Admits::default() }
    }

    /// Of pods that may be part of the mesh.
    pub(super) fn of(cx: &'a Cx<'a>, namespace: &'a Traced<Text>, meshed: Traced<bool>) -> Self {
        Rules { meshed: Some(meshed), ..Rules::new(cx, namespace) }
    }

    fn from(&mut self, key: impl Into<Text>, because: Origin, from: Items<Peer>, ports: Items<PolicyPort>) {
        let key = key.into();
        self.admit(&key, because, Who::Unknown, &ports);
        self.ingress.push(key, because, IngressRule { from, ports });
    }

    /// As [`Rules::from`], where the callers may be part of the mesh.
    fn let_in_meshed(
        &mut self,
        (key, because): (Text, Origin),
        (from, who): (Items<Peer>, Items<Traced<Text>>),
        ports: &Items<PolicyPort>,
        wrapped: Wrapped,
    ) {
        let who = if wrapped.is { Who::Accounts(who) } else { Who::Unknown };
        self.admit(&key, because, who, ports);
        let ports = mesh::seen(self.cx, ports, wrapped);
        self.ingress.push(key, because, IngressRule { from, ports });
    }

    /// Pods of the platform come in, which are part of the mesh where it has an account for them.
    fn let_in_peer(
        &mut self,
        key: Text,
        because: Origin,
        (name, peer): (&'static str, &crate::system::Peer),
        ports: &Items<PolicyPort>,
    ) {
        let account = mesh::account_of_peer(self.cx, peer);
        let origin = account.as_ref().map_or(peer.because, Traced::origin);
        let wrapped = self.wrapped_with(&Traced::because(account.is_some(), origin));
        let who = account.map_or_else(Items::default, |account| {
            Items::one(account.get().clone(), account.origin(), account)
        });
        let from = Items::one(name, because, platform_peer(peer));
        self.let_in_meshed((key, because), (from, who), ports, wrapped);
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
        let again = self.ingress.iter().any(|rule| rule.key.as_str() == "monitoring");
        let key = if again { Text::from(format!("monitoring-{}", port.get())) } else { "monitoring".into() };
        self.let_in_peer(key, origin, ("monitoring", scraper), &tcp(port, NET_MONITORING));
    }

    /// Everyone whose `uses` leads here, by name and namespace.
    pub(super) fn callers(&mut self, callers: &[Caller], ports: &Items<PolicyPort>) {
        self.callers_but(callers, &[], ports);
    }

    /// As [`Rules::callers`], where `others`, of the same namespace, use the same thing and do not come this way.
    pub(super) fn callers_but(&mut self, callers: &[Caller], others: &[Caller], ports: &Items<PolicyPort>) {
        let wrapped_with = |caller: &Caller| {
            let workload = self.cx.system.workload(caller.from).map(|(_, workload)| workload);
            let meshed = workload.map(|workload| mesh::membership(self.cx, workload));
            self.wrapped_with(&meshed.unwrap_or_else(|| Traced::because(false, caller.because)))
        };
        let wrapped: Vec<Wrapped> = callers.iter().map(wrapped_with).collect();
        for is_wrapped in [true, false] {
            let all = callers.iter().zip(&wrapped);
            let (group, why): (Vec<&Caller>, Vec<Origin>) =
                all.filter(|(_, wrapped)| wrapped.is == is_wrapped).map(|(c, w)| (c, w.because)).unzip();
            // those that are not part of the mesh come by a rule of their own where others are
            let is_second = !is_wrapped && wrapped.iter().any(|wrapped| wrapped.is);
            let key = if is_second { "callers outside of the mesh" } else { "callers" };
            if group.is_empty() {
                continue;
            }
            let because: Vec<Origin> = group.iter().map(|caller| caller.because).collect();
            let because = self.cx.tracer.because(NET_EDGE, &[&because[..], &why].concat());
            let wrapped = Wrapped { is: is_wrapped, because: self.cx.tracer.because(NET_MESH, &why) };
            let who = mesh::accounts(self.cx, &group);
            let peers = self.peers_named(group, others);
            self.let_in_meshed((key.into(), because), (peers, who), ports, wrapped);
        }
        if callers.is_empty() && !others.is_empty() {
            let because: Vec<Origin> = others.iter().map(|c| c.because).collect();
            self.ingress.leave_out("callers", self.cx.tracer.because(NET_EDGE, &because));
        }
    }

    /// Callers by name and namespace; `others` are named as left out.
    fn peers_named(&self, callers: Vec<&Caller>, others: &[Caller]) -> Items<Peer> {
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
        peers
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
        let ports = mesh::seen(self.cx, ports, self.wrapped_with_themselves());
        self.to("self", origin, Items::one("self", origin, own_pods(identity)), ports);
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
            let own = Text::from(format!("{}/{}", identity.namespace.get(), identity.name.get()));
            let own = Items::one(own.clone(), origin, Traced::because(own, identity.name.origin()));
            let from = Items::one("self", origin, own_pods(identity));
            let wrapped = self.wrapped_with_themselves();
            self.let_in_meshed(("self".into(), origin), (from, own), ports, wrapped);
        } else {
            let others: Vec<Origin> = self.ingress.iter().map(|rule| rule.because).collect();
            self.nobody("self", self.cx.tracer.because(NET_SELF, &others));
        }
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

    /// The finished policies of pods that may be part of the mesh: the mesh's own, and the NetworkPolicy.
    pub(super) fn finish(mut self, identity: &Identity, because: Origin, scope: &Scope, bundle: &mut Bundle) {
        self.authorize(identity, because, scope, bundle);
        bundle.push(scope, None, self.policy(identity, because));
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

/// What the policies of a workload's pods say; `probed` are the ports on which the kubelet asks them.
pub(super) fn of_workload<'a>(
    cx: &'a Cx<'a>,
    service: &'a Service,
    workload: &Workload,
    identity: &Identity,
    probed: &Items<PolicyPort>,
) -> Rules<'a> {
    let mut rules = Rules::of(cx, &service.namespace, mesh::membership(cx, workload));
    rules.gateway(workload);
    rules.callers(&workload.callers, &policy_ports(cx, workload.service_ports()));
    rules.outside(workload);
    for port in workload.ports.iter().filter(|port| port.is_scraped) {
        rules.monitoring(port.number, port.because);
    }
    rules.at_least_themselves(identity, &Items::default(), &[workload.kind.origin()]);
    rules.kubelet(mesh::of_the_spec(cx, probed, &workload.ports));
    rules.dns();
    for edge in &workload.edges {
        let key = Text::from(crate::value::Value::text(&edge.to).into_owned());
        let because = edge.written.origin();
        if let Some(target) = edge.target {
            egress_to(&mut rules, service, workload, (&key, because), target);
        }
    }
    rules
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
                        let named = rules.cx.tracer.because(NET_POOLER, &[reads, read.object.origin()]);
                        let name = Traced::because(read.object.get().clone(), named);
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
                let port = tcp(rule(CACHE_PORT, 6379u16), CACHE_PORT);
                let ports = mesh::seen(rules.cx, &port, rules.wrapped_with(&mesh::usual(rules.cx)));
                rules.to(key.clone(), because, Items::one("pods", because, peer), ports);
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
                let wrapped = rules.wrapped_with(&mesh::membership(rules.cx, workload));
                let ports = mesh::seen(rules.cx, &policy_ports(rules.cx, workload.service_ports()), wrapped);
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
