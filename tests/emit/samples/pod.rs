//! A pod template with every field.

use specc::k8s::meta::TemplateMetadata;
use specc::k8s::pod::*;
use specc::walk::{Items, Maybe};

use super::{labels, map, name_of, selector, t, why};

/// A pod template with every field.
pub(crate) fn template() -> PodTemplate {
    PodTemplate {
        metadata: TemplateMetadata { labels: labels(), annotations: map(&[("specc.dev/digest", "1e5")]) },
        spec: spec(),
    }
}

fn spec() -> PodSpec {
    let anti_affinity = WeightedTerm {
        weight: t(100u32),
        pod_affinity_term: AffinityTerm {
            topology_key: t("kubernetes.io/hostname"),
            label_selector: selector(),
        },
    };
    let spread = Spread {
        max_skew: t(1u32),
        topology_key: t("topology.kubernetes.io/zone"),
        when_unsatisfiable: t(Unsatisfiable::ScheduleAnyway),
        label_selector: selector(),
    };
    let ndots = DnsOption { name: t("ndots"), value: Some(t("2")) };
    PodSpec {
        service_account_name: name_of("ServiceAccount", "shop-api"),
        automount_service_account_token: t(false),
        enable_service_links: t(false),
        host_network: Some(t(false)),
        host_pid: Some(t(false)),
        share_process_namespace: Some(t(true)),
        host_ipc: Some(t(false)),
        restart_policy: Some(t(RestartPolicy::Never)),
        termination_grace_period_seconds: t(60u32),
        priority_class_name: Maybe::some(why(), name_of("PriorityClass", "standard")),
        security_context: PodSecurity {
            run_as_non_root: t(true),
            run_as_user: t(65532),
            run_as_group: t(65532),
            fs_group: t(65532),
            fs_group_change_policy: t(FsGroupChangePolicy::OnRootMismatch),
            supplemental_groups: vec![t(65532)],
            seccomp_profile: seccomp(),
            sysctls: Items::one(
                "ports",
                why(),
                Sysctl { name: t("net.ipv4.ip_unprivileged_port_start"), value: t("0") },
            ),
        },
        runtime_class_name: Some(t("gvisor")),
        image_pull_secrets: Items::one("pull", why(), LocalName { name: name_of("Secret", "pull") }),
        host_aliases: Items::one(
            "old",
            why(),
            HostAlias { ip: t("203.0.113.7"), hostnames: Items::one("old.test", why(), t("old.test")) },
        ),
        dns_policy: Some(t(DnsPolicy::None)),
        dns_config: Some(DnsConfig {
            nameservers: vec![t("203.0.113.53")],
            searches: vec![t("shop.svc.cluster.local")],
            options: Items::one("ndots", why(), ndots),
        }),
        node_selector: map(&[("kubernetes.io/arch", "amd64")]),
        tolerations: Items::one("spot", why(), toleration()),
        affinity: Some(Affinity {
            node_affinity: Some(node_affinity()),
            pod_anti_affinity: Some(PodAntiAffinity { preferred: Items::one("hosts", why(), anti_affinity) }),
        }),
        topology_spread_constraints: Items::one("zones", why(), spread),
        init_containers: Items::one("init", why(), container("init")),
        containers: Items::one("api", why(), container("api")),
        volumes: volumes(),
    }
}

fn toleration() -> Toleration {
    Toleration {
        key: Some(t("spot")),
        operator: t(TolerationOperator::Equal),
        value: Some(t("true")),
        effect: Some(t(TaintEffect::NoExecute)),
        toleration_seconds: Some(t(60u32)),
    }
}

fn node_affinity() -> NodeAffinity {
    let requirement =
        NodeRequirement { key: t("disk"), operator: t(NodeOperator::In), values: vec![t("ssd")] };
    let term = || NodeTerm { match_expressions: Items::one("disk", why(), requirement.clone()) };
    NodeAffinity {
        required: Some(NodeSelector { node_selector_terms: Items::one("all", why(), term()) }),
        preferred: Items::one("disk", why(), WeightedNodeTerm { weight: t(10u32), preference: term() }),
    }
}

fn seccomp() -> SeccompProfile {
    SeccompProfile { kind: t(SeccompType::RuntimeDefault) }
}

fn container(name: &'static str) -> Container {
    let handler = |handler| {
        let probe = ContainerProbe {
            handler,
            initial_delay_seconds: Some(t(1u32)),
            period_seconds: t(5u32),
            timeout_seconds: t(2u32),
            failure_threshold: t(3u32),
            success_threshold: t(1u32),
        };
        Maybe::some(why(), probe)
    };
    let get = HttpGet {
        path: t("/readyz"),
        port: t("http"),
        scheme: Some(t(Scheme::Http)),
        http_headers: Items::one("Host", why(), HttpHeader { name: t("Host"), value: t("shop.test") }),
    };
    let port = ContainerPort {
        name: t("http"),
        container_port: t(8080u16),
        host_port: Some(t(8080u16)),
        protocol: t(Protocol::Tcp),
    };
    let mount = VolumeMount {
        name: t("tmp"),
        mount_path: t("/tmp"),
        sub_path: Some(t("api")),
        read_only: Some(t(false)),
    };
    Container {
        name: t(name),
        image: t("registry.example/shop/api:1.2.3@sha256:00"),
        image_pull_policy: t(ImagePullPolicy::Always),
        restart_policy: (name == "init").then(|| t(RestartPolicy::Always)),
        command: vec![t("/app/api")],
        args: vec![t("--log"), t("{}")],
        ports: Items::one("http", why(), port),
        env_from: env_from(),
        env: env(),
        resources: Resources { requests: amounts(), limits: amounts() },
        resize_policy: Items::one(
            "cpu",
            why(),
            ResizePolicy { resource_name: t("cpu"), restart_policy: t(ResizeRestart::NotRequired) },
        ),
        startup_probe: handler(Handler::Exec(Exec { command: vec![t("/app/api"), t("ready")] })),
        readiness_probe: handler(Handler::HttpGet(get)),
        liveness_probe: handler(if name == "api" {
            Handler::TcpSocket(TcpSocket { port: t(8080u16) })
        } else {
            Handler::Grpc(Grpc { port: t(9090u16), service: Some(t("shop")) })
        }),
        lifecycle: Maybe::some(why(), lifecycle()),
        security_context: Security {
            allow_privilege_escalation: t(false),
            privileged: t(false),
            read_only_root_filesystem: t(true),
            run_as_non_root: t(true),
            run_as_user: t(65532),
            run_as_group: t(65532),
            capabilities: Capabilities { add: vec![t("NET_BIND_SERVICE")], drop: vec![t("ALL")] },
            seccomp_profile: seccomp(),
        },
        volume_mounts: Items::one("tmp", why(), mount),
    }
}

