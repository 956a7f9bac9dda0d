//! Facts about the cluster, with what is usual where the environment says nothing.

mod velero;

use crate::origin::{BACKUP_ENCRYPTION, DEFAULT_PLATFORM, NodeId, Origin, Traced, Tracer, rule};
use crate::spec::PortNumber;
use crate::spec::decode::{List, Map};
use crate::spec::environment::Tier;
use crate::spec::platform::{self as spec, AddOn, Egress, Encryption, Mesh};
use crate::text::Text;
use crate::value::{Cidr, Host, ImageRef, KubernetesVersion, LabelKey, Name, NamespacedName, Url};

use super::text_of;

pub use velero::Velero;

/// Facts about the cluster.
#[derive(Debug)]
pub struct Platform {
    /// where the table is, for what it lacks: the table, else the environment's tier
    pub origin: Origin,
    /// Kubernetes version
    pub kubernetes: Traced<KubernetesVersion>,
    /// DNS suffix of Services
    pub cluster_domain: Traced<Text>,
    /// where pods reach the Kubernetes API
    pub api_server: Option<ApiServer>,
    /// the DNS resolver's pods
    pub dns: Peer,
    /// the pods that let callers in from outside: the Gateway's or the ingress controller's
    pub gateway_peer: Option<Peer>,
    /// the metrics scraper's pods
    pub monitoring: Peer,
    /// the pods of CloudNativePG's operator
    pub cnpg: Peer,
    /// the pods of KEDA's operator
    pub keda: Peer,
    /// what wraps connections between pods
    pub mesh: Traced<Mesh>,
    /// namespaces of others whose pods are part of the mesh
    pub mesh_namespaces: List<Name>,
    /// what holds programs to host names
    pub egress: Traced<Egress>,
    /// the waypoint that calls to the outside leave through
    pub waypoint: Option<Waypoint>,
    /// the Gateway
    pub gateway: Option<Traced<NamespacedName>>,
    /// whether routed workloads bring a ListenerSet
    pub listener_sets: Traced<bool>,
    /// listeners of the Gateway, for routes that bring none of their own
    pub gateway_listeners: Option<spec::GatewayListeners>,
    /// IngressClass, on a platform without a Gateway
    pub ingress_class: Option<Traced<Text>>,
    /// ClusterIssuer of certificates
    pub issuer: Option<Traced<Text>>,
    /// ClusterSecretStore
    pub secret_store: Option<Traced<Text>>,
    /// ClusterSecretStore that passwords are kept in
    pub secret_backup_store: Option<Traced<Text>>,
    /// `StorageClass` of databases' volumes
    pub storage_class: Option<Traced<Text>>,
    /// names of `StorageClass`es, each with whether it encrypts
    pub storage_classes: Vec<(Text, Traced<bool>)>,
    /// where databases are backed up to
    pub object_store: Option<ObjectStore>,
    /// copies of the manifests
    pub velero: Velero,
    /// image in which drills run
    pub drill_image: Option<Traced<ImageRef>>,
    /// the blackbox exporter
    pub blackbox: Option<Blackbox>,
    /// PriorityClass of every pod
    pub priority_class: Option<Traced<Text>>,
    /// registries that images may come from; empty for any
    pub trusted_registries: List<Host>,
    /// whether specc writes the Namespaces
    pub manage_namespaces: Traced<bool>,
    /// operators
    pub add_ons: List<AddOn>,
}

/// The blackbox exporter.
#[derive(Debug)]
pub struct Blackbox {
    /// its table
    pub at: NodeId,
    /// host and port
    pub address: Traced<Text>,
    /// the module by which it asks
    pub module: Traced<Text>,
}

/// A waypoint of Istio's.
#[derive(Debug)]
pub struct Waypoint {
    /// its namespace and name
    pub at: Traced<NamespacedName>,
    /// its pods
    pub peer: Peer,
}

/// Where databases are backed up to.
#[derive(Debug)]
pub struct ObjectStore {
    /// its table
    pub at: NodeId,
    /// bucket and folder
    pub url: Traced<Text>,
    /// address of the store, where it is not Amazon's
    pub endpoint: Option<Traced<Url>>,
    /// how it encrypts what it is given
    pub encryption: Traced<Encryption>,
    /// annotations of the accounts that may write there
    pub role: Vec<(Text, Traced<Text>)>,
    /// annotations of the accounts that may only read there
    pub read_role: Vec<(Text, Traced<Text>)>,
}

/// Where pods reach the Kubernetes API.
#[derive(Debug)]
pub struct ApiServer {
    /// its table
    pub at: NodeId,
    /// addresses
    pub cidrs: List<Cidr>,
    /// port
    pub port: Traced<u16>,
}

