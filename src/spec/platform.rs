//! `[platform]`: facts about the cluster of an environment. specc never guesses them.

use super::PortNumber;
use super::decode::{List, Map, choices, table};
use crate::origin::Traced;
use crate::text::Text;
use crate::value::{
    BucketUrl, Cidr, Cron, Host, HostPort, ImageRef, KubernetesVersion, LabelKey, LabelValue, Name,
    NamespacedName, Retention, Subdomain, Url,
};

choices! {
    /// How an object store encrypts.
    pub enum Encryption {
        /// With keys of the store's own.
        Aes256 = "AES256",
        /// With a key of the key management service, which the bucket names.
        Kms = "aws:kms",
    }

    /// Operators that a cluster may have and whose objects specc writes on request.
    pub enum AddOn {
        /// CloudNativePG: runs PostgreSQL.
        Cnpg = "cnpg",
        /// The Barman Cloud plugin of CloudNativePG: backups into object stores.
        BarmanCloud = "barman-cloud",
        /// External Secrets: makes passwords, also where there is no secret store.
        ExternalSecrets = "external-secrets",
        /// KEDA: scales by work that waits.
        Keda = "keda",
        /// prometheus-operator: reads metrics and raises alerts; what it selects must take in these namespaces.
        PrometheusOperator = "prometheus-operator",
        /// The vertical pod autoscaler.
        Vpa = "vpa",
        /// The Prometheus adapter: gives autoscalers the metrics of pods.
        PrometheusAdapter = "prometheus-adapter",
        /// Reloader: rolls pods when a Secret that they read changes.
        Reloader = "reloader",
        /// Velero: keeps copies of what the API server has.
        Velero = "velero",
    }
}

choices! {
    /// What holds programs to the host names that they may reach.
    pub enum Egress {
        /// Nothing: policies know addresses alone.
        None = "none",
        /// An egress waypoint of Istio's ambient mesh; requires `mesh = "istio-ambient"`.
        Istio = "istio",
        /// Cilium's policies.
        Cilium = "cilium",
    }
}

choices! {
    /// What wraps connections between pods, so that both ends are known and nobody reads along.
    pub enum Mesh {
        /// Nothing.
        None = "none",
        /// Istio's ambient mode: a proxy on each node, and none in the pods.
        IstioAmbient = "istio-ambient",
    }
}