/// What every container asks for.
pub(super) fn amounts() -> Amounts {
    Amounts { cpu: Some(t("500m")), memory: Some(t("256Mi")), ephemeral_storage: Some(t("64Mi")) }
}

/// What the operators' resources ask for.
pub(super) fn resources() -> Resources {
    Resources { requests: amounts(), limits: amounts() }
}

/// The profile of every pod.
pub(super) fn profile() -> SeccompProfile {
    seccomp()
}

fn lifecycle() -> Lifecycle {
    let command = Exec { command: vec![t("/app/api"), t("warm")] };
    Lifecycle {
        post_start: Some(LifecycleHandler { action: Action::Exec(command) }),
        pre_stop: Some(LifecycleHandler { action: Action::Sleep(Sleep { seconds: t(5u32) }) }),
    }
}

fn env_from() -> Items<EnvFromSource> {
    let keys = |kind| KeysOf { name: name_of(kind, "shop-api"), optional: Some(t(true)) };
    let mut all = Items::default();
    let secret = EnvFromSource { prefix: Some(t("S_")), source: AllKeys::Secret(keys("Secret")) };
    all.push("secret", why(), secret);
    let config = EnvFromSource { prefix: None, source: AllKeys::ConfigMap(keys("ConfigMap")) };
    all.push("config", why(), config);
    all
}

fn env() -> Items<EnvVar> {
    let mut env = Items::default();
    let mut add = |name: &'static str, source| env.push(name, why(), EnvVar { name: t(name), source });
    let from = |source| EnvSource::From(ValueFrom { source });
    add("LOG_LEVEL", EnvSource::Value(t("info")));
    add("DEBUG", EnvSource::Value(t("no")));
    add("POD_IP", from(ValueSource::Field(FieldRef { field_path: t("status.podIP") })));
    let key = |kind| KeyRef { name: name_of(kind, "shop-api"), key: t("key"), optional: Some(t(false)) };
    add("API_KEY", from(ValueSource::SecretKey(key("Secret"))));
    add("MODE", from(ValueSource::ConfigMapKey(key("ConfigMap"))));
    let cpu = ResourceFieldRef { resource: t("limits.cpu") };
    add("GOMAXPROCS", from(ValueSource::Resource(cpu)));
    env
}

fn volumes() -> Items<Volume> {
    let items = || Items::one("key", why(), KeyToPath { key: t("key"), path: t("key"), mode: Some(t(288)) });
    let mut sources = Items::default();
    let secret = Projection { name: name_of("Secret", "shop-api"), items: items() };
    sources.push("secret", why(), VolumeProjection { source: ProjectionSource::Secret(secret) });
    let config = Projection { name: name_of("ConfigMap", "shop-api"), items: items() };
    sources.push("config", why(), VolumeProjection { source: ProjectionSource::ConfigMap(config) });
    let token = TokenProjection { audience: t("vault"), expiration_seconds: t(3600u32), path: t("token") };
    sources.push("token", why(), VolumeProjection { source: ProjectionSource::ServiceAccountToken(token) });
    let mut volumes = Items::default();
    let mut add = |name: &'static str, source| volumes.push(name, why(), Volume { name: t(name), source });
    add("tmp", VolumeSource::EmptyDir(EmptyDir { medium: Some(t(Medium::Memory)), size_limit: t("64Mi") }));
    let config = ConfigMapVolume {
        name: name_of("ConfigMap", "shop-api"),
        default_mode: Some(t(0o440)),
        items: items(),
        optional: Some(t(false)),
    };
    add("config", VolumeSource::ConfigMap(config));
    let secret = SecretVolume {
        secret_name: name_of("Secret", "shop-api"),
        default_mode: Some(t(0o440)),
        items: items(),
        optional: Some(t(false)),
    };
    add("secret", VolumeSource::Secret(secret));
    add("all", VolumeSource::Projected(Projected { default_mode: Some(t(0o440)), sources }));
    let claim =
        ClaimVolume { claim_name: name_of("PersistentVolumeClaim", "data"), read_only: Some(t(true)) };
    add("data", VolumeSource::Claim(claim));
    let scratch = EphemeralVolume { volume_claim_template: ClaimTemplate { spec: claim_spec() } };
    add("scratch", VolumeSource::Ephemeral(scratch));
    volumes
}

/// What a disk asks for.
pub(crate) fn claim_spec() -> ClaimSpec {
    ClaimSpec {
        access_modes: vec![t(AccessMode::ReadWriteOnce)],
        storage_class_name: Some(t("fast")),
        resources: ClaimResources { requests: ClaimRequests { storage: t("1Gi") } },
    }
}
