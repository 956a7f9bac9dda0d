//! How what a system's programs send and keep is encrypted: edge by edge, and volume by volume.
//!
//! Knows what specc emits and what the platform declares of itself. Whether a mesh, a disk or a store really encrypts is
//! the platform's word; whether a program obeys `sslmode` is the program's.

use crate::origin::{Origin, Traced};
use crate::spec::data::DataClass;
use crate::spec::database::SslMode;
use crate::spec::platform::Encryption as StoreKeys;
use crate::spec::workload::{Transport, VolumeKind};
use crate::text::Text;
use crate::value::{Bytes, Value as _};

use super::edges::{Edge, Target, WorkloadId};
use super::workload::Port;
use super::{Cache, Database, External, Managed, Queue, Service, System, Workload};

/// How what goes over an edge is encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Encrypted {
    /// the mesh does it, at both ends
    Mesh,
    /// the two ends do it, in these words
    Tls(&'static str),
    /// nobody does, since this is so
    Plain(&'static str),
}

impl Encrypted {
    /// Whether anybody does.
    pub fn is(&self) -> bool {
        !matches!(self, Encrypted::Plain(_))
    }
}

/// What crosses pods because of an edge, through one port.
#[derive(Clone, Debug)]
pub struct Flow {
    /// who sends: `shop.workloads.api`
    pub from: String,
    /// who takes it: `shop.caches.hot`
    pub to: String,
    /// through which port: `6379/TCP`
    pub port: String,
    /// how sensitive it is, if somebody said so
    pub class: Option<Traced<DataClass>>,
    /// how it is encrypted
    pub encrypted: Encrypted,
    /// the edge
    pub because: Origin,
    /// what decides how it is encrypted, besides the mesh
    pub decides: Origin,
    /// the service whose edge it is, and where that leads; none for what is no item of `uses`
    pub edge: Option<(usize, Target)>,
    /// whether it leaves the cluster
    pub is_outside: bool,
}

/// Where something is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// on volumes of a `StorageClass` that is declared to encrypt
    Encrypted(Text),
    /// on volumes of one that is declared not to
    Plain(Text),
    /// on volumes of one of which nothing is declared
    Undeclared(Text),
    /// on volumes of the cluster's default, whichever that is
    Default,
    /// in the memory of a pod
    Memory,
    /// in the object store, which encrypts with these keys
    Store(&'static str),
    /// on a disk that somebody else makes
    Foreign,
    /// on the node
    Node,
}

/// Something that keeps data.
#[derive(Clone, Debug)]
pub struct Place {
    /// who keeps it: `shop.databases.main`
    pub of: String,
    /// what it is, with its size
    pub what: String,
    /// how sensitive it is, if somebody said so
    pub class: Option<Traced<DataClass>>,
    /// where
    pub kept: Kept,
    /// why it is kept
    pub because: Origin,
    /// what names the `StorageClass`, or could
    pub named: Origin,
}

/// How sensitive what both ends hold is: the lower of the two, since each end holds no more than it says; what one end
/// alone says counts for both.
fn carried(one: Option<Traced<DataClass>>, other: Option<Traced<DataClass>>) -> Option<Traced<DataClass>> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if one.get() <= other.get() { one } else { other }),
        (one, other) => one.or(other),
    }
}

fn noun(service: &Service, nouns: &str, name: &Text) -> String {
    format!("{}.{nouns}.{name}", service.stem)
}

/// `shop.workloads.api`; of a migration the table that asks for it.
fn path_of(service: &Service, workload: &Workload) -> String {
    match &workload.migrates {
        Some(migration) => format!("{}.migrate", noun(service, "databases", migration.database.get())),
        None => noun(service, "workloads", workload.name.get()),
    }
}

/// Everything that crosses pods because of `uses`, of a route, or of backups.
pub fn flows(system: &System) -> Vec<Flow> {
    let mut all = Vec::new();
    for (at, service) in system.services.iter().enumerate() {
        for (index, workload) in service.workloads.iter().enumerate() {
            let from = WorkloadId { service: at, workload: index };
            for edge in &workload.edges {
                if let Some(target) = edge.target {
                    all.extend(of_edge(system, (from, workload), (edge, target)));
                }
            }
            all.extend(from_outside(system, service, workload));
        }
        // shards are kept alike, and one of them says it for all
        let first = service.databases.iter().filter(|database| database.is_first());
        all.extend(first.filter_map(|database| to_store(system, service, database)));
    }
    all
}

