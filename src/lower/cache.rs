//! A cache: a Deployment of one pod that keeps nothing on disk, a Service, and the policy of its pod.

use super::labels::Identity;
use super::network_policy::{Rules, tcp};
use super::{Cx, amount, pod, probes, service_account};
use crate::bundle::{Bundle, Scope};
use crate::k8s::{
    Container, ContainerPort, Deployment, DeploymentSpec, EmptyDir, Exec, Handler, ImagePullPolicy, Protocol,
    Service, ServicePort, ServiceSpec, ServiceType, Strategy, TcpSocket, Volume, VolumeMount, VolumeSource,
};
use crate::origin::{
    CACHE_ARGS, CACHE_PORT, CACHE_RECREATE, EPHEMERAL, GRACE, HISTORY, IMAGE_PULL, KIND, Origin,
    PROBE_STARTUP, ROLLOUT, ROLLOUT_DEADLINE, WRITABLE, rule,
};
use crate::spec::cache::CacheEngine;
use crate::system::{Cache, Service as SystemService};
use crate::text::Text;
use crate::value::Bytes;
use crate::walk::{IntOrString, Items, Maybe};

const PORT: u16 = 6379;

pub(super) fn lower(cx: &Cx<'_>, service: &SystemService, cache: &Cache, bundle: &mut Bundle) {
    let scope = Scope::Service {
        service: service.name.get().clone(),
        noun: Text::from(format!("caches-{}", cache.name.get())),
    };
    let identity = Identity::new(cx, service, &cache.object, &cache.name);
    let because = cx.tracer.because(KIND, &[cache.because]);
    bundle.push(&scope, None, service_account(&identity, because));
    bundle.push(&scope, None, deployment(cx, cache, &identity, because));
    bundle.push(&scope, None, service_of(cache, &identity, because));

    let port = tcp(rule(CACHE_PORT, PORT), CACHE_PORT);
    let mut rules = Rules::new(cx, &service.namespace);
    rules.callers(&cache.callers, &port);
    rules.at_least_themselves(&identity, &port, &[]);
    rules.only_to_themselves(&identity, &port);
    bundle.push(&scope, None, rules.policy(&identity, because));
}

fn deployment(cx: &Cx<'_>, cache: &Cache, identity: &Identity, because: Origin) -> Deployment {
    let mut volumes = Items::default();
    let data = EmptyDir {
        medium: None,
        size_limit: amount(&rule::<_, Bytes>(WRITABLE, Bytes::from_bytes(64 << 20))),
    };
    volumes.push(
        "data",
        Origin::rule(WRITABLE),
        Volume { name: rule(WRITABLE, "data"), source: VolumeSource::EmptyDir(data) },
    );
    let template = pod::spec(cx, identity, container(cx, cache), volumes, None, rule(GRACE, 10u32));
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

fn container(cx: &Cx<'_>, cache: &Cache) -> Container {
    let engine = cache.engine.origin();
    let word = |word: &'static str| rule::<_, Text>(CACHE_ARGS, word);
    let binary = |suffix: fn(&CacheEngine) -> &'static str| cache.engine.map(suffix).cast::<Text>();
    let (server, client) = (
        binary(|e| match e {
            CacheEngine::Redis => "redis-server",
            CacheEngine::Valkey => "valkey-server",
        }),
        binary(|e| match e {
            CacheEngine::Redis => "redis-cli",
            CacheEngine::Valkey => "valkey-cli",
        }),
    );
    let port = ContainerPort {
        host_port: None,
        name: rule(CACHE_PORT, "cache"),
        container_port: rule(CACHE_PORT, PORT),
        protocol: rule(CACHE_PORT, Protocol::Tcp),
    };
    let open = || Handler::TcpSocket(TcpSocket { port: rule::<u16, IntOrString>(CACHE_PORT, PORT) });
    let ping = Handler::Exec(Exec { command: vec![client, word("ping")] });
    Container {
        name: cache.engine.map(|_| ()).map(|()| Text::Literal("cache")),
        image: cache.image.text(),
        image_pull_policy: rule(IMAGE_PULL, ImagePullPolicy::Always),
        restart_policy: None,
        command: vec![server],
        args: vec![
            word("--maxmemory"),
            cache.maxmemory.map(|m| Text::from(m.bytes().to_string())),
            word("--maxmemory-policy"),
            word("allkeys-lru"),
            word("--save"),
            word(""),
            word("--appendonly"),
            word("no"),
            word("--dir"),
            word("/data"),
            // without a password the engine answers to loopback alone; the NetworkPolicy is what guards it here
            word("--protected-mode"),
            word("no"),
        ],
        ports: Items::one("cache", Origin::rule(CACHE_PORT), port),
        env_from: Items::default(),
        env: Items::default(),
        resources: pod::sized(cx, &cache.cpu, &cache.memory, &rule(EPHEMERAL, Bytes::from_bytes(256 << 20))),
        resize_policy: Items::default(),
        startup_probe: probes::startup(engine, open(), rule(PROBE_STARTUP, 15u32)),
        readiness_probe: Maybe::some(engine, probes::readiness(ping)),
        liveness_probe: Maybe::some(engine, probes::liveness(open())),
        lifecycle: Maybe::none(Origin::rule(CACHE_RECREATE)),
        security_context: pod::container_security(),
        volume_mounts: Items::one(
            "/data",
            Origin::rule(WRITABLE),
            VolumeMount {
                name: rule(WRITABLE, "data"),
                mount_path: rule(WRITABLE, "/data"),
                sub_path: None,
                read_only: None,
            },
        ),
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
