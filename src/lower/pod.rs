//! The pod template that Deployments and CronJobs share, hardened in every tier.
//!
//! Sources: Pod Security Standards, level "restricted"; the default rules of kube-linter, kube-score, Polaris, Checkov and
//! Trivy, which want the security context repeated on each container.

use super::labels::Identity;
use super::probes::{self, Probes};
use super::{Cx, amount, files};
use crate::k8s::{
    Affinity, AffinityTerm, Amounts, Capabilities, ConfigMap, Container, ContainerPort, DnsConfig, DnsOption,
    EmptyDir, EnvSource, EnvVar, FieldRef, FsGroupChangePolicy, ImagePullPolicy, KeyToPath, Lifecycle,
    NameOf, PodAntiAffinity, PodSecurity, PodSpec, PodTemplate, PreStop, Protocol, Resources, RestartPolicy,
    SeccompProfile, SeccompType, SecretKeyRef, SecretVolume, Security, Sleep, Spread, Unsatisfiable,
    ValueFrom, ValueSource, Volume, VolumeMount, VolumeSource, WeightedTerm,
};
use crate::origin::{
    CPU_LIMIT, ENV_ESCAPED, ENV_UTILITIES, EPHEMERAL, GRACE, HARDENED_CAPABILITIES, HARDENED_ESCALATION,
    HARDENED_NO_LINKS, HARDENED_NO_TOKEN, HARDENED_ROOT_FS, HARDENED_SECCOMP, HARDENED_USER, HOST,
    IMAGE_PULL, MEMORY_LIMIT, Origin, PRE_STOP, SPREAD, Traced, WRITABLE, rule,
};
use crate::spec::workload::{Transport, WorkloadKind};
use crate::system::variables::SECRETS_ROOT;
use crate::system::{Variable, VariableValue, Workload};
use crate::text::Text;
use crate::value::{Bytes, Cpu};
use crate::walk::{Items, Maybe};

/// The user and group that own nothing on a node.
const NOBODY: i64 = 65532;
/// Size of `/tmp`.
const TMP: u64 = 64 << 20;
/// Size of each other writable folder.
const WRITABLE_FOLDER: u64 = 256 << 20;
/// Seconds that a pod waits before its process is told to stop.
pub(crate) const PRE_STOP_SECONDS: u32 = 5;

/// The pod template of a workload; `config` holds its files, if it has any.
pub(crate) fn template(
    cx: &Cx<'_>,
    workload: &Workload,
    identity: &Identity,
    config: Option<&ConfigMap>,
) -> PodTemplate {
    let probes = probes::of_workload(cx, workload);
    let volumes = Volumes::of(workload, config);
    let container = Container {
        name: workload.name.clone(),
        image: workload.image.text(),
        image_pull_policy: rule(IMAGE_PULL, ImagePullPolicy::Always),
        command: workload.command.iter().map(|word| escaped(cx, word)).collect(),
        args: workload.args.iter().map(|word| escaped(cx, word)).collect(),
        ports: ports(workload),
        env: env(cx, workload),
        resources: resources(cx, workload),
        startup_probe: probes.startup,
        readiness_probe: probes.readiness,
        liveness_probe: probes.liveness,
        lifecycle: lifecycle(workload),
        security_context: container_security(),
        volume_mounts: volumes.mounts,
    };
    let restart = match workload.kind.get() {
        WorkloadKind::Cron => Some(Traced::because(RestartPolicy::Never, workload.kind.origin())),
        _ => None,
    };
    let mut template = spec(cx, identity, container, volumes.volumes, restart, grace(cx, workload));
    if *workload.kind.get() == WorkloadKind::Cron {
        // one pod at a time has nobody to keep away from
        template.spec.affinity = None;
        template.spec.topology_spread_constraints = Items::default();
    }
    template
}