/// How an edge of `uses` is encrypted, port by port.
fn of_edge(
    system: &System,
    (from, workload): (WorkloadId, &Workload),
    (edge, target): (&Edge, Target),
) -> Vec<Flow> {
    let Some(service) = system.services.get(from.service) else { return Vec::new() };
    let wrapped = system.wraps(from, target);
    let flow = |to: String, port: String, class: Option<Traced<DataClass>>, end: End| Flow {
        from: path_of(service, workload),
        to,
        port,
        class: carried(workload.class, class),
        encrypted: if wrapped && end.is_tcp && !end.encrypted.is() { Encrypted::Mesh } else { end.encrypted },
        because: edge.written.origin(),
        decides: end.decides,
        edge: Some((from.service, target)),
        is_outside: end.is_outside,
    };
    let one = match target {
        Target::Database(index) => service.databases.get(index).map(|database| {
            let to = noun(service, "databases", database.stack.get());
            flow(to, "5432/TCP".to_owned(), database.class, End::of_database(database, workload))
        }),
        Target::Managed(index) => service.managed.get(index).map(|managed| {
            let to = noun(service, "databases", managed.name.get());
            flow(to, format!("{}/TCP", managed.port.get()), managed.class, End::of_managed(managed))
        }),
        Target::Cache(index) => service.caches.get(index).map(|cache| {
            let to = noun(service, "caches", cache.name.get());
            flow(to, format!("{}/TCP", cache.port.get()), cache.class, End::of_cache(cache))
        }),
        Target::Queue(index) => service.queues.get(index).map(|queue| {
            let ports: Vec<String> =
                queue.addresses().map(|(_, port)| format!("{}/TCP", port.get())).collect();
            let to = noun(service, "queues", queue.name.get());
            flow(to, distinct(ports), queue.class, End::of_queue(queue))
        }),
        Target::External(index) => service.externals.get(index).map(|external| {
            let to = noun(service, "externals", external.name.get());
            let port = format!("{}/TCP", external.url.get().port_or_default());
            flow(to, port, external.class, End::of_external(external))
        }),
        Target::Workload(id) => {
            let Some((theirs, other)) = system.workload(id) else { return Vec::new() };
            let ports = other.service_ports();
            return ports
                .map(|port| flow(path_of(theirs, other), text_of(port), other.class, End::of_port(port)))
                .collect();
        }
        // the kubelet fetches it, over TLS; each shard has an edge of its own
        Target::Secret(_) | Target::Sharded(_) => None,
    };
    one.into_iter().collect()
}

fn distinct(mut words: Vec<String>) -> String {
    words.sort();
    words.dedup();
    words.join(", ")
}

fn text_of(port: &Port) -> String {
    let transport = crate::spec::decode::Choice::word(*port.transport.get()).to_uppercase();
    format!("{}/{transport}", port.number.get())
}

/// What is known of the end that an edge leads to.
struct End {
    encrypted: Encrypted,
    decides: Origin,
    is_tcp: bool,
    is_outside: bool,
}

impl End {
    fn tcp(encrypted: Encrypted, decides: Origin) -> End {
        End { encrypted, decides, is_tcp: true, is_outside: false }
    }

    fn of_database(database: &Database, workload: &Workload) -> End {
        let pooled = database.pool.is_some() && !database.is_direct(workload);
        let how = if pooled {
            "TLS to the pooler and behind it, which refuse all else"
        } else {
            "TLS, and the server refuses all else"
        };
        End::tcp(Encrypted::Tls(how), database.because)
    }

    fn of_managed(managed: &Managed) -> End {
        let encrypted = match managed.sslmode.get() {
            SslMode::Disable => Encrypted::Plain("`sslmode = \"disable\"`"),
            SslMode::Require => Encrypted::Tls("TLS, if the program obeys `sslmode = require`"),
            SslMode::VerifyFull => Encrypted::Tls("TLS, if the program obeys `sslmode = verify-full`"),
        };
        End { is_outside: !managed.is_in_cluster(), ..End::tcp(encrypted, managed.sslmode.origin()) }
    }