table! {
    /// Facts about the cluster.
    pub struct Platform {
        /// Kubernetes version, major and minor.
        kubernetes: Option<Traced<KubernetesVersion>> = "`\"1.36\"`",
        /// DNS suffix of Services.
        cluster_domain: Option<Traced<Subdomain>> = "`\"cluster.local\"`",
        /// Where pods reach the Kubernetes API; required with a database, whose pods talk to it.
        api_server: Option<ApiServer>,
        /// Who may reach workloads, and whom they reach, besides each other.
        peers: Option<Peers>,
        /// The service mesh that wraps connections between pods.
        mesh: Option<Traced<Mesh>> = "`\"none\"`",
        /// Namespaces of others whose pods are part of the mesh.
        mesh_namespaces: List<Name>,
        /// What holds programs to the host names of `externals`.
        egress: Option<Traced<Egress>> = "`\"none\"`",
        /// The waypoint that calls of `externals` leave through, as `namespace/name`; required with `egress = "istio"`.
        egress_waypoint: Option<Traced<NamespacedName>>,
        /// The Gateway that routes attach to, as `namespace/name`.
        gateway: Option<Traced<NamespacedName>>,
        /// Give each routed workload its own ListenerSet with its own certificate.
        listener_sets: Option<Traced<bool>> = "`false`: routes attach to the Gateway itself",
        /// The cert-manager ClusterIssuer that signs certificates of ListenerSets and Ingresses.
        issuer: Option<Traced<Subdomain>>,
        /// Listeners of the Gateway, for routes that bring none of their own.
        gateway_listeners: Option<GatewayListeners> = "routes attach to all of them",
        /// IngressClass of routes, on a platform that has no Gateway.
        ingress_class: Option<Traced<Subdomain>>,
        /// The ClusterSecretStore that secrets come from.
        secret_store: Option<Traced<Subdomain>>,
        /// The ClusterSecretStore that passwords which operators make are kept in, other than `secret_store`; External
        /// Secrets is then there.
        secret_backup_store: Option<Traced<Subdomain>>,
        /// `StorageClass` of databases' volumes.
        storage_class: Option<Traced<Subdomain>> = "the cluster's default",
        /// What is known of the cluster's `StorageClass`es, by their names.
        storage_classes: Map<Subdomain, StorageClass>,
        /// Where databases are backed up to.
        object_store: Option<ObjectStore>,
        /// Copies of the manifests as the API server has them, by Velero.
        velero: Option<Velero>,
        /// Image with `sh`, `kubectl` and `psql`, in which drills run.
        drill_image: Option<Traced<ImageRef>>,
        /// The blackbox exporter, which asks paths from outside.
        blackbox: Option<Blackbox>,
        /// PriorityClass of every pod.
        priority_class: Option<Traced<Subdomain>>,
        /// Registries that images may come from.
        trusted_registries: List<Host>,
        /// Write the Namespace objects, with their default-deny policies.
        manage_namespaces: Option<Traced<bool>> = "`true`",
        /// Operators that the cluster has.
        add_ons: List<AddOn>,
    }

    /// What is known of a `StorageClass`.
    pub struct StorageClass {
        /// Whether what is written to its volumes is encrypted.
        encrypted: Traced<bool>,
    }

    /// The blackbox exporter of Prometheus: it asks what it is told to, and says how that went.
    pub struct Blackbox {
        /// Its host and port, as Prometheus reaches it.
        address: Traced<HostPort>,
        /// The module of its configuration by which it asks.
        module: Option<Traced<Text>> = "`\"http_2xx\"`, which the exporter comes with",
    }

    /// Listeners of the Gateway, by their names there.
    pub struct GatewayListeners {
        /// The one that decrypts.
        https: Option<Traced<Subdomain>>,
        /// The one for requests that are not encrypted; they are sent on to `https`.
        http: Option<Traced<Subdomain>>,
        /// The one that leaves decrypting to programs.
        tls: Option<Traced<Subdomain>>,
    }

    /// Where databases are backed up to: a bucket that the S3 protocol reaches.
    pub struct ObjectStore {
        /// Bucket and folder, `s3://bucket/folder`; below it each environment and cluster has a folder of its own.
        url: Traced<BucketUrl>,
        /// Address of the store, where it is not Amazon's.
        endpoint: Option<Traced<Url>>,
        /// How the store encrypts what it is given.
        encryption: Option<Traced<Encryption>> = "`\"AES256\"`",
        /// Annotations that bind a database's account to a role that may write there.
        role: Map<LabelKey, Traced<Text>>,
        /// Annotations that bind the account of a drill's database to a role that may only read there.
        read_role: Map<LabelKey, Traced<Text>>,
    }

    /// Copies of the manifests as the API server has them, by Velero: without Secrets, and without what controllers make.
    pub struct Velero {
        /// Namespace of Velero, where its Schedules are.
        namespace: Option<Traced<Name>> = "`\"velero\"`",
        /// Whether there are copies.
        backup: Option<Traced<bool>> = "`true` in prod where `velero` is among the add-ons, else `false`",
        /// When a copy is made: five fields of cron.
        schedule: Option<Traced<Cron>> = "`\"0 1 * * *\"`",
        /// How long copies are kept: days, weeks or months.
        retention: Option<Traced<Retention>> = "`\"30d\"`",
        /// Whether volumes are copied as well; refused beside databases with backups.
        volumes: Option<Traced<bool>> = "`false`",
    }

    /// Where pods reach the Kubernetes API.
    pub struct ApiServer {
        /// Its addresses.
        cidrs: List<Cidr>,
        /// Its port.
        port: Option<Traced<PortNumber>> = "`6443`",
    }

    /// Pods of the platform that every system talks to.
    pub struct Peers {
        /// The DNS resolver.
        dns: Option<Peer> = "namespace `kube-system`, label `k8s-app = \"kube-dns\"`",
        /// The pods that let callers in: the Gateway's, or those of the ingress controller.
        gateway: Option<Peer> = "the Gateway's namespace, label `gateway.networking.k8s.io/gateway-name`; with `ingress_class` namespace `ingress-nginx`, label `app.kubernetes.io/name = \"ingress-nginx\"`",
        /// The metrics scraper.
        monitoring: Option<Peer> = "namespace `monitoring`, label `app.kubernetes.io/name = \"prometheus\"`",
        /// The operator of CloudNativePG.
        cnpg: Option<Peer> = "namespace `cnpg-system`, label `app.kubernetes.io/name = \"cloudnative-pg\"`",
        /// The operator of KEDA.
        keda: Option<Peer> = "namespace `keda`, label `app.kubernetes.io/name = \"keda-operator\"`",
    }

    /// Pods of the platform.
    pub struct Peer {
        /// Their namespace.
        namespace: Traced<Name>,
        /// Labels that they all have; none selects every pod of the namespace.
        labels: Map<LabelKey, Traced<LabelValue>>,
        /// Account that they run as, where they are part of the mesh.
        service_account: Option<Traced<Subdomain>> = "they are outside of the mesh",
    }
}
