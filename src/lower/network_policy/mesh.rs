//! The mesh's side of a policy: what goes through its port, who is let through there, and what comes in unwrapped.
//!
//! Istio's ambient mode wraps a connection between two pods of the mesh and sends it to port 15008 of the target, so that a
//! NetworkPolicy sees that port and not the one behind it (Istio docs, "Ambient and Kubernetes NetworkPolicy"). The port
//! behind is then held by an `AuthorizationPolicy` of the target, which the node's proxy keeps: it knows the caller's account,
//! and what comes unwrapped has none (Istio docs, "Use Layer 4 security policy"; ztunnel source, `src/rbac.rs`). Both are
//! made from the same rules, so that together they let through what `uses` declares.
//!
//! Questions of the kubelet come from an address that only the node has, past the mesh (Istio docs, as above).

use std::collections::BTreeMap;

use super::Rules;
use crate::bundle::{Bundle, Scope};
use crate::k8s::{
    Action, AuthorizationPolicy, AuthorizationPolicySpec, Container, ContainerProbe, HBONE, Handler, IpBlock,
    MutualTls, MutualTlsMode, Peer, PeerAuthentication, PeerAuthenticationSpec, PodTemplate, PolicyAction,
    PolicyFrom, PolicyOperation, PolicyPort, PolicyRule, PolicySource, PolicyTo, Protocol,
};
use crate::lower::Cx;
use crate::lower::labels::Identity;
use crate::origin::{NET_EDGE, NET_MESH, Origin, Traced, rule};
use crate::system::{Caller, Port, Workload};
use crate::text::Text;
use crate::walk::{IntOrString, Items};

/// The addresses from which the kubelet asks, where Istio's defaults hold (Istio source, `HOST_PROBE_SNAT_IP` and `_IPV6`).
const KUBELET: [&str; 2] = ["169.254.7.127/32", "e9ac:1e77:90ca:399f:4d6d:ece2:2f9b:3164/128"];

/// What a policy says to the mesh.
#[derive(Default)]
pub(super) struct Admits {
    /// who is let through, by rule
    rules: Items<PolicyRule>,
    /// ports that take what nobody has wrapped
    plain: BTreeMap<Text, MutualTls>,
}

/// Who comes in by a rule, as the mesh sees them.
pub(super) enum Who {
    /// nobody that it knows: what is not part of it
    Unknown,
    /// these accounts
    Accounts(Items<Traced<Text>>),
}

/// Whether both sides of a rule are part of the mesh.
#[derive(Clone, Copy)]
pub(super) struct Wrapped {
    /// whether they are
    pub(super) is: bool,
    /// why
    pub(super) because: Origin,
}

/// Whether the pods of a workload are part of the mesh.
pub(in crate::lower) fn membership(cx: &Cx<'_>, workload: &Workload) -> Traced<bool> {
    let because = cx.tracer.because(NET_MESH, &cx.system.why_meshed(workload));
    Traced::because(cx.system.is_meshed(workload), because)
}

/// Whether pods that nothing keeps out are part of the mesh.
pub(in crate::lower) fn usual(cx: &Cx<'_>) -> Traced<bool> {
    let platform = cx.platform();
    Traced::because(platform.has_mesh(), cx.tracer.because(NET_MESH, &[platform.mesh.origin()]))
}

