//! Whether a connection is possible, by the NetworkPolicies and those of a mesh: the rules of both, evaluated over what was
//! written.
//!
//! Sources: Kubernetes docs, "Network Policies", and the API reference of `NetworkPolicySpec`. Policies add up; a pod that
//! no policy of a direction selects is open in that direction; both sides must allow. Istio docs, "Ambient and Kubernetes
//! NetworkPolicy", `AuthorizationPolicy`, `PeerAuthentication`: between pods of the mesh TCP arrives at port 15008, and the
//! port behind it is judged by the caller's account.

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
    /// namespace and name of its account, if it is part of the mesh
    pub(super) account: Option<String>,
}

/// How a connection comes.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// as it was sent
    Plain,
    /// through the mesh
    Wrapped,
}

/// The port on which pods of the mesh take what is wrapped.
const HBONE: u16 = 15008;

/// Who is on the other side.
#[derive(Clone, Copy, Debug)]
pub(super) enum Peer<'a> {
    Pod(&'a Pod),
    Address(IpAddr),
}

/// The policies of an environment.
pub(super) struct Network<'v> {
    policies: Vec<&'v Value>,
    authorizations: Vec<&'v Value>,
    authentications: Vec<&'v Value>,
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
        let of = |kind: &str| objects.iter().filter(|o| text(o, "/kind") == kind).collect();
        Network {
            policies: of("NetworkPolicy"),
            authorizations: of("AuthorizationPolicy"),
            authentications: of("PeerAuthentication"),
        }
    }

    /// Whether the mesh lets a caller, who may have no account, through to a port of its pod `to`.
    fn admits(&self, to: &Pod, account: Option<&str>, port: u16) -> bool {
        let of_pod = |policies: &[&'v Value]| -> Vec<&'v Value> {
            let selects = |policy: &&&Value| {
                text(policy, "/metadata/namespace") == to.namespace
                    && policy["spec"].get("selector").is_some_and(|s| labels_match(s, &to.labels))
            };
            policies.iter().filter(selects).copied().collect()
        };
        let is_let_in = |rule: &Value| {
            let comes = items(rule, "/from").iter().any(|from| match account {
                Some(account) => items(from, "/source/serviceAccounts").iter().any(|known| known == account),
                None => items(from, "/source/notPrincipals").iter().any(|known| known == "*"),
            });
            let named = items(rule, "/to").iter().flat_map(|to| items(to, "/operation/ports"));
            comes && named.into_iter().any(|known| known.as_str() == Some(&port.to_string()))
        };
        let authorizations = of_pod(&self.authorizations);
        let is_authorized = authorizations.is_empty()
            || authorizations.iter().any(|policy| items(policy, "/spec/rules").iter().any(is_let_in));
        let refuses_plain = of_pod(&self.authentications).into_iter().any(|policy| {
            let own = policy.pointer(&format!("/spec/portLevelMtls/{port}/mode"));
            own.or_else(|| policy.pointer("/spec/mtls/mode")).is_some_and(|mode| mode == "STRICT")
        });
        is_authorized && !(account.is_none() && refuses_plain)
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

    /// Whether both are part of the mesh, which wraps TCP between them.
    fn is_wrapped(from: &Pod, to: Peer<'_>, protocol: &str) -> bool {
        let theirs = matches!(to, Peer::Pod(Pod { account: Some(_), .. }));
        from.account.is_some() && theirs && protocol == "TCP"
    }

    fn leaves_by(&self, way: Way, from: &Pod, to: Peer<'_>, port: u16, protocol: &str) -> bool {
        match way {
            Way::Plain => self.lets(from, ("egress", "to"), to, port, protocol),
            Way::Wrapped => {
                Self::is_wrapped(from, to, protocol) && self.lets(from, ("egress", "to"), to, HBONE, protocol)
            }
        }
    }

    fn arrives_by(&self, way: Way, from: &Pod, to: &Pod, port: u16, protocol: &str) -> bool {
        let ingress = |port| self.lets(to, ("ingress", "from"), Peer::Pod(from), port, protocol);
        match way {
            Way::Plain => {
                let is_judged = to.account.is_some() && protocol == "TCP";
                ingress(port) && (!is_judged || self.admits(to, None, port))
            }
            Way::Wrapped => {
                Self::is_wrapped(from, Peer::Pod(to), protocol)
                    && ingress(HBONE)
                    && self.admits(to, from.account.as_deref(), port)
            }
        }
    }

    /// Whether what `from` sends may leave it.
    pub(super) fn leaves(&self, from: &Pod, to: Peer<'_>, port: u16, protocol: &str) -> bool {
        [Way::Plain, Way::Wrapped].into_iter().any(|way| self.leaves_by(way, from, to, port, protocol))
    }

    /// Whether `to` takes what `from` sends.
    pub(super) fn arrives(&self, from: &Pod, to: &Pod, port: u16, protocol: &str) -> bool {
        [Way::Plain, Way::Wrapped].into_iter().any(|way| self.arrives_by(way, from, to, port, protocol))
    }

    /// Whether two pods can talk: both sides allow it on the same way.
    pub(super) fn connects(&self, from: &Pod, to: &Pod, port: u16, protocol: &str) -> bool {
        [Way::Plain, Way::Wrapped].into_iter().any(|way| {
            self.leaves_by(way, from, Peer::Pod(to), port, protocol)
                && self.arrives_by(way, from, to, port, protocol)
        })
    }
}

#[test]
fn the_evaluator_knows_the_rules_of_the_api() {
    let pod = |name: &str, namespace: &str| Pod {
        name: name.to_owned(),
        namespace: namespace.to_owned(),
        labels: BTreeMap::from([("app".to_owned(), name.to_owned())]),
        account: None,
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

#[test]
fn the_evaluator_knows_the_rules_of_a_mesh() {
    let pod = |name: &str, account: Option<&str>| Pod {
        name: name.to_owned(),
        namespace: "one".to_owned(),
        labels: BTreeMap::from([("app".to_owned(), name.to_owned())]),
        account: account.map(str::to_owned),
    };
    let (a, b, c) = (pod("a", Some("one/a")), pod("b", Some("one/b")), pod("c", None));
    let selector = serde_json::json!({ "matchLabels": { "app": "b" } });
    let policy = |port: u16| {
        serde_json::json!({
            "kind": "NetworkPolicy", "metadata": { "namespace": "one" },
            "spec": { "podSelector": selector, "policyTypes": ["Ingress"],
                      "ingress": [{ "ports": [{ "protocol": "TCP", "port": port }] }] },
        })
    };
    let authorization = |source: Value, port: &str| {
        serde_json::json!({
            "kind": "AuthorizationPolicy", "metadata": { "namespace": "one" },
            "spec": { "selector": selector, "rules": [
                { "from": [{ "source": source }], "to": [{ "operation": { "ports": [port] } }] }
            ] },
        })
    };
    let strict = serde_json::json!({
        "kind": "PeerAuthentication", "metadata": { "namespace": "one" },
        "spec": { "selector": selector, "mtls": { "mode": "STRICT" } },
    });
    let account = || serde_json::json!({ "serviceAccounts": ["one/a"] });
    let nobody = || serde_json::json!({ "notPrincipals": ["*"] });

    let wrapped = [policy(15008), authorization(account(), "80"), strict.clone()];
    let network = Network::of(&wrapped);
    assert!(network.connects(&a, &b, 80, "TCP") && !network.connects(&a, &b, 81, "TCP"));
    assert!(!network.connects(&c, &b, 80, "TCP") && !network.connects(&c, &b, 15008, "TCP"));
    assert!(!Network::of(&[policy(80), authorization(account(), "80")]).connects(&a, &b, 80, "TCP"));

    let plain = [policy(80), authorization(nobody(), "80")];
    assert!(Network::of(&plain).connects(&c, &b, 80, "TCP"));
    let refused = [policy(80), authorization(nobody(), "80"), strict];
    assert!(!Network::of(&refused).connects(&c, &b, 80, "TCP"));
    assert!(Network::of(&[policy(15008)]).connects(&a, &b, 81, "TCP"), "the mesh has no policy");
}