/// A hardened pod of one container.
pub(crate) fn spec(
    cx: &Cx<'_>,
    identity: &Identity,
    container: Container,
    volumes: Items<Volume>,
    restart_policy: Option<Traced<RestartPolicy>>,
    grace: Traced<u32>,
) -> PodTemplate {
    let priority = &cx.platform().priority_class;
    PodTemplate {
        metadata: identity.template(),
        spec: PodSpec {
            service_account_name: NameOf::of("ServiceAccount", &identity.name),
            automount_service_account_token: rule(HARDENED_NO_TOKEN, false),
            enable_service_links: rule(HARDENED_NO_LINKS, false),
            host_network: None,
            host_pid: None,
            host_ipc: None,
            restart_policy,
            termination_grace_period_seconds: grace,
            priority_class_name: Maybe::from_option(
                priority.as_ref().map_or(cx.platform().origin, Traced::origin),
                priority.as_ref().map(|class| NameOf::of("PriorityClass", class)),
            ),
            security_context: pod_security(),
            dns_config: Some(DnsConfig {
                options: Items::one(
                    "ndots",
                    Origin::rule(HOST),
                    DnsOption { name: rule(HOST, "ndots"), value: rule(HOST, "2") },
                ),
            }),
            affinity: Some(affinity(identity)),
            topology_spread_constraints: spread(identity),
            init_containers: Items::default(),
            containers: Items::one(container.name.get().clone(), container.name.origin(), container),
            volumes,
        },
    }
}

/// Plain text as the kubelet must be told it: `$(` and `$$` are doubled, or it would expand them.
///
/// Source: Kubernetes' expansion syntax for `command`, `args` and `env`: `$$` stands for `$`.
fn escaped(cx: &Cx<'_>, text: &Traced<Text>) -> Traced<Text> {
    match crate::system::variables::kubelet_literal(text.get()) {
        std::borrow::Cow::Borrowed(_) => text.clone(),
        std::borrow::Cow::Owned(escaped) => {
            Traced::because(escaped.into(), cx.tracer.because(ENV_ESCAPED, &[text.origin()]))
        }
    }
}

fn ports(workload: &Workload) -> Items<ContainerPort> {
    let mut ports = Items::default();
    for port in &workload.ports {
        let declared = ContainerPort {
            name: port.name.clone(),
            container_port: port.number,
            protocol: protocol(&port.transport),
        };
        ports.push(port.name.get().clone(), port.because, declared);
    }
    ports
}

/// The API's word for a transport protocol.
pub(crate) fn protocol(transport: &Traced<Transport>) -> Traced<Protocol> {
    transport.map(|t| match t {
        Transport::Tcp => Protocol::Tcp,
        Transport::Udp => Protocol::Udp,
    })
}

fn env(cx: &Cx<'_>, workload: &Workload) -> Items<EnvVar> {
    let mut env = Items::default();
    for variable in &workload.variables {
        if let Some(source) = env_source(cx, variable) {
            let key = variable.name.get().clone();
            env.push(key, variable.because, EnvVar { name: variable.name.clone(), source });
        }
    }
    env
}

fn env_source(cx: &Cx<'_>, variable: &Variable) -> Option<EnvSource> {
    let from = |source| Some(EnvSource::From(ValueFrom { source }));
    match &variable.value {
        VariableValue::Plain(text) => Some(EnvSource::Value(escaped(cx, text))),
        VariableValue::Composed(text) => Some(EnvSource::Value(text.clone())),
        VariableValue::Field(path) => from(ValueSource::Field(FieldRef { field_path: path.clone() })),
        VariableValue::Secret { secret, key } => from(ValueSource::SecretKey(SecretKeyRef {
            name: NameOf::of("Secret", secret),
            key: key.clone(),
        })),
        VariableValue::Unresolved(_) => None,
    }
}

fn resources(cx: &Cx<'_>, workload: &Workload) -> Resources {
    let folders = Traced::because(
        workload.writable.items.len(),
        workload.writable.at.map_or(Origin::rule(WRITABLE), Origin::spec),
    );
    let limit = cx.tracer.derive(EPHEMERAL, (&folders,), |(folders,)| {
        Bytes::from_bytes((512 << 20) + TMP + *folders as u64 * WRITABLE_FOLDER)
    });
    sized(cx, &workload.cpu, &workload.memory, &limit)
}