    fn of_cache(cache: &Cache) -> End {
        match &cache.url {
            None => {
                End::tcp(Encrypted::Plain("a cache of specc's own speaks no TLS"), Origin::spec(cache.at))
            }
            Some(url) => {
                let encrypted = if url.get().is_secure() {
                    Encrypted::Tls("TLS, by `rediss`")
                } else {
                    Encrypted::Plain("`redis` is plain text")
                };
                End { is_outside: !cache.is_in_cluster(), ..End::tcp(encrypted, url.origin()) }
            }
        }
    }

    fn of_queue(queue: &Queue) -> End {
        let encrypted = if *queue.tls.get() {
            Encrypted::Tls("TLS, if the program obeys `tls`")
        } else {
            Encrypted::Plain("`tls = false`")
        };
        End { is_outside: !queue.is_in_cluster(), ..End::tcp(encrypted, queue.tls.origin()) }
    }

    fn of_external(external: &External) -> End {
        let encrypted = match external.url.get().scheme() {
            "http" => Encrypted::Plain("`http` is plain text"),
            _ => Encrypted::Tls("TLS, by `https`"),
        };
        let is_outside = !matches!(external.way.get(), super::Way::Cluster(_));
        End { is_outside, ..End::tcp(encrypted, external.url.origin()) }
    }

    fn of_port(port: &Port) -> End {
        let encrypted = match &port.tls {
            Some(_) => Encrypted::Tls("TLS, by the program"),
            None => Encrypted::Plain("the port has no `tls`"),
        };
        let decides = port.tls.as_ref().map_or(port.because, |tls| Origin::spec(tls.at));
        End { is_tcp: *port.transport.get() == Transport::Tcp, ..End::tcp(encrypted, decides) }
    }
}

/// What the pods of the Gateway, or of the ingress controller, send to a workload that has a route.
fn from_outside(system: &System, service: &Service, workload: &Workload) -> Vec<Flow> {
    let platform = &system.environment.platform;
    let (is_ingress, peer) = (platform.ingress_class.is_some(), platform.gateway_peer.as_ref());
    // a gateway is part of the mesh where the platform names the account of its pods
    let meshed = peer.is_some_and(|peer| peer.account.is_some()) && system.is_meshed(workload);
    let mut all: Vec<Flow> = Vec::new();
    for route in &workload.routes {
        let Some(port) = route.port(workload) else { continue };
        let End { encrypted, decides, .. } = End::of_port(port);
        let encrypted = match (route.is_passed_through(), &encrypted) {
            (true, _) => Encrypted::Tls("TLS, by the program"),
            // an Ingress says nothing about the way behind it
            (false, Encrypted::Tls(_)) if is_ingress => {
                Encrypted::Plain("an Ingress decrypts, and sends on in the clear")
            }
            (false, Encrypted::Plain(_)) if meshed => Encrypted::Mesh,
            (false, _) => encrypted,
        };
        let known = |flow: &Flow| flow.port == text_of(port) && flow.encrypted == encrypted;
        if all.iter().any(known) {
            continue;
        }
        all.push(Flow {
            from: if is_ingress { "the ingress controller" } else { "the Gateway" }.to_owned(),
            to: path_of(service, workload),
            port: text_of(port),
            class: workload.class,
            encrypted,
            because: route.because,
            decides,
            edge: None,
            is_outside: false,
        });
    }
    all
}

/// What a database sends to the object store.
fn to_store(system: &System, service: &Service, database: &Database) -> Option<Flow> {
    let (_, store) = (database.backup.as_ref()?, system.environment.platform.object_store.as_ref()?);
    let endpoint = store.endpoint.as_ref();
    let is_plain = endpoint.is_some_and(|url| url.get().scheme() == "http");
    let encrypted =
        if is_plain { Encrypted::Plain("`http` is plain text") } else { Encrypted::Tls("TLS, by `https`") };
    Some(Flow {
        from: noun(service, "databases", database.name.get()),
        to: "the object store".to_owned(),
        port: format!("{}/TCP", endpoint.map_or(443, |url| url.get().port_or_default())),
        class: database.class,
        encrypted,
        because: database.backup_because,
        decides: endpoint.map_or(Origin::spec(store.at), Traced::origin),
        edge: None,
        is_outside: true,
    })
}

/// Everything that keeps data.
pub fn places(system: &System) -> Vec<Place> {
    let mut all = Vec::new();
    for service in &system.services {
        for database in service.databases.iter().filter(|database| database.is_first()) {
            all.extend(of_database(system, service, database));
        }
        all.extend(service.caches.iter().filter_map(|cache| of_cache(system, service, cache)));
        for workload in &service.workloads {
            all.extend(of_workload(system, service, workload));
        }
    }
    all
}

