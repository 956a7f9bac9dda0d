//! A cache: a Deployment of one pod, a Service, and the policy of its pod; of one that somebody else runs, its credentials
//! alone.
//!
//! Sources: Redis 7 and Valkey 8, `redis.conf` (the settings below mean the same in both), and docs "Key eviction".

use super::labels::Identity;
use super::network_policy::{Rules, mesh, tcp};
use super::{Cx, alerts, amount, external_secret, labels, pod, probes, service_account};
use crate::bundle::{Bundle, Scope};
use crate::k8s::{
    AccessMode, ClaimRequests, ClaimResources, ClaimSpec, ClaimVolume, Container, ContainerPort, Deployment,
    DeploymentSpec, EmptyDir, Exec, Handler, ImagePullPolicy, KeyToPath, NameOf, PersistentVolumeClaim,
    Protocol, SecretVolume, Service, ServicePort, ServiceSpec, ServiceType, Strategy, TcpSocket, Volume,
    VolumeMount, VolumeSource,
};
use crate::origin::{
    CACHE_ARGS, CACHE_CLIENTS, CACHE_PASSWORD, CACHE_PORT, CACHE_RECREATE, CACHE_STORAGE, EPHEMERAL, GRACE,
    HISTORY, IMAGE_PULL, KIND, Origin, PROBE_STARTUP, ROLLOUT, ROLLOUT_DEADLINE, Traced, WRITABLE, rule,
};
use crate::spec::cache::CacheEngine;
use crate::spec::decode::Choice;
use crate::spec::workload::ScaleQueue;
use crate::system::cache::{PASSWORD, SECRETS};
use crate::system::{Cache, CacheServer, Service as SystemService, named};
use crate::text::Text;
use crate::value::Bytes;
use crate::walk::{IntOrString, Items, Maybe};

const PORT: u16 = 6379;
/// Where the server keeps what it keeps.
const DATA: &str = "/data";
/// The file with the setting of the server's password.
const SETTING: &str = "password.conf";

pub(super) fn lower(cx: &Cx<'_>, service: &SystemService, cache: &Cache, bundle: &mut Bundle) {
    let scope = Scope::Service {
        service: service.name.get().clone(),
        noun: Text::from(format!("caches-{}", cache.name.get())),
    };
    let Some(server) = &cache.server else {
        external_secret::lower(cx, service, &cache.credentials, "caches", None, bundle);
        let because = cx.tracer.because(KIND, &[cache.because, cache.host.origin()]);
        for kind in [
            "ServiceAccount",
            "Deployment",
            "Service",
            "NetworkPolicy",
            "AuthorizationPolicy",
            "PeerAuthentication",
            "PersistentVolumeClaim",
            "PrometheusRule",
        ] {
            bundle.leave_out(&scope, kind, cache.object.get(), because);
        }
        return;
    };
    let setting = cache.has_password().then_some(Text::Literal(SETTING));
    let setting = setting.map(|name| (name, rule(CACHE_PASSWORD, "requirepass {{ .password | quote }}\n")));
    external_secret::lower(cx, service, &cache.credentials, "caches", setting, bundle);

    let identity = Identity::new(cx, service, &cache.object, &cache.name);
    let because = cx.tracer.because(KIND, &[cache.because]);
    bundle.push(&scope, None, service_account(&identity, because));
    bundle.push(&scope, None, deployment(cx, cache, server, &identity, because));
    bundle.push(&scope, None, service_of(cache, &identity, because));
    alerts::of_cache(cx, (service, cache, server), &identity, &scope, bundle);
    match &server.storage {
        Some(storage) => bundle.push(&scope, None, claim(cx, cache, server, storage, &identity)),
        None => {
            let because = cx.tracer.because(CACHE_STORAGE, &[cache.because, Origin::spec(cache.at)]);
            bundle.leave_out(&scope, "PersistentVolumeClaim", cache.object.get(), because);
        }
    }

    let port = tcp(rule(CACHE_PORT, PORT), CACHE_PORT);
    let mut rules = Rules::of(cx, &service.namespace, mesh::usual(cx));
    rules.callers(&cache.callers, &port);
    let asked = |queue: &ScaleQueue| queue.cache.as_ref().is_some_and(|name| named(&cache.name, name));
    rules.scaler(service, asked, rule(CACHE_PORT, PORT));
    rules.at_least_themselves(&identity, &port, &[]);
    rules.only_to_themselves(&identity, &port);
    rules.kubelet(port);
    rules.finish(&identity, because, &scope, bundle);
}

/// Why something is there or not, which the table decides.
fn asked(cx: &Cx<'_>, cache: &Cache, name: crate::origin::Rule, by: Option<Origin>) -> Origin {
    cx.tracer.because(name, &[by.unwrap_or_else(|| Origin::spec(cache.at))])
}

/// Why there is a password or none: the list of keys.
fn password(cx: &Cx<'_>, cache: &Cache) -> Origin {
    asked(cx, cache, CACHE_PASSWORD, cache.credentials.keys.at.map(Origin::spec))
}