/// Ports as a NetworkPolicy sees them: where both sides are part of the mesh, its own in the place of those of TCP. Datagrams
/// are not wrapped.
pub(super) fn seen(cx: &Cx<'_>, ports: &Items<PolicyPort>, wrapped: Wrapped) -> Items<PolicyPort> {
    let (mut all, hbone) = (Items::<PolicyPort>::default(), format!("{HBONE}/TCP"));
    let mut behind = Vec::new();
    for port in ports {
        let why = [port.because, wrapped.because];
        let is_wrapped = wrapped.is && *port.value.protocol.get() == Protocol::Tcp;
        if is_wrapped {
            behind.extend(why);
            all.leave_out(port.key.clone(), wrapped.because);
        } else {
            all.push(port.key.clone(), cx.tracer.because(NET_EDGE, &why), port.value.clone());
        }
    }
    if behind.is_empty() {
        all.leave_out(hbone, wrapped.because);
    } else {
        let because = cx.tracer.because(NET_MESH, &behind);
        let port = PolicyPort { protocol: rule(NET_MESH, Protocol::Tcp), port: rule(NET_MESH, HBONE) };
        all.push(hbone, because, port);
    }
    all
}

/// The account of a caller, as the mesh names it.
fn account(cx: &Cx<'_>, caller: &Caller) -> Option<Traced<Text>> {
    let (_, workload) = cx.system.workload(caller.from)?;
    let account = workload.account();
    let inputs = [caller.because, caller.namespace.origin(), account.origin()];
    let named = format!("{}/{}", caller.namespace.get(), account.get());
    Some(Traced::because(named.into(), cx.tracer.because(NET_EDGE, &inputs)))
}

/// The accounts of callers, each once.
pub(super) fn accounts(cx: &Cx<'_>, callers: &[&Caller]) -> Items<Traced<Text>> {
    let mut by_name: BTreeMap<Text, Vec<Origin>> = BTreeMap::new();
    for account in callers.iter().filter_map(|caller| account(cx, caller)) {
        by_name.entry(account.get().clone()).or_default().push(account.origin());
    }
    let mut all = Items::default();
    for (name, why) in by_name {
        let because = cx.tracer.because(NET_EDGE, &why);
        all.push(name.clone(), because, Traced::because(name, because));
    }
    all
}

/// The account of pods of the platform, where they are part of the mesh.
pub(super) fn account_of_peer(cx: &Cx<'_>, peer: &crate::system::Peer) -> Option<Traced<Text>> {
    let account = peer.account.as_ref()?;
    let because = cx.tracer.because(NET_MESH, &[account.origin(), peer.namespace.origin()]);
    Some(Traced::because(format!("{}/{}", peer.namespace.get(), account.get()).into(), because))
}

