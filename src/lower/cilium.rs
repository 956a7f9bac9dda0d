//! Cilium's policies: the host names that a workload may reach.
//!
//! Cilium learns the addresses of a name from the answers of the resolver that it sees pass by, so the policy lets the
//! pods ask the resolver through Cilium's own proxy (Cilium docs, "DNS based"). It adds to the NetworkPolicy of the same
//! pods, which denies everything else.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Cx;
use super::labels::Identity;
use crate::bundle::{Bundle, Scope};
use crate::k8s::{
    CiliumEgress, CiliumEndpoint, CiliumNetworkPolicy, CiliumPolicySpec, CiliumPort, CiliumPorts,
    CiliumProtocol, DnsRule, FqdnSelector, L7Rules,
};
use crate::origin::{NET_DNS, NET_EDGE, NET_EXTERNAL, Origin, Traced, rule};
use crate::system::{Edge, External, Service, Target, Way, Workload};
use crate::text::Text;
use crate::value::{Url, Value};
use crate::walk::Items;

/// The label by which Cilium knows the namespace of a pod.
const NAMESPACE: &str = "k8s:io.kubernetes.pod.namespace";

pub(super) fn lower(
    cx: &Cx<'_>,
    service: &Service,
    workload: &Workload,
    identity: &Identity,
    scope: &Scope,
    bundle: &mut Bundle,
) {
    let used = workload.edges.iter().filter_map(|edge| match edge.target {
        Some(Target::External(index)) => service.externals.get(index).map(|external| (edge, external)),
        _ => None,
    });
    let used: Vec<(&Edge, &External)> = used.collect();
    let mut why = vec![workload.because, cx.platform().egress.origin()];
    for (edge, external) in &used {
        why.extend([edge.written.origin(), external.way.origin()]);
    }
    let because = cx.tracer.because(NET_EXTERNAL, &why);
    let named: Vec<_> = used.into_iter().filter(|(_, external)| *external.way.get() == Way::Host).collect();
    if named.is_empty() {
        return bundle.leave_out(scope, "CiliumNetworkPolicy", workload.object.get(), because);
    }
    let mut egress = Items::default();
    egress.push("dns", because, resolver(cx));
    for (edge, external) in named {
        let because = cx.tracer.because(NET_EDGE, &[edge.written.origin(), external.way.origin()]);
        egress.push(edge.written.get().text().into_owned(), because, host(cx, external));
    }
    let spec = CiliumPolicySpec { endpoint_selector: identity.selector(), egress };
    bundle.push(scope, None, CiliumNetworkPolicy { because, metadata: identity.metadata(), spec });
}

/// Questions to the resolver, which Cilium's proxy answers and listens to.
fn resolver(cx: &Cx<'_>) -> CiliumEgress {
    let dns = &cx.platform().dns;
    let origin = cx.tracer.because(NET_DNS, &[dns.because]);
    let mut labels = BTreeMap::from([(Text::Literal(NAMESPACE), dns.namespace.clone())]);
    labels.extend(dns.labels.iter().cloned());
    let any = DnsRule { match_pattern: rule(NET_DNS, "*") };
    CiliumEgress {
        to_endpoints: Items::one("dns", origin, CiliumEndpoint { match_labels: Arc::new(labels) }),
        to_fqdns: Items::default(),
        to_ports: Items::one(
            "53",
            Origin::rule(NET_DNS),
            CiliumPorts {
                ports: port(rule(NET_DNS, "53"), CiliumProtocol::Any),
                rules: Some(L7Rules { dns: Items::one("any", Origin::rule(NET_DNS), any) }),
            },
        ),
    }
}

/// One host on its port.
fn host(cx: &Cx<'_>, external: &External) -> CiliumEgress {
    let name = external.url.map(|url| Text::from(url.host().to_owned()));
    let number = external.url.map(|url: &Url| Text::from(url.port_or_default().to_string()));
    let because = cx.tracer.because(NET_EXTERNAL, &[name.origin()]);
    CiliumEgress {
        to_endpoints: Items::default(),
        to_fqdns: Items::one(name.get().clone(), because, FqdnSelector { match_name: name.clone() }),
        to_ports: Items::one(
            number.get().clone(),
            because,
            CiliumPorts { ports: port(number.clone(), CiliumProtocol::Tcp), rules: None },
        ),
    }
}

fn port(number: Traced<Text>, protocol: CiliumProtocol) -> Items<CiliumPort> {
    let protocol = Traced::because(protocol, number.origin());
    Items::one(number.get().clone(), number.origin(), CiliumPort { port: number, protocol })
}