/// Requests and limits from the request of CPU, of memory, and the limit of ephemeral storage.
pub(crate) fn sized(
    cx: &Cx<'_>,
    cpu: &Traced<Cpu>,
    memory: &Traced<Bytes>,
    ephemeral: &Traced<Bytes>,
) -> Resources {
    let quarter = cx.tracer.derive(EPHEMERAL, (ephemeral,), |(l,)| Bytes::from_bytes(l.bytes() / 4));
    let mut resources = compute(cx, cpu, memory);
    resources.requests.ephemeral_storage = Some(amount(&quarter));
    resources.limits.ephemeral_storage = Some(amount(ephemeral));
    resources
}

/// Requests and limits of CPU and memory.
pub(crate) fn compute(cx: &Cx<'_>, cpu: &Traced<Cpu>, memory: &Traced<Bytes>) -> Resources {
    let cpu_limit = cx.tracer.derive(CPU_LIMIT, (cpu,), |(c,)| Cpu::from_millis((c.millis() * 4).max(1000)));
    let memory_limit = cx.tracer.derive(MEMORY_LIMIT, (memory,), |(m,)| *m);
    Resources {
        requests: Amounts { cpu: Some(amount(cpu)), memory: Some(amount(memory)), ephemeral_storage: None },
        limits: Amounts {
            cpu: Some(amount(&cpu_limit)),
            memory: Some(amount(&memory_limit)),
            ephemeral_storage: None,
        },
    }
}

/// A pod that serves waits before it stops, so that nobody sends to it any more.
fn lifecycle(workload: &Workload) -> Maybe<Lifecycle> {
    let because = workload.kind.origin();
    let sleep =
        Lifecycle { pre_stop: PreStop { sleep: Sleep { seconds: rule(PRE_STOP, PRE_STOP_SECONDS) } } };
    Maybe::from_option(because, (*workload.kind.get() == WorkloadKind::Http).then_some(sleep))
}

fn grace(cx: &Cx<'_>, workload: &Workload) -> Traced<u32> {
    let pre_stop = workload.kind.map(|kind| match kind {
        WorkloadKind::Http => PRE_STOP_SECONDS,
        _ => 0,
    });
    cx.tracer.derive(GRACE, (&pre_stop, &workload.drain), |(pre_stop, drain)| {
        pre_stop + u32::try_from(drain.seconds_ceil()).unwrap_or(u32::MAX - 10) + 5
    })
}

fn seccomp() -> SeccompProfile {
    SeccompProfile { kind: rule(HARDENED_SECCOMP, SeccompType::RuntimeDefault) }
}

/// The seccomp profile of every pod.
pub(crate) fn seccomp_profile() -> SeccompProfile {
    seccomp()
}

fn pod_security() -> PodSecurity {
    PodSecurity {
        run_as_non_root: rule(HARDENED_USER, true),
        run_as_user: rule(HARDENED_USER, NOBODY),
        run_as_group: rule(HARDENED_USER, NOBODY),
        fs_group: rule(HARDENED_USER, NOBODY),
        fs_group_change_policy: rule(HARDENED_USER, FsGroupChangePolicy::OnRootMismatch),
        supplemental_groups: vec![rule(HARDENED_USER, NOBODY)],
        seccomp_profile: seccomp(),
    }
}

/// The security context of every container.
pub(crate) fn container_security() -> Security {
    Security {
        allow_privilege_escalation: rule(HARDENED_ESCALATION, false),
        privileged: rule(HARDENED_ESCALATION, false),
        read_only_root_filesystem: rule(HARDENED_ROOT_FS, true),
        run_as_non_root: rule(HARDENED_USER, true),
        run_as_user: rule(HARDENED_USER, NOBODY),
        run_as_group: rule(HARDENED_USER, NOBODY),
        capabilities: Capabilities { drop: vec![rule(HARDENED_CAPABILITIES, "ALL")] },
        seccomp_profile: seccomp(),
    }
}