impl Rules<'_> {
    /// Whether what `theirs` says of the other side and what is known of this one makes a connection wrapped.
    pub(super) fn wrapped_with(&self, theirs: &Traced<bool>) -> Wrapped {
        match &self.meshed {
            Some(own) => Wrapped {
                is: *own.get() && *theirs.get(),
                because: self.cx.tracer.because(NET_MESH, &[own.origin(), theirs.origin()]),
            },
            None => Wrapped { is: false, because: Origin::rule(NET_MESH) },
        }
    }

    /// Whether what pods of the noun send each other is wrapped.
    pub(super) fn wrapped_with_themselves(&self) -> Wrapped {
        self.wrapped_with(&self.meshed.unwrap_or_else(|| rule(NET_MESH, false)))
    }

    /// Whether what goes to a namespace of others, if it is one, is wrapped.
    pub(super) fn wrapped_to(&self, namespace: &Traced<Option<Text>>) -> Wrapped {
        let (system, name) = (self.cx.system, namespace.get().as_deref().unwrap_or_default());
        let why = [&system.why_takes_in(name)[..], &[namespace.origin()]].concat();
        let because = self.cx.tracer.because(NET_MESH, &why);
        self.wrapped_with(&Traced::because(system.takes_in(name), because))
    }

    /// Lets callers of a rule through, to the ports of TCP that it names.
    pub(super) fn admit(&mut self, key: &Text, because: Origin, who: Who, ports: &Items<PolicyPort>) {
        if !self.meshed.as_ref().is_some_and(|meshed| *meshed.get()) {
            return;
        }
        let mut numbers = Items::default();
        for port in ports.iter().filter(|port| *port.value.protocol.get() == Protocol::Tcp) {
            let IntOrString::Int(number) = port.value.port.get() else { continue };
            let number = Text::from(number.to_string());
            let origin = self.cx.tracer.because(NET_MESH, &[port.because, port.value.port.origin()]);
            if matches!(who, Who::Unknown) {
                let why = self.cx.tracer.because(NET_MESH, &[because, origin]);
                let mode = MutualTls { mode: Traced::because(MutualTlsMode::Permissive, why) };
                self.admits.plain.insert(number.clone(), mode);
            }
            numbers.push(number.clone(), origin, Traced::because(number, origin));
        }
        if numbers.is_empty() {
            return;
        }
        let why: Vec<Origin> = [because].into_iter().chain(numbers.iter().map(|port| port.because)).collect();
        let because = self.cx.tracer.because(NET_MESH, &why);
        let mut source =
            PolicySource { service_accounts: Items::default(), not_principals: Items::default() };
        match who {
            Who::Accounts(accounts) => source.service_accounts = accounts,
            Who::Unknown => {
                source.not_principals = Items::one("*", because, rule(NET_MESH, "*"));
            }
        }
        let operation = PolicyOperation { ports: numbers };
        let rule = PolicyRule {
            from: Items::one(key.clone(), because, PolicyFrom { source }),
            to: Items::one(key.clone(), because, PolicyTo { operation }),
        };
        self.admits.rules.push(key.clone(), because, rule);
    }

    /// Says that a rule is not there, and why.
    pub(super) fn nobody(&mut self, key: &'static str, because: Origin) {
        if self.meshed.as_ref().is_some_and(|meshed| *meshed.get()) {
            self.admits.rules.leave_out(key, because);
        }
        self.ingress.leave_out(key, because);
    }

    /// The kubelet asks on these ports whether pods are well; elsewhere no policy holds for what comes from the node itself.
    pub(in crate::lower) fn kubelet(&mut self, ports: Items<PolicyPort>) {
        let Some(meshed) = &self.meshed else { return };
        // it asks where there is something to ask
        let why: Vec<Origin> =
            [meshed.origin()].into_iter().chain(ports.iter().map(|port| port.because)).collect();
        let because = self.cx.tracer.because(NET_MESH, &why);
        if !meshed.get() || ports.is_empty() {
            return self.ingress.leave_out("kubelet", because);
        }
        let mut peers = Items::default();
        for address in KUBELET {
            let block = IpBlock { cidr: rule(NET_MESH, address), except: Vec::new() };
            let peer = Peer { namespace_selector: None, pod_selector: None, ip_block: Some(block) };
            peers.push(address, Origin::rule(NET_MESH), peer);
        }
        self.ingress.push("kubelet", because, crate::k8s::IngressRule { from: peers, ports });
    }

    /// The mesh's policies of the pods: who is let through, and that nothing unwrapped is taken but where somebody outside
    /// of the mesh calls.
    pub(in crate::lower) fn authorize(
        &mut self,
        identity: &Identity,
        because: Origin,
        scope: &Scope,
        bundle: &mut Bundle,
    ) {
        let Some(meshed) = &self.meshed else { return };
        let because = self.cx.tracer.because(NET_MESH, &[because, meshed.origin()]);
        if !meshed.get() {
            for kind in ["AuthorizationPolicy", "PeerAuthentication"] {
                bundle.leave_out(scope, kind, identity.name.get(), because);
            }
            return;
        }
        let admits = std::mem::take(&mut self.admits);
        let spec = AuthorizationPolicySpec {
            selector: Some(identity.selector()),
            target_refs: Items::default(),
            action: rule(NET_MESH, PolicyAction::Allow),
            rules: admits.rules,
        };
        bundle.push(scope, None, AuthorizationPolicy { because, metadata: identity.metadata(), spec });
        let spec = PeerAuthenticationSpec {
            selector: identity.selector(),
            mtls: MutualTls { mode: rule(NET_MESH, MutualTlsMode::Strict) },
            port_level_mtls: admits.plain,
        };
        bundle.push(scope, None, PeerAuthentication { because, metadata: identity.metadata(), spec });
    }
}

