//! Flows that only databases have: poolers, KEDA, the object store, and databases that others run.

use super::elsewhere::everything_public;
use super::{Rules, one_namespace, pods_by, tcp};
use crate::k8s::PolicyPort;
use crate::lower::labels;
use crate::origin::{NET_EDGE, NET_EXTERNAL, NET_POOLER, NET_STORE, Origin, Traced};
use crate::system::names::cluster_namespace;
use crate::system::{Database, Managed};
use crate::text::Text;
use crate::value::Url;
use crate::walk::Items;

/// `PostgreSQL`'s own port.
const POSTGRESQL: u16 = 5432;

impl Rules<'_> {
    /// The poolers reach the server, as far as there are some.
    pub(in crate::lower) fn pooler(&mut self, database: &Database, ports: &Items<PolicyPort>) {
        let mode = database.pool_mode.origin();
        let read = database.replicas.as_ref().and_then(|replicas| replicas.pool.as_ref());
        let poolers =
            [("pooler", &database.pool.as_ref(), mode), ("pooler-ro", &read, database.replicas_because)];
        for (key, pool, decisive) in poolers {
            let Some(pool) = pool else {
                self.ingress.leave_out(key, self.cx.tracer.because(NET_POOLER, &[mode, decisive]));
                continue;
            };
            let because = self.cx.tracer.because(NET_POOLER, &[mode, decisive, pool.object.origin()]);
            let name = Traced::because(pool.object.get().clone(), because);
            let peer = pods_by(labels::pooler_named(name));
            self.from(key, because, Items::one(key, because, peer), ports.clone());
        }
    }

    /// A pooler reaches its server.
    pub(in crate::lower) fn server(&mut self, database: &Database, ports: &Items<PolicyPort>) {
        let because = self.cx.tracer.because(NET_POOLER, &[database.because]);
        let peer = pods_by(labels::matching([(labels::name_key(), database.object.clone())]));
        self.to("server", because, Items::one("server", because, peer), ports.clone());
    }

    /// Pods of the same namespace, by their name, reach the noun.
    pub(in crate::lower) fn let_in_pods(
        &mut self,
        key: &'static str,
        name: &Traced<Text>,
        ports: &Items<PolicyPort>,
    ) {
        let peer = pods_by(labels::matching([(labels::name_key(), name.clone())]));
        self.from(key, name.origin(), Items::one(key, name.origin(), peer), ports.clone());
    }

    /// The noun reaches pods of the same namespace, by their name.
    pub(in crate::lower) fn let_out_to_pods(
        &mut self,
        key: &'static str,
        name: &Traced<Text>,
        ports: &Items<PolicyPort>,
    ) {
        let peer = pods_by(labels::matching([(labels::name_key(), name.clone())]));
        self.to(key, name.origin(), Items::one(key, name.origin(), peer), ports.clone());
    }

    /// Instances with backups reach the object store, whose addresses nobody declares.
    pub(in crate::lower) fn object_store(&mut self, database: &Database) {
        let because = self.cx.tracer.because(NET_STORE, &[database.backup_because]);
        let store = self.cx.platform().object_store.as_ref();
        let (Some(store), Some(_)) = (store, &database.backup) else {
            return self.egress.leave_out("object-store", because);
        };
        self.store("object-store", because, Origin::spec(store.at), store.endpoint.as_ref());
        self.store_of_site(database, store.endpoint.as_ref());
    }

    /// The store of the other site, unless it is reached in the same way.
    fn store_of_site(&mut self, database: &Database, own: Option<&Traced<Url>>) {
        let (key, because) =
            ("object-store-of-site", self.cx.tracer.because(NET_STORE, &[database.site_because]));
        let address = |endpoint: Option<&Traced<Url>>| endpoint.map(|url| url.get().clone());
        match &database.site {
            Some(site) if address(site.endpoint.as_ref()) != address(own) => {
                self.store(key, because, site.because, site.endpoint.as_ref());
            }
            _ => self.egress.leave_out(key, because),
        }
    }

    fn store(&mut self, key: &'static str, because: Origin, at: Origin, endpoint: Option<&Traced<Url>>) {
        let port = endpoint.map_or_else(
            || self.cx.tracer.constant(NET_STORE, &[at], 443u16),
            |url| url.map(Url::port_or_default),
        );
        let host = endpoint
            .map_or_else(|| Traced::because(None, at), |url| url.map(|u| cluster_namespace(u.host())));
        let peers = match host.get() {
            Some(namespace) => one_namespace(Traced::because(namespace.clone(), host.origin())),
            None => everything_public(self.cx.tracer.because(NET_STORE, &[host.origin()]), NET_STORE),
        };
        self.to(key, because, peers, tcp(port, NET_STORE));
    }

    /// A database of others, at the addresses that the spec declares.
    pub(super) fn managed(&mut self, key: &Text, because: Origin, managed: &Managed) {
        let peers = if managed.cidrs.is_empty() {
            let lacking = managed.cidrs.at.unwrap_or(managed.at);
            let origin =
                self.cx.tracer.because(NET_EXTERNAL, &[managed.host.origin(), Origin::spec(lacking)]);
            everything_public(origin, NET_EXTERNAL)
        } else {
            self.ranges(&managed.cidrs, managed.host.origin())
        };
        let mut ports = tcp(managed.port, NET_EDGE);
        if *managed.port.get() != POSTGRESQL {
            ports.leave_out(format!("{POSTGRESQL}/TCP"), managed.port.origin());
        }
        self.to(key.clone(), because, peers, ports);
    }
}
