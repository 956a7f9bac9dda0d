//! Whether a connection is possible, by the NetworkPolicies alone: the API's rules, evaluated over what was written.
//!
//! Sources: Kubernetes docs, "Network Policies", and the API reference of `NetworkPolicySpec`. Policies add up; a pod that
//! no policy of a direction selects is open in that direction; both sides must allow.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde_json::Value;

use super::{items, text};

/// The label of a namespace that the API server sets.
const NAMESPACE: &str = "kubernetes.io/metadata.name";

/// A pod: where it is, and its labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pod {
    pub(super) name: String,
    pub(super) namespace: String,
    pub(super) labels: BTreeMap<String, String>,
}

/// Who is on the other side.
#[derive(Clone, Copy, Debug)]
pub(super) enum Peer<'a> {
    Pod(&'a Pod),
    Address(IpAddr),
}

/// The policies of an environment.
pub(super) struct Network<'v> {
    policies: Vec<&'v Value>,
}

fn labels_match(selector: &Value, labels: &BTreeMap<String, String>) -> bool {
    let all = selector.get("matchLabels").and_then(Value::as_object).into_iter().flatten();
    let exact = all.into_iter().all(|(key, value)| labels.get(key).map(String::as_str) == value.as_str());
    exact && items(selector, "/matchExpressions").iter().all(|wanted| requirement_holds(wanted, labels))
}

fn requirement_holds(requirement: &Value, labels: &BTreeMap<String, String>) -> bool {
    let own = labels.get(text(requirement, "/key")).map(String::as_str);
    let listed = items(requirement, "/values").iter().any(|value| value.as_str() == own && own.is_some());
    match text(requirement, "/operator") {
        "In" => listed,
        "NotIn" => !listed,
        "Exists" => own.is_some(),
        "DoesNotExist" => own.is_none(),
        other => panic!("an operator {other}"),
    }
}

fn in_range(range: &str, address: IpAddr) -> bool {
    range.parse::<ipnet::IpNet>().unwrap().contains(&address)
}

/// Whether a rule's peer is `peer`; `namespace` is the policy's own.
fn peer_matches(rule: &Value, peer: Peer<'_>, namespace: &str) -> bool {
    match (peer, rule.get("ipBlock")) {
        (Peer::Address(address), Some(block)) => {
            in_range(text(block, "/cidr"), address)
                && !items(block, "/except").iter().any(|range| in_range(range.as_str().unwrap(), address))
        }
        // pods are not judged by addresses, which nobody knows here
        (Peer::Address(_), None) | (Peer::Pod(_), Some(_)) => false,
        (Peer::Pod(pod), None) => {
            let theirs = BTreeMap::from([(NAMESPACE.to_owned(), pod.namespace.clone())]);
            let there = match rule.get("namespaceSelector") {
                Some(selector) => labels_match(selector, &theirs),
                None => pod.namespace == namespace,
            };
            there && rule.get("podSelector").is_none_or(|selector| labels_match(selector, &pod.labels))
        }
    }
}

fn port_matches(rule: &Value, port: u16, protocol: &str) -> bool {
    let ports = items(rule, "/ports");
    ports.is_empty()
        || ports.iter().any(|allowed| {
            allowed["port"].as_u64() == Some(u64::from(port)) && text(allowed, "/protocol") == protocol
        })
}

impl<'v> Network<'v> {
    pub(super) fn of(objects: &'v [Value]) -> Network<'v> {
        Network { policies: objects.iter().filter(|o| text(o, "/kind") == "NetworkPolicy").collect() }
    }

    /// Whether the policies of `pod` let `peer` through in a direction: `ingress` and `from`, or `egress` and `to`.
    fn lets(
        &self,
        pod: &Pod,
        (direction, side): (&str, &str),
        peer: Peer<'_>,
        port: u16,
        protocol: &str,
    ) -> bool {
        let selects = |policy: &&&Value| {
            text(policy, "/metadata/namespace") == pod.namespace
                && labels_match(&policy["spec"]["podSelector"], &pod.labels)
                && items(policy, "/spec/policyTypes")
                    .iter()
                    .any(|kind| kind.as_str().is_some_and(|kind| kind.eq_ignore_ascii_case(direction)))
        };
        let policies: Vec<&&Value> = self.policies.iter().filter(selects).collect();
        let allows = |policy: &&&Value| {
            items(policy, &format!("/spec/{direction}")).iter().any(|rule| {
                let peers = items(rule, &format!("/{side}"));
                let own = text(policy, "/metadata/namespace");
                port_matches(rule, port, protocol)
                    && (peers.is_empty() || peers.iter().any(|allowed| peer_matches(allowed, peer, own)))
            })
        };
        policies.is_empty() || policies.iter().any(allows)
    }

    /// Whether what `from` sends may leave it.
    pub(super) fn leaves(&self, from: &Pod, to: Peer<'_>, port: u16, protocol: &str) -> bool {
        self.lets(from, ("egress", "to"), to, port, protocol)
    }

    /// Whether `to` takes what `from` sends.
    pub(super) fn arrives(&self, from: &Pod, to: &Pod, port: u16, protocol: &str) -> bool {
        self.lets(to, ("ingress", "from"), Peer::Pod(from), port, protocol)
    }

    /// Whether two pods can talk: both sides allow it.
    pub(super) fn connects(&self, from: &Pod, to: &Pod, port: u16, protocol: &str) -> bool {
        self.leaves(from, Peer::Pod(to), port, protocol) && self.arrives(from, to, port, protocol)
    }
}

#[test]
fn the_evaluator_knows_the_rules_of_the_api() {
    let pod = |name: &str, namespace: &str| Pod {
        name: name.to_owned(),
        namespace: namespace.to_owned(),
        labels: BTreeMap::from([("app".to_owned(), name.to_owned())]),
    };
    let (a, b, c) = (pod("a", "one"), pod("b", "one"), pod("c", "two"));
    let deny = serde_json::json!({
        "kind": "NetworkPolicy", "metadata": { "namespace": "one" },
        "spec": { "podSelector": {}, "policyTypes": ["Ingress"] },
    });
    let allow = serde_json::json!({
        "kind": "NetworkPolicy", "metadata": { "namespace": "one" },
        "spec": {
            "podSelector": { "matchLabels": { "app": "b" } },
            "policyTypes": ["Ingress"],
            "ingress": [{ "from": [{ "podSelector": { "matchLabels": { "app": "a" } } }],
                          "ports": [{ "protocol": "TCP", "port": 80 }] }],
        },
    });
    let both = [deny.clone(), allow];
    let network = Network::of(&both);
    assert!(network.connects(&a, &b, 80, "TCP"));
    assert!(!network.connects(&a, &b, 80, "UDP") && !network.connects(&a, &b, 81, "TCP"));
    assert!(!network.connects(&c, &b, 80, "TCP") && !network.connects(&b, &a, 80, "TCP"));
    assert!(network.connects(&a, &c, 80, "TCP"), "no policy selects `c`, and none of egress `a`");
    assert!(!Network::of(&[deny]).connects(&a, &b, 80, "TCP"));
}