/// The ports on which the kubelet calls a pod: with questions, and before and after its life.
pub(in crate::lower) fn probed(cx: &Cx<'_>, template: &PodTemplate) -> Items<PolicyPort> {
    let mut all = Items::<PolicyPort>::default();
    let containers = template.spec.init_containers.iter().chain(&template.spec.containers);
    for (number, because) in containers.flat_map(|item| called(&item.value)) {
        let key = format!("{number}/TCP");
        if !all.iter().any(|known| known.key.as_str() == key) {
            let because = cx.tracer.because(NET_MESH, &because);
            let protocol = Traced::because(Protocol::Tcp, because);
            let port = Traced::because(IntOrString::Int(number), because);
            all.push(key, because, PolicyPort { protocol, port });
        }
    }
    all
}

/// Ports on which the kubelet calls, each because the spec has it, where it does.
pub(super) fn of_the_spec(cx: &Cx<'_>, probed: &Items<PolicyPort>, ports: &[Port]) -> Items<PolicyPort> {
    let mut all = Items::default();
    for item in probed {
        let is_it = |port: &&Port| matches!(item.value.port.get(), IntOrString::Int(number) if *number == i32::from(*port.number.get()));
        let why = ports.iter().find(is_it).map(|port| port.because);
        let why: Vec<Origin> = [item.because].into_iter().chain(why).collect();
        let because = cx.tracer.because(NET_MESH, &why);
        let PolicyPort { protocol, port } = &item.value;
        let protocol = Traced::because(*protocol.get(), because);
        let port = Traced::because(port.get().clone(), because);
        all.push(item.key.clone(), because, PolicyPort { protocol, port });
    }
    all
}

/// The ports of one container on which the kubelet calls, and why it does.
fn called(container: &Container) -> Vec<(i32, Vec<Origin>)> {
    let probes = [&container.startup_probe, &container.readiness_probe, &container.liveness_probe];
    let asked = probes.into_iter().filter_map(|probe| {
        let (number, because) = asked(container, probe.get()?)?;
        Some((number, [&[probe.origin()], &because[..]].concat()))
    });
    let lifecycle = container.lifecycle.get();
    let hooks = lifecycle.into_iter().flat_map(|hooks| [&hooks.post_start, &hooks.pre_stop]).flatten();
    let told = hooks.filter_map(|hook| match &hook.action {
        Action::HttpGet(get) => {
            let (number, because) = numbered(container, &get.port)?;
            Some((number, [&[container.lifecycle.origin()], &because[..]].concat()))
        }
        Action::Sleep(_) | Action::Exec(_) => None,
    });
    asked.chain(told).collect()
}

/// The port that a probe asks on, by its number.
fn asked(container: &Container, probe: &ContainerProbe) -> Option<(i32, Vec<Origin>)> {
    match &probe.handler {
        Handler::HttpGet(get) => numbered(container, &get.port),
        Handler::TcpSocket(socket) => numbered(container, &socket.port),
        Handler::Grpc(grpc) => Some((i32::from(*grpc.port.get()), vec![grpc.port.origin()])),
        Handler::Exec(_) => None,
    }
}

/// A port of a container by its number, and why it is that one.
fn numbered(container: &Container, port: &Traced<IntOrString>) -> Option<(i32, Vec<Origin>)> {
    match port.get() {
        IntOrString::Int(number) => Some((*number, vec![port.origin()])),
        IntOrString::Text(name) => {
            let named = container.ports.iter().find(|item| item.value.name.get() == name)?;
            let number = named.value.container_port;
            Some((i32::from(*number.get()), vec![port.origin(), named.because, number.origin()]))
        }
    }
}
