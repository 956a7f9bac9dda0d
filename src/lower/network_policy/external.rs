//! The way to services of others: by namespace, by address, or through what looks at host names.

use super::mesh::seen;
use super::{Rules, everything_public, one_namespace, platform_peer, tcp};
use crate::k8s::{HBONE, IpBlock, Peer};
use crate::origin::{NET_EDGE, NET_EXTERNAL, NET_WAYPOINT, Origin, Traced};
use crate::spec::decode::List;
use crate::system::{External, Way};
use crate::text::Text;
use crate::value::{Cidr, Url};
use crate::walk::Items;

/// One range of addresses.
fn range(cidr: Traced<Text>) -> Peer {
    let block = IpBlock { cidr, except: Vec::new() };
    Peer { namespace_selector: None, pod_selector: None, ip_block: Some(block) }
}

impl Rules<'_> {
    pub(super) fn external(&mut self, key: &Text, because: Origin, external: &External) {
        let way = external.way.origin();
        let port = *external.url.map(Url::port_or_default).get();
        let port = self.cx.tracer.constant(NET_EXTERNAL, &[external.url.origin(), way], port);
        let peers = match external.way.get() {
            Way::Host => {
                let because = self.cx.tracer.because(NET_EXTERNAL, &[because, way]);
                return self.egress.leave_out(key.clone(), because);
            }
            Way::Waypoint => return self.waypoint(key, because, external),
            Way::Cluster(namespace) => one_namespace(Traced::because(namespace.clone(), way)),
            Way::Address(address) => {
                Items::one(address.clone(), way, range(Traced::because(format!("{address}/32").into(), way)))
            }
            Way::Ranges => self.ranges(&external.cidrs, way),
            Way::Anywhere => everything_public(way, NET_EXTERNAL),
        };
        let namespace = external.way.map(|way| match way {
            Way::Cluster(namespace) => Some(namespace.clone()),
            _ => None,
        });
        let ports = seen(self.cx, &tcp(port, NET_EDGE), self.wrapped_to(&namespace));
        self.to(key.clone(), because, peers, ports);
    }

    /// Declared addresses, which count because of `decisive`.
    pub(super) fn ranges(&self, cidrs: &List<Cidr>, decisive: Origin) -> Items<Peer> {
        let mut peers = Items::default();
        for cidr in cidrs {
            let origin = self.cx.tracer.because(NET_EXTERNAL, &[cidr.origin(), decisive]);
            peers.push(cidr.get().to_string(), origin, range(super::super::amount(cidr)));
        }
        peers
    }

    /// Pods of an ambient mesh reach what is outside through the waypoint.
    fn waypoint(&mut self, key: &Text, because: Origin, external: &External) {
        let Some(waypoint) = &self.cx.platform().waypoint else { return };
        let why = [external.way.origin(), waypoint.peer.because];
        let origin = self.cx.tracer.because(NET_WAYPOINT, &why);
        let port = self.cx.tracer.constant(NET_WAYPOINT, &[external.way.origin()], HBONE);
        let peers = Items::one("waypoint", origin, platform_peer(&waypoint.peer));
        self.to(key.clone(), because, peers, tcp(port, NET_WAYPOINT));
    }
}
