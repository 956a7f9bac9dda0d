//! Ways to what is not ours: services, caches and brokers of others.
//!
//! A NetworkPolicy names pods, namespaces and addresses, never hosts.

use super::mesh::seen;
use super::{Rules, one_namespace, tcp};
use crate::k8s::{IpBlock, Peer, PolicyPort, Protocol};
use crate::lower::amount;
use crate::origin::{NET_EDGE, NET_EXTERNAL, NodeId, Origin, Rule, Traced, rule};
use crate::spec::decode::List;
use crate::system::names::cluster_namespace;
use crate::text::Text;
use crate::value::Cidr;
use crate::walk::Items;

/// Address ranges that are not on the public internet: RFC 1918, RFC 6598, link-local with the metadata service, loopback.
const NOT_PUBLIC_V4: &[&str] =
    &["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];
/// The same of IPv6: unique local, link-local, loopback.
const NOT_PUBLIC_V6: &[&str] = &["::1/128", "fc00::/7", "fe80::/10"];

/// Somewhere that is not ours.
pub(super) struct Elsewhere<'a> {
    /// the table that declares it
    pub(super) at: NodeId,
    /// host and port of each of its servers
    pub(super) servers: Vec<(Traced<Text>, Traced<u16>)>,
    /// its addresses, if they are known
    pub(super) cidrs: &'a List<Cidr>,
}

impl Rules<'_> {
    /// Somewhere that is not ours: a namespace of the cluster, the addresses that are declared, or all of the internet.
    pub(super) fn elsewhere(&mut self, key: &Text, because: Origin, elsewhere: &Elsewhere<'_>) {
        let mut groups: Vec<(Traced<Option<Text>>, Items<PolicyPort>)> = Vec::new();
        for (host, port) in &elsewhere.servers {
            let place = host.map(|host| cluster_namespace(host));
            let (key, because) = (format!("{}/TCP", port.get()), port.origin());
            match groups.iter_mut().find(|(other, _)| other.get() == place.get()) {
                Some((_, ports)) if ports.iter().any(|port| port.key == key.as_str()) => {}
                Some((_, ports)) => {
                    let port = PolicyPort { protocol: rule(NET_EDGE, Protocol::Tcp), port: port.cast() };
                    ports.push(key, because, port);
                }
                None => groups.push((place, tcp(*port, NET_EDGE))),
            }
        }
        for (index, (place, ports)) in groups.into_iter().enumerate() {
            let key = match place.get() {
                Some(namespace) if index > 0 => Text::from(format!("{key} in {namespace}")),
                None if index > 0 => Text::from(format!("{key} outside")),
                _ => key.clone(),
            };
            let peers = self.peers_elsewhere(&place, elsewhere);
            let ports = seen(self.cx, &ports, self.wrapped_to(&place));
            self.to(key, because, peers, ports);
        }
    }

    fn peers_elsewhere(&self, in_cluster: &Traced<Option<Text>>, elsewhere: &Elsewhere<'_>) -> Items<Peer> {
        let Elsewhere { at, cidrs, .. } = elsewhere;
        let mut peers = Items::default();
        if let Some(namespace) = in_cluster.get() {
            peers = one_namespace(Traced::because(namespace.clone(), in_cluster.origin()));
        } else if cidrs.is_empty() {
            let lacking = cidrs.at.unwrap_or(*at);
            let origin = self.cx.tracer.because(NET_EXTERNAL, &[in_cluster.origin(), Origin::spec(lacking)]);
            peers = everything_public(origin, NET_EXTERNAL);
        } else {
            for cidr in *cidrs {
                let block = IpBlock { cidr: amount(cidr), except: Vec::new() };
                let peer = Peer { namespace_selector: None, pod_selector: None, ip_block: Some(block) };
                let origin = self.cx.tracer.because(NET_EXTERNAL, &[cidr.origin(), in_cluster.origin()]);
                peers.push(cidr.get().to_string(), origin, peer);
            }
        }
        peers
    }
}

/// Every address of the public internet.
pub(super) fn everything_public(because: Origin, name: Rule) -> Items<Peer> {
    let mut peers = Items::default();
    for (all, except) in [("0.0.0.0/0", NOT_PUBLIC_V4), ("::/0", NOT_PUBLIC_V6)] {
        let block =
            IpBlock { cidr: rule(name, all), except: except.iter().map(|cidr| rule(name, *cidr)).collect() };
        let peer = Peer { namespace_selector: None, pod_selector: None, ip_block: Some(block) };
        peers.push(all, because, peer);
    }
    peers
}