/// Pods of the platform.
#[derive(Clone, Debug)]
pub struct Peer {
    /// why it is these: their table, what they are taken from, or else the table that has none of them
    pub because: Origin,
    /// their namespace
    pub namespace: Traced<Text>,
    /// labels that they all have
    pub labels: Vec<(Text, Traced<Text>)>,
    /// the account that they run as, where they are part of the mesh
    pub account: Option<Traced<Text>>,
}

impl Peer {
    fn resolve(written: Option<&spec::Peer>) -> Option<Peer> {
        written.map(|peer| Peer {
            because: Origin::spec(peer.at),
            namespace: text_of(&peer.namespace),
            labels: peer.labels.iter().map(|(key, entry)| (key.clone(), text_of(&entry.value))).collect(),
            account: peer.service_account.as_ref().map(text_of),
        })
    }

    /// The pods of a Gateway, by the label that the Gateway API gives them; `because` no others are written.
    fn of_gateway(gateway: &Traced<NamespacedName>, because: Origin, tracer: &Tracer) -> Peer {
        let because = tracer.because(DEFAULT_PLATFORM, &[gateway.origin(), because]);
        let (namespace, name) = (gateway.get().namespace().to_owned(), gateway.get().name().to_owned());
        let label = "gateway.networking.k8s.io/gateway-name".into();
        Peer {
            because,
            namespace: Traced::because(namespace.into(), because),
            labels: vec![(label, Traced::because(name.into(), because))],
            account: None,
        }
    }

    /// The pods that are usual of a cluster; `because` no others are written.
    fn usual(because: Origin, namespace: &'static str, label: (&'static str, &'static str)) -> Peer {
        Peer {
            because,
            namespace: rule(DEFAULT_PLATFORM, namespace),
            labels: vec![(label.0.into(), rule(DEFAULT_PLATFORM, label.1))],
            account: None,
        }
    }
}

/// A port of the spec as the API's number.
pub(crate) fn port_number(port: &Traced<PortNumber>) -> Traced<u16> {
    port.map(|p| u16::try_from(p.get()).unwrap_or(u16::MAX))
}

fn annotations(written: &Map<LabelKey, Traced<Text>>) -> Vec<(Text, Traced<Text>)> {
    written.iter().map(|(key, entry)| (key.clone(), entry.value.clone())).collect()
}