/// Where a volume of this class is kept.
fn on(system: &System, class: Option<&Traced<Text>>) -> Kept {
    let Some(class) = class else { return Kept::Default };
    let known = &system.environment.platform.storage_classes;
    match known.iter().find(|(name, _)| name == class.get()) {
        Some((name, encrypted)) if *encrypted.get() => Kept::Encrypted(name.clone()),
        Some((name, _)) => Kept::Plain(name.clone()),
        None => Kept::Undeclared(class.get().clone()),
    }
}

fn sized(what: &str, size: &Traced<Bytes>) -> String {
    format!("{what}, {}", size.get().text())
}

fn of_database(system: &System, service: &Service, database: &Database) -> Vec<Place> {
    let class = database.storage_class.as_ref();
    let volume = |what: &str, size: &Traced<Bytes>| Place {
        of: noun(service, "databases", database.name.get()),
        what: sized(what, size),
        class: database.class,
        kept: on(system, class),
        because: Origin::spec(database.at),
        named: class.map_or(Origin::spec(database.at), Traced::origin),
    };
    let mut all = vec![volume("volumes", &database.storage)];
    all.extend(database.wal_storage.as_ref().map(|size| volume("volumes of the log", size)));
    let store = system.environment.platform.object_store.as_ref();
    all.extend(database.backup.as_ref().zip(store).map(|(_, store)| Place {
        of: noun(service, "databases", database.name.get()),
        what: "backups and archived log".to_owned(),
        class: database.class,
        kept: Kept::Store(match store.encryption.get() {
            StoreKeys::Aes256 => "keys of its own (AES256)",
            StoreKeys::Kms => "a key of the key management service (aws:kms)",
        }),
        because: database.backup_because,
        named: store.encryption.origin(),
    }));
    all
}

fn of_cache(system: &System, service: &Service, cache: &Cache) -> Option<Place> {
    let server = cache.server.as_ref()?;
    let class = server.storage_class.as_ref();
    let (what, kept) = match &server.storage {
        Some(size) => (sized("volume", size), on(system, class)),
        None => ("entries".to_owned(), Kept::Memory),
    };
    Some(Place {
        of: noun(service, "caches", cache.name.get()),
        what,
        class: cache.class,
        kept,
        because: Origin::spec(cache.at),
        named: class.map_or(Origin::spec(cache.at), Traced::origin),
    })
}

fn of_workload(system: &System, service: &Service, workload: &Workload) -> Vec<Place> {
    let place = |volume: &super::Volume| {
        let class = volume.table.storage_class.as_ref().map(super::text_of);
        let kept = match volume.kind.get() {
            VolumeKind::Claim | VolumeKind::Ephemeral => on(system, class.as_ref()),
            VolumeKind::ExistingClaim => Kept::Foreign,
            VolumeKind::HostPath => Kept::Node,
            VolumeKind::Empty
            | VolumeKind::Memory
            | VolumeKind::ConfigMap
            | VolumeKind::Secret
            | VolumeKind::Token => return None,
        };
        Some(Place {
            of: format!("{}.volumes.{}", path_of(service, workload), volume.name.get()),
            what: volume.size.as_ref().map_or_else(|| "volume".to_owned(), |size| sized("volume", size)),
            class: workload.class,
            kept,
            because: Origin::spec(volume.table.at),
            named: class.as_ref().map_or(Origin::spec(volume.table.at), Traced::origin),
        })
    };
    workload.volumes.iter().filter_map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::origin::{KIND, rule};

    #[test]
    fn an_edge_carries_what_both_ends_may_hold() {
        let of = |class| Some(rule(KIND, class));
        let class = |one, other| carried(one, other).map(|class| *class.get());
        assert_eq!(class(of(DataClass::Pii), of(DataClass::Public)), Some(DataClass::Public));
        assert_eq!(class(of(DataClass::Internal), of(DataClass::Confidential)), Some(DataClass::Internal));
        assert_eq!(class(None, of(DataClass::Pii)), Some(DataClass::Pii));
        assert_eq!(class(of(DataClass::Pii), None), Some(DataClass::Pii));
        assert_eq!(class(None, None), None);
    }
}
