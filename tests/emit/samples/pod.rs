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
    let ndots = DnsOption { name: t("ndots"), value: t("2") };
    PodSpec {
        service_account_name: name_of("ServiceAccount", "shop-api"),
        automount_service_account_token: t(false),
        enable_service_links: t(false),
        host_network: Some(t(false)),
        host_pid: Some(t(false)),
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
        },
        dns_config: Some(DnsConfig { options: Items::one("ndots", why(), ndots) }),
        affinity: Some(Affinity {
            pod_anti_affinity: PodAntiAffinity { preferred: Items::one("hosts", why(), anti_affinity) },
        }),
        topology_spread_constraints: Items::one("zones", why(), spread),
        init_containers: Items::one("init", why(), container("init")),
        containers: Items::one("api", why(), container("api")),
        volumes: volumes(),
    }
}

fn seccomp() -> SeccompProfile {
    SeccompProfile { kind: t(SeccompType::RuntimeDefault) }
}

fn container(name: &'static str) -> Container {
    let handler = |handler| {
        let probe = Probe {
            handler,
            period_seconds: t(5u32),
            timeout_seconds: t(2u32),
            failure_threshold: t(3u32),
            success_threshold: t(1u32),
        };
        Maybe::some(why(), probe)
    };
    let get = HttpGet { path: t("/readyz"), port: t("http"), scheme: Some(t(Scheme::Http)) };
    let port = ContainerPort { name: t("http"), container_port: t(8080u16), protocol: t(Protocol::Tcp) };
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
        command: vec![t("/app/api")],
        args: vec![t("--log"), t("{}")],
        ports: Items::one("http", why(), port),
        env: env(),
        resources: Resources { requests: amounts(), limits: amounts() },
        startup_probe: handler(Handler::Exec(Exec { command: vec![t("/app/api"), t("ready")] })),
        readiness_probe: handler(Handler::HttpGet(get)),
        liveness_probe: handler(if name == "api" {
            Handler::TcpSocket(TcpSocket { port: t(8080u16) })
        } else {
            Handler::Grpc(Grpc { port: t(9090u16), service: Some(t("shop")) })
        }),
        lifecycle: Maybe::some(why(), Lifecycle { pre_stop: PreStop { sleep: Sleep { seconds: t(5u32) } } }),
        security_context: Security {
            allow_privilege_escalation: t(false),
            privileged: t(false),
            read_only_root_filesystem: t(true),
            run_as_non_root: t(true),
            run_as_user: t(65532),
            run_as_group: t(65532),
            capabilities: Capabilities { drop: vec![t("ALL")] },
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

fn env() -> Items<EnvVar> {
    let mut env = Items::default();
    let mut add = |name: &'static str, source| env.push(name, why(), EnvVar { name: t(name), source });
    let from = |source| EnvSource::From(ValueFrom { source });
    add("LOG_LEVEL", EnvSource::Value(t("info")));
    add("DEBUG", EnvSource::Value(t("no")));
    add("POD_IP", from(ValueSource::Field(FieldRef { field_path: t("status.podIP") })));
    let key = SecretKeyRef { name: name_of("Secret", "shop-api"), key: t("key") };
    add("API_KEY", from(ValueSource::SecretKey(key)));
    let cpu = ResourceFieldRef { resource: t("limits.cpu"), divisor: t("1") };
    add("GOMAXPROCS", from(ValueSource::Resource(cpu)));
    env
}

fn volumes() -> Items<Volume> {
    let items = || Items::one("key", why(), KeyToPath { key: t("key"), path: t("key") });
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
    };
    add("config", VolumeSource::ConfigMap(config));
    let secret = SecretVolume {
        secret_name: name_of("Secret", "shop-api"),
        default_mode: Some(t(0o440)),
        items: items(),
    };
    add("secret", VolumeSource::Secret(secret));
    add("all", VolumeSource::Projected(Projected { default_mode: Some(t(0o440)), sources }));
    volumes
}