impl Platform {
    pub(super) fn resolve(
        written: Option<&spec::Platform>,
        tier: &Traced<Tier>,
        tracer: &Tracer,
    ) -> Platform {
        let origin = written.map_or(tier.origin(), |p| Origin::spec(p.at));
        let gateway = written.and_then(|p| p.gateway.clone());
        let peers = written.and_then(|p| p.peers.as_ref());
        let lacking = peers.map_or(origin, |peers| Origin::spec(peers.at));
        let lacking = tracer.because(DEFAULT_PLATFORM, &[lacking]);
        Platform {
            origin,
            kubernetes: written
                .and_then(|p| p.kubernetes)
                .unwrap_or_else(|| rule(DEFAULT_PLATFORM, KubernetesVersion::USUAL)),
            cluster_domain: written
                .and_then(|p| p.cluster_domain.as_ref())
                .map_or_else(|| rule(DEFAULT_PLATFORM, "cluster.local"), text_of),
            api_server: written.and_then(|p| p.api_server.as_ref()).map(|api| ApiServer {
                at: api.at,
                cidrs: api.cidrs.clone(),
                port: api.port.as_ref().map_or_else(|| rule(DEFAULT_PLATFORM, 6443u16), port_number),
            }),
            dns: Peer::resolve(peers.and_then(|p| p.dns.as_ref()))
                .unwrap_or_else(|| Peer::usual(lacking, "kube-system", ("k8s-app", "kube-dns"))),
            gateway_peer: Peer::resolve(peers.and_then(|p| p.gateway.as_ref()))
                .or_else(|| gateway.as_ref().map(|gateway| Peer::of_gateway(gateway, lacking, tracer)))
                .or_else(|| {
                    let class = written.and_then(|p| p.ingress_class.as_ref())?;
                    let because = tracer.because(DEFAULT_PLATFORM, &[class.origin(), lacking]);
                    Some(Peer::usual(because, "ingress-nginx", ("app.kubernetes.io/name", "ingress-nginx")))
                }),
            monitoring: Peer::resolve(peers.and_then(|p| p.monitoring.as_ref())).unwrap_or_else(|| {
                Peer::usual(lacking, "monitoring", ("app.kubernetes.io/name", "prometheus"))
            }),
            cnpg: Peer::resolve(peers.and_then(|p| p.cnpg.as_ref())).unwrap_or_else(|| {
                Peer::usual(lacking, "cnpg-system", ("app.kubernetes.io/name", "cloudnative-pg"))
            }),
            keda: Peer::resolve(peers.and_then(|p| p.keda.as_ref()))
                .unwrap_or_else(|| Peer::usual(lacking, "keda", ("app.kubernetes.io/name", "keda-operator"))),
            mesh: written
                .and_then(|p| p.mesh)
                .unwrap_or_else(|| tracer.constant(DEFAULT_PLATFORM, &[origin], Mesh::None)),
            mesh_namespaces: written
                .map_or(List { at: None, items: Vec::new() }, |p| p.mesh_namespaces.clone()),
            egress: written
                .and_then(|p| p.egress)
                .unwrap_or_else(|| tracer.constant(DEFAULT_PLATFORM, &[origin], Egress::None)),
            waypoint: written.and_then(|p| p.egress_waypoint.as_ref()).map(|at| Waypoint {
                at: at.clone(),
                // Istio labels the pods of a waypoint as those of any Gateway
                peer: Peer::of_gateway(at, at.origin(), tracer),
            }),
            gateway,
            listener_sets: written
                .and_then(|p| p.listener_sets)
                .unwrap_or_else(|| rule(DEFAULT_PLATFORM, false)),
            gateway_listeners: written.and_then(|p| p.gateway_listeners.clone()),
            ingress_class: written.and_then(|p| p.ingress_class.as_ref()).map(text_of),
            issuer: written.and_then(|p| p.issuer.as_ref()).map(text_of),
            secret_store: written.and_then(|p| p.secret_store.as_ref()).map(text_of),
            secret_backup_store: written.and_then(|p| p.secret_backup_store.as_ref()).map(text_of),
            storage_class: written.and_then(|p| p.storage_class.as_ref()).map(text_of),
            storage_classes: written.map_or_else(Vec::new, |p| {
                p.storage_classes.iter().map(|(name, entry)| (name.clone(), entry.value.encrypted)).collect()
            }),
            object_store: written.and_then(|p| p.object_store.as_ref()).map(|store| ObjectStore {
                at: store.at,
                url: text_of(&store.url),
                endpoint: store.endpoint.clone(),
                encryption: store.encryption.unwrap_or_else(|| rule(BACKUP_ENCRYPTION, Encryption::Aes256)),
                role: annotations(&store.role),
                read_role: annotations(&store.read_role),
            }),
            velero: Velero::resolve(written.and_then(|p| p.velero.as_ref()), origin, tier, tracer),
            drill_image: written.and_then(|p| p.drill_image.clone()),
            blackbox: written.and_then(|p| p.blackbox.as_ref()).map(|blackbox| Blackbox {
                at: blackbox.at,
                address: text_of(&blackbox.address),
                module: blackbox.module.clone().unwrap_or_else(|| rule(DEFAULT_PLATFORM, "http_2xx")),
            }),
            priority_class: written.and_then(|p| p.priority_class.as_ref()).map(text_of),
            trusted_registries: written
                .map_or(List { at: None, items: Vec::new() }, |p| p.trusted_registries.clone()),
            manage_namespaces: written
                .and_then(|p| p.manage_namespaces)
                .unwrap_or_else(|| rule(DEFAULT_PLATFORM, true)),
            add_ons: written.map_or(List { at: None, items: Vec::new() }, |p| p.add_ons.clone()),
        }
    }

    /// Whether External Secrets is there to make passwords, and what says so.
    pub fn makes_passwords(&self) -> Traced<bool> {
        let declared = self.add_ons.iter().find(|add_on| *add_on.get() == AddOn::ExternalSecrets);
        let store = self.secret_store.as_ref().or(self.secret_backup_store.as_ref()).map(Traced::origin);
        match store.or(declared.map(Traced::origin)) {
            Some(because) => Traced::because(true, because),
            None => Traced::because(false, self.origin),
        }
    }

    /// Whether a Gateway's listener that decrypts is known: one that routes bring, or one of its own.
    pub fn listens_encrypted(&self) -> bool {
        let listeners = self.gateway_listeners.as_ref();
        *self.listener_sets.get() || listeners.is_some_and(|listeners| listeners.https.is_some())
    }

    /// Whether the cluster has the operator.
    pub fn has(&self, add_on: AddOn) -> bool {
        self.add_ons.iter().any(|a| *a.get() == add_on)
    }
}