/// Why entries are kept or not.
fn storage(cx: &Cx<'_>, cache: &Cache, server: &CacheServer) -> Origin {
    asked(cx, cache, CACHE_STORAGE, server.storage.as_ref().map(Traced::origin))
}

fn claim(
    cx: &Cx<'_>,
    cache: &Cache,
    server: &CacheServer,
    size: &Traced<Bytes>,
    identity: &Identity,
) -> PersistentVolumeClaim {
    PersistentVolumeClaim {
        because: cx.tracer.because(CACHE_STORAGE, &[cache.because, size.origin()]),
        metadata: identity.metadata(),
        spec: ClaimSpec {
            access_modes: vec![rule(CACHE_STORAGE, AccessMode::ReadWriteOnce)],
            storage_class_name: server.storage_class.clone(),
            resources: ClaimResources { requests: ClaimRequests { storage: amount(size) } },
        },
    }
}

fn deployment(
    cx: &Cx<'_>,
    cache: &Cache,
    server: &CacheServer,
    identity: &Identity,
    because: Origin,
) -> Deployment {
    let volumes = volumes(cx, cache, server, identity);
    let container = container(cx, cache, server);
    let mut template = pod::spec(cx, identity, container, volumes, None, rule(GRACE, 10u32));
    labels::join_mesh(cx, &mesh::usual(cx), &mut template.metadata);
    Deployment {
        because,
        metadata: identity.metadata(),
        spec: DeploymentSpec {
            replicas: Maybe::some(Origin::rule(CACHE_RECREATE), rule(CACHE_RECREATE, 1u32)),
            revision_history_limit: rule(HISTORY, 5u32),
            min_ready_seconds: rule(ROLLOUT, 0u32),
            progress_deadline_seconds: rule(ROLLOUT_DEADLINE, 600u32),
            selector: identity.selector(),
            strategy: Maybe::some(
                Origin::rule(CACHE_RECREATE),
                Strategy::Recreate { because: Origin::rule(CACHE_RECREATE) },
            ),
            template,
        },
    }
}

fn volumes(cx: &Cx<'_>, cache: &Cache, server: &CacheServer, identity: &Identity) -> Items<Volume> {
    let because = storage(cx, cache, server);
    let source = match &server.storage {
        None => VolumeSource::EmptyDir(EmptyDir {
            medium: None,
            size_limit: amount(&Traced::because(Bytes::from_bytes(64 << 20), because)),
        }),
        Some(_) => VolumeSource::Claim(ClaimVolume {
            claim_name: NameOf::of("PersistentVolumeClaim", &identity.name),
            read_only: None,
        }),
    };
    let mut volumes = Items::one("data", because, Volume { name: rule(WRITABLE, "data"), source });
    let because = password(cx, cache);
    if cache.has_password() {
        let mut items = Items::default();
        for key in [PASSWORD, SETTING] {
            let name = Traced::because(Text::Literal(key), because);
            items.push(key, because, KeyToPath { key: name.clone(), path: name, mode: None });
        }
        let source = VolumeSource::Secret(SecretVolume {
            secret_name: NameOf::of("Secret", &cache.credentials.object),
            default_mode: Some(rule(CACHE_PASSWORD, 0o440)),
            items,
            optional: None,
        });
        volumes.push("password", because, Volume { name: rule(CACHE_PASSWORD, "password"), source });
    } else {
        volumes.leave_out("password", because);
    }
    volumes
}

fn mounts(cx: &Cx<'_>, cache: &Cache) -> Items<VolumeMount> {
    let mount = |name: &'static str, path: &'static str, read_only: bool, why: Origin| VolumeMount {
        name: Traced::because(Text::Literal(name), why),
        mount_path: Traced::because(Text::Literal(path), why),
        sub_path: None,
        read_only: read_only.then(|| Traced::because(true, why)),
    };
    let data = Origin::rule(WRITABLE);
    let mut mounts = Items::one(DATA, data, mount("data", DATA, false, data));
    let because = password(cx, cache);
    if cache.has_password() {
        mounts.push(SECRETS, because, mount("password", SECRETS, true, because));
    } else {
        mounts.leave_out(SECRETS, because);
    }
    mounts
}