fn affinity(identity: &Identity) -> Affinity {
    let term = WeightedTerm {
        weight: rule(SPREAD, 100u32),
        pod_affinity_term: AffinityTerm {
            topology_key: rule(SPREAD, "kubernetes.io/hostname"),
            label_selector: identity.selector(),
        },
    };
    Affinity {
        pod_anti_affinity: PodAntiAffinity { preferred: Items::one("hostname", Origin::rule(SPREAD), term) },
    }
}

fn spread(identity: &Identity) -> Items<Spread> {
    let over = |topology_key: &'static str| Spread {
        max_skew: rule(SPREAD, 1u32),
        topology_key: rule(SPREAD, topology_key),
        when_unsatisfiable: rule(SPREAD, Unsatisfiable::ScheduleAnyway),
        label_selector: identity.selector(),
    };
    let mut spread = Items::default();
    spread.push("zone", Origin::rule(SPREAD), over("topology.kubernetes.io/zone"));
    spread.push("hostname", Origin::rule(SPREAD), over("kubernetes.io/hostname"));
    spread
}

/// Volumes with their mounts.
struct Volumes {
    volumes: Items<Volume>,
    mounts: Items<VolumeMount>,
}

impl Volumes {
    fn of(workload: &Workload, config: Option<&ConfigMap>) -> Volumes {
        let mut all = Volumes { volumes: Items::default(), mounts: Items::default() };
        let tmp = (rule(WRITABLE, "tmp"), rule(WRITABLE, "/tmp"));
        all.writable(Origin::rule(WRITABLE), tmp.0, tmp.1, rule(WRITABLE, Bytes::from_bytes(TMP)));
        for (index, path) in workload.writable.iter().enumerate() {
            let name = Traced::because(Text::from(format!("writable-{index}")), path.origin());
            let size = rule(WRITABLE, Bytes::from_bytes(WRITABLE_FOLDER));
            all.writable(path.origin(), name, amount(path), size);
        }
        for folder in &workload.secret_folders {
            all.secrets(folder);
        }
        if let Some(config) = config {
            files::mount(workload, config, &mut all.volumes, &mut all.mounts);
        }
        all
    }

    fn writable(&mut self, because: Origin, name: Traced<Text>, path: Traced<Text>, size: Traced<Bytes>) {
        let source = VolumeSource::EmptyDir(EmptyDir { medium: None, size_limit: amount(&size) });
        self.add(because, name, path, source, None);
    }

    fn secrets(&mut self, folder: &crate::system::variables::SecretFolder) {
        let origin = folder.because;
        let name = Traced::because(folder.name.clone(), origin);
        let path = Traced::because(Text::from(format!("{SECRETS_ROOT}/{}", folder.name)), origin);
        let mut items = Items::default();
        for key in &folder.keys {
            items.push(key.get().clone(), key.origin(), KeyToPath { key: key.clone(), path: key.clone() });
        }
        let source = VolumeSource::Secret(SecretVolume {
            secret_name: NameOf::of("Secret", &folder.secret),
            default_mode: Some(rule(ENV_UTILITIES, 0o440)),
            items,
        });
        self.add(folder.because, name, path, source, Some(Traced::because(true, origin)));
    }

    fn add(
        &mut self,
        because: Origin,
        name: Traced<Text>,
        mount_path: Traced<Text>,
        source: VolumeSource,
        read_only: Option<Traced<bool>>,
    ) {
        let mount = VolumeMount { name: name.clone(), mount_path, sub_path: None, read_only };
        self.mounts.push(mount.mount_path.get().clone(), because, mount);
        self.volumes.push(name.get().clone(), because, Volume { name, source });
    }
}

/// Probes of a container that has none.
pub(crate) fn no_probes(because: Origin) -> Probes {
    Probes { startup: Maybe::none(because), readiness: Maybe::none(because), liveness: Maybe::none(because) }
}