/// The settings, as the engine takes them on its command line.
fn args(cx: &Cx<'_>, cache: &Cache, server: &CacheServer) -> Vec<Traced<Text>> {
    let word = |word: &'static str| rule::<_, Text>(CACHE_ARGS, word);
    let clients = |word: &'static str| rule::<_, Text>(CACHE_CLIENTS, word);
    let bytes = |bytes: &Traced<Bytes>| bytes.map(|b| Text::from(b.bytes().to_string()));
    let half = server.client_memory.map(|b| Text::from((b.bytes() / 2).to_string()));
    let keeps = storage(cx, cache, server);
    let kept = |word: &'static str| Traced::because(Text::Literal(word), keeps);
    let mut args = vec![
        word("--maxmemory"),
        bytes(&server.max_memory),
        word("--maxmemory-policy"),
        cache.eviction.map(|policy| Text::Literal(policy.word())),
        clients("--maxmemory-clients"),
        bytes(&server.client_memory),
        clients("--maxclients"),
        server.max_clients.map(|clients| Text::from(clients.to_string())),
        clients("--client-output-buffer-limit"),
    ];
    for class in ["normal", "pubsub"] {
        args.extend([clients(class), bytes(&server.client_memory), half.clone(), clients("60")]);
    }
    args.extend([word("--save"), word(""), word("--appendonly")]);
    args.push(kept(if server.storage.is_some() { "yes" } else { "no" }));
    args.extend([word("--dir"), word(DATA)]);
    // without a password the engine answers to loopback alone; the NetworkPolicy is what guards it here
    args.extend([word("--protected-mode"), word("no")]);
    if cache.has_password() {
        let because = password(cx, cache);
        args.push(Traced::because(Text::Literal("--include"), because));
        args.push(Traced::because(Text::from(format!("{SECRETS}/{SETTING}")), because));
    }
    args
}

/// Asks the server, which says so while it still reads its file; with the password where there is one.
fn ping(cx: &Cx<'_>, cache: &Cache, client: Traced<Text>) -> Handler {
    let word = |word: &'static str| rule::<_, Text>(CACHE_ARGS, word);
    if !cache.has_password() {
        return Handler::Exec(Exec { command: vec![client, word("-e"), word("ping")] });
    }
    let because = cx.tracer.because(CACHE_PASSWORD, &[password(cx, cache), client.origin()]);
    let command = format!("REDISCLI_AUTH=`cat {SECRETS}/{PASSWORD}` exec {} -e ping", client.get());
    let words = ["sh".to_owned(), "-c".to_owned(), command];
    Handler::Exec(Exec {
        command: words.into_iter().map(|word| Traced::because(Text::from(word), because)).collect(),
    })
}

fn container(cx: &Cx<'_>, cache: &Cache, server: &CacheServer) -> Container {
    let engine = cache.engine.origin();
    let binary = |suffix: fn(&CacheEngine) -> &'static str| cache.engine.map(suffix).cast::<Text>();
    let (program, client) = (
        binary(|e| match e {
            CacheEngine::Redis => "redis-server",
            CacheEngine::Valkey => "valkey-server",
        }),
        binary(|engine| engine.client()),
    );
    let port = ContainerPort {
        host_port: None,
        name: rule(CACHE_PORT, "cache"),
        container_port: rule(CACHE_PORT, PORT),
        protocol: rule(CACHE_PORT, Protocol::Tcp),
    };
    let open = || Handler::TcpSocket(TcpSocket { port: rule::<u16, IntOrString>(CACHE_PORT, PORT) });
    Container {
        name: cache.engine.map(|_| ()).map(|()| Text::Literal("cache")),
        image: server.image.text(),
        image_pull_policy: rule(IMAGE_PULL, ImagePullPolicy::Always),
        restart_policy: None,
        command: vec![program],
        args: args(cx, cache, server),
        ports: Items::one("cache", Origin::rule(CACHE_PORT), port),
        env_from: Items::default(),
        env: Items::default(),
        resources: pod::sized(
            cx,
            &server.cpu,
            &server.memory,
            &rule(EPHEMERAL, Bytes::from_bytes(256 << 20)),
        ),
        resize_policy: Items::default(),
        startup_probe: probes::startup(engine, open(), rule(PROBE_STARTUP, 15u32)),
        readiness_probe: Maybe::some(engine, probes::readiness(ping(cx, cache, client))),
        liveness_probe: Maybe::some(engine, probes::liveness(open())),
        lifecycle: Maybe::none(Origin::rule(CACHE_RECREATE)),
        security_context: pod::container_security(),
        volume_mounts: mounts(cx, cache),
    }
}

fn service_of(cache: &Cache, identity: &Identity, because: Origin) -> Service {
    let port = ServicePort {
        name: rule(CACHE_PORT, "cache"),
        port: rule(CACHE_PORT, PORT),
        target_port: rule(CACHE_PORT, "cache"),
        node_port: None,
        protocol: rule(CACHE_PORT, Protocol::Tcp),
        app_protocol: None,
    };
    Service {
        because,
        metadata: identity.metadata(),
        spec: ServiceSpec {
            kind: rule(KIND, ServiceType::ClusterIp),
            cluster_ip: None,
            external_name: None,
            publish_not_ready_addresses: None,
            external_traffic_policy: None,
            load_balancer_class: None,
            load_balancer_source_ranges: Vec::new(),
            session_affinity: None,
            traffic_distribution: None,
            selector: identity.selector_labels(),
            ports: Items::one("cache", Origin::spec(cache.at), port),
        },
    }
}
