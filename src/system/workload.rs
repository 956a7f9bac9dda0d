//! What runs, with every default filled in.

mod command;
mod container;
mod files;
mod health;
mod migration;
mod outside;
mod ports;
mod replicas;
mod route;
mod volume;

pub use command::Word;
pub use container::Container;
pub use files::File;
pub use health::{Health, Question, Timing};
pub use migration::Migration;
pub use outside::Outside;
pub use ports::Port;
pub use replicas::{Replicas, Targets};
pub use route::{Carrier, Kept, Route, RouteHost, RoutePath};
pub use volume::{Mount, Volume};

pub(super) use route::share;

use crate::origin::{
    DEFAULT_CPU, DEFAULT_DEADLINE, DEFAULT_DRAIN, DEFAULT_KIND, DEFAULT_MEMORY, DEFAULT_RESIZE,
    DEFAULT_TIMEOUT, DEFAULT_TIMEZONE, DEFAULT_WORKERS, DEFAULT_WORKLOAD, NodeId, Origin, PROBE_NONE,
    ROLLOUT, ROLLOUT_DISK, SECRET_DELIVERY, SHUTDOWN_DRAIN, Traced, Tracer, WRITABLE, rule,
};
use crate::spec::data::DataClass;
use crate::spec::decode::{List, Map};
use crate::spec::edge::EdgeRef;
use crate::spec::env::{EnvFrom, EnvValue};
use crate::spec::service::ServiceFile;
use crate::spec::workload::{
    self as spec, AccessMode, CpuLimit, MemoryLimit, PodLevel, Resize, Rollout, SecretDelivery, ServiceType,
    VolumeKind, WorkloadKind,
};
use crate::text::Text;
use crate::value::{
    Bytes, Cpu, Cron, Duration, EnvName, LabelKey, LabelValue, MountPath, Name, TimeZone, Value,
};

use super::edges::{Caller, Edge};
use super::image::Image;
use super::variables::{CertificateFolder, SecretFolder, Variable};
use super::{Context, Place, names, text_of};

/// The folder that every program may write to.
pub const TMP: &str = "/tmp";

/// A workload, resolved.
#[derive(Debug)]
pub struct Workload {
    /// its table; of an implied workload the service's root
    pub at: NodeId,
    /// why it exists
    pub because: Origin,
    /// its name
    pub name: Traced<Text>,
    /// its objects' name
    pub object: Traced<Text>,
    /// host of its Service
    pub host: Traced<Text>,
    /// how it runs
    pub kind: Traced<WorkloadKind>,
    /// what runs
    pub image: Image,
    /// whether the image is that of `[runtime]`
    pub image_is_runtime: bool,
    /// program and its words
    pub command: Vec<Word>,
    /// words behind the command
    pub args: Vec<Word>,
    /// ports, the main one first
    pub ports: Vec<Port>,
    /// CPU request
    pub cpu: Traced<Cpu>,
    /// processes in a pod
    pub workers: Traced<u32>,
    /// CPU limit, if it is not the usual one
    pub cpu_limit: Option<Traced<CpuLimit>>,
    /// memory request
    pub memory: Traced<Bytes>,
    /// memory limit, if it is not the request
    pub memory_limit: Option<Traced<MemoryLimit>>,
    /// limit of ephemeral storage, if it is not the usual one
    pub ephemeral_storage: Option<Traced<Bytes>>,
    /// the longest request
    pub timeout: Traced<Duration>,
    /// time to finish work
    pub drain: Traced<Duration>,
    /// how its health is asked for, or why it is not
    pub health: Result<Health, Origin>,
    /// how many pods
    pub replicas: Replicas,
    /// settings of its Service
    pub service: Option<spec::ServiceSettings>,
    /// further Services
    pub services: Map<Name, spec::ServiceSettings>,
    /// where it is reached from outside
    pub routes: Vec<Route>,
    /// what is asked of it from outside
    pub outside_checks: Vec<Outside>,
    /// files, by path
    pub files: Vec<File>,
    /// folders that it may write to, besides `/tmp`
    pub writable: List<MountPath>,
    /// how sensitive what it works with is, if somebody said so
    pub class: Option<Traced<DataClass>>,
    /// what it uses, as written
    pub uses: List<EdgeRef>,
    /// how patiently it calls other workloads, as written
    pub calls: Map<EdgeRef, spec::Calls>,
    /// what it uses, linked
    pub edges: Vec<Edge>,
    /// who uses it
    pub callers: Vec<Caller>,
    /// variables that the workload itself sets
    pub env: Map<EnvName, EnvValue>,
    /// all variables, in order
    pub variables: Vec<Variable>,
    /// folders of secrets
    pub secret_folders: Vec<SecretFolder>,
    /// folders of certificates
    pub certificate_folders: Vec<CertificateFolder>,
    /// how secrets reach it
    pub delivery: Traced<SecretDelivery>,
    /// when it runs, for cron
    pub schedule: Option<Traced<Cron>>,
    /// time zone of the schedule
    pub timezone: Traced<Text>,
    /// longest time of one run
    pub deadline: Traced<Duration>,
    /// volumes, sorted by name
    pub volumes: Vec<Volume>,
    /// where the program sees volumes besides their own `mount`
    pub mounts: Vec<Mount>,
    /// containers beside the program, in order of their start
    pub sidecars: Vec<Container>,
    /// containers before the program, in order
    pub init: Vec<Container>,
    /// objects whose keys are variables
    pub env_from: Map<Name, EnvFrom>,
    /// labels of the object that runs it
    pub labels: Map<LabelKey, Traced<LabelValue>>,
    /// annotations of the object that runs it
    pub annotations: Map<LabelKey, Traced<Text>>,
    /// how and where its pods run
    pub pod: Option<spec::Pod>,
    /// how a new version replaces the old one
    pub rollout: Traced<Rollout>,
    /// what happens before the process is told to stop
    pub pre_stop: Option<spec::Hook>,
    /// what happens beside the start of the process
    pub post_start: Option<spec::Hook>,
    /// settings of the rolling replacement
    pub rolling: Option<spec::Rolling>,
    /// what only stateful workloads have
    pub stateful: Option<spec::Stateful>,
    /// what only job and cron have
    pub run: Option<spec::Run>,
    /// whether a `VerticalPodAutoscaler` watches it
    pub resize: Traced<Resize>,
    /// bounds of that autoscaler
    pub resize_bounds: Option<spec::ResizeBounds>,
    /// the schema that it changes, if it is a migration
    pub migrates: Option<Migration>,
    /// why it has no pods for now although everything of it is there, if so
    pub waits: Option<Origin>,
}

impl Workload {
    /// The ports that the Service has, the main one first.
    pub fn service_ports(&self) -> impl Iterator<Item = &Port> {
        self.ports.iter().filter(|p| p.in_service)
    }

    /// The workload's `port`.
    pub fn main_port(&self) -> Option<&Port> {
        self.ports.first().filter(|p| p.is_main)
    }

    /// Whether the work that waits in `database` decides how many pods it has.
    pub fn is_scaled_by(&self, database: &super::Database) -> bool {
        let asked = self.scales_by().and_then(|queue| queue.database.as_ref());
        asked.is_some_and(|name| super::named(&database.stack, name))
    }

    /// The work that waits which decides how many pods it has.
    pub fn scales_by(&self) -> Option<&spec::ScaleQueue> {
        let Replicas::Auto { targets, .. } = &self.replicas else { return None };
        targets.queue.as_ref()
    }

    /// The work that waits, and the most pods that it can lead to.
    pub fn scaling(&self) -> Option<(&spec::ScaleQueue, &Traced<u32>)> {
        let Replicas::Auto { targets, max, .. } = &self.replicas else { return None };
        Some((targets.queue.as_ref()?, max))
    }

    /// The files of all containers, the program's first.
    pub fn all_files(&self) -> impl Iterator<Item = &File> {
        self.files.iter().chain(self.containers().flat_map(|container| &container.files))
    }

    /// Where the program mounts what it says itself.
    fn mounted(&self) -> impl Iterator<Item = (&str, Origin)> {
        let writable = self.writable.iter().map(|path| (path.get().as_str(), path.origin()));
        let mounted = self.volumes.iter().filter_map(|v| v.table.mount.as_ref());
        let mounted = mounted.map(|path| (path.get().as_str(), path.origin()));
        let further = self.mounts.iter().map(|mount| (mount.path.get().as_str(), mount.path.origin()));
        writable.chain(mounted).chain(further)
    }

    /// What the program itself mounts at `/tmp`, in place of the folder that every program gets.
    pub fn own_tmp(&self) -> Option<Origin> {
        self.mounted().find(|(path, _)| *path == TMP).map(|(_, at)| at)
    }

    /// Why the program gets a folder at `/tmp`: it mounts nothing there.
    pub fn tmp_because(&self, tracer: &Tracer) -> Origin {
        let others: Vec<Origin> = self.mounted().map(|(_, at)| at).collect();
        if others.is_empty() { Origin::rule(WRITABLE) } else { tracer.because(WRITABLE, &others) }
    }

    /// The lowest port of its pods that only root may open by default (Linux, `net.ipv4.ip_unprivileged_port_start`).
    pub fn low_port(&self) -> Option<&Traced<u16>> {
        let all = self.ports.iter().chain(self.containers().flat_map(|container| &container.ports));
        all.map(|port| &port.number).filter(|number| *number.get() < 1024).min_by_key(|number| *number.get())
    }

    /// Sidecars, then init containers.
    pub fn containers(&self) -> impl Iterator<Item = &Container> {
        self.sidecars.iter().chain(&self.init)
    }

    /// The Services that callers from outside of the cluster come through, by name; the workload's own is `service`.
    pub fn outside(&self) -> impl Iterator<Item = (&str, &spec::ServiceSettings)> {
        let own = self.service.iter().map(|settings| ("service", settings));
        let further = self.services.iter().map(|(name, entry)| (name.as_str(), &entry.value));
        own.chain(further).filter(|(_, settings)| {
            settings
                .kind
                .is_some_and(|k| matches!(k.get(), ServiceType::LoadBalancer | ServiceType::NodePort))
        })
    }

    /// The exceptions from the hardened default.
    pub fn security(&self) -> Option<&spec::Security> {
        self.pod.as_ref()?.security.as_ref()
    }

    /// What of its pods is the node's, besides what `pod.security` says: folders and ports.
    pub fn of_node(&self) -> impl Iterator<Item = (String, Origin)> {
        let volumes = self.volumes.iter().filter(|volume| *volume.kind.get() == VolumeKind::HostPath);
        let folders = volumes.filter_map(|volume| {
            let path = volume.table.path.as_ref()?;
            Some((format!("sees `{}` of the node", path.get().as_str()), path.origin()))
        });
        let ports = self.ports.iter().chain(self.containers().flat_map(|container| &container.ports));
        let ports = ports.filter_map(|port| port.host_port);
        folders.chain(ports.map(|port| (format!("takes port {} of the node", port.get()), port.origin())))
    }

    /// The strictest Pod Security level that its pods keep.
    ///
    /// Source: Pod Security Standards: folders and ports of the node keep none but `privileged`.
    pub fn level(&self) -> PodLevel {
        let asked = self.security().map_or(PodLevel::Restricted, spec::Security::level);
        if self.of_node().next().is_some() { PodLevel::Privileged } else { asked }
    }

    /// Whether somebody waits for its answers.
    pub fn answers(&self) -> bool {
        matches!(self.kind.get(), WorkloadKind::Http | WorkloadKind::Grpc)
    }

    /// The account that its pods run as: its own, or one that somebody else makes.
    pub fn account(&self) -> Traced<Text> {
        let written = self.pod.as_ref().and_then(|pod| pod.service_account.as_ref());
        written
            .and_then(|account| account.existing.as_ref())
            .map_or_else(|| self.object.clone(), super::text_of)
    }

    /// Whether its pods run until they are told to stop.
    pub fn is_running(&self) -> bool {
        !matches!(self.kind.get(), WorkloadKind::Cron | WorkloadKind::Job)
    }

    /// Whether requests of others reach it.
    pub fn is_serving(&self) -> bool {
        matches!(self.kind.get(), WorkloadKind::Http | WorkloadKind::Grpc | WorkloadKind::Stateful)
    }
}

pub(super) fn resolve_all(
    file: &ServiceFile,
    root: NodeId,
    place: &Place<'_>,
    context: &Context<'_>,
) -> Vec<Workload> {
    let mut all = written(file, root, place, context);
    all.extend(migration::all(file, place, context));
    all.sort_by(|a, b| a.name.get().cmp(b.name.get()));
    all
}

/// The workloads of the table, or the one that a service without any is.
fn written(file: &ServiceFile, root: NodeId, place: &Place<'_>, context: &Context<'_>) -> Vec<Workload> {
    if file.workloads.is_empty() {
        let because = context.tracer.because(DEFAULT_WORKLOAD, &[place.because(root, context.tracer)]);
        let name = Traced::because(Text::Literal("api"), because);
        let implied = Unset { at: root, because, name, place, file, context };
        return spec::Workload::unset(root).map(|table| implied.resolve(&table)).into_iter().collect();
    }
    let resolve = |(_, entry): (&Text, &crate::spec::decode::Entry<_, spec::Workload>)| {
        let (at, name) = (entry.value.at, text_of(&entry.key));
        let because = place.because(at, context.tracer);
        Unset { at, because, name, place, file, context }.resolve(&entry.value)
    };
    file.workloads.iter().map(resolve).collect()
}

struct Unset<'a> {
    at: NodeId,
    because: Origin,
    name: Traced<Text>,
    place: &'a Place<'a>,
    file: &'a ServiceFile,
    context: &'a Context<'a>,
}

impl Unset<'_> {
    fn tracer(&self) -> &Tracer {
        self.context.tracer
    }

    fn resolve(self, table: &spec::Workload) -> Workload {
        let tracer = self.tracer();
        let kind =
            table.kind.unwrap_or_else(|| tracer.constant(DEFAULT_KIND, &[self.because], WorkloadKind::Http));
        let object = names::workload(self.place.service, &self.name, tracer);
        let ports = self.ports(table, &kind);
        let timeout = table
            .timeout
            .or_else(|| self.context.configured(|d| d.workload.as_ref().and_then(|w| w.timeout.as_ref())))
            .unwrap_or_else(|| rule(DEFAULT_TIMEOUT, Duration::from_seconds(30)));
        let drain = table.drain.unwrap_or_else(|| match kind.get() {
            WorkloadKind::Http | WorkloadKind::Grpc => tracer.derive(SHUTDOWN_DRAIN, (&timeout,), |(t,)| *t),
            _ => tracer.constant(DEFAULT_DRAIN, &[kind.origin()], Duration::from_seconds(30)),
        });
        let (image, image_is_runtime) = self.image(table);
        let routes = self.routes(table, &object, &kind, &timeout);
        Workload {
            host: names::host(&object, self.place.namespace, &self.context.platform.cluster_domain, tracer),
            command: self.command(table, &kind, &ports, &drain, image_is_runtime),
            args: command::words(&table.args),
            health: self.health(table, &kind, &ports).resolve(),
            volumes: volume::volumes(table, tracer),
            mounts: volume::mounts(&table.mounts),
            sidecars: self.containers(&table.sidecars, table),
            init: self.containers(&table.init, table),
            env_from: table.env_from.clone(),
            labels: table.labels.clone(),
            annotations: table.annotations.clone(),
            pod: table.pod.clone(),
            rollout: self.rollout(table),
            service: table.service.clone(),
            services: table.services.clone(),
            pre_stop: table.pre_stop.clone(),
            post_start: table.post_start.clone(),
            rolling: table.rolling.clone(),
            stateful: table.stateful.clone(),
            run: table.run.clone(),
            resize: table.resize.unwrap_or_else(|| rule(DEFAULT_RESIZE, Resize::Off)),
            resize_bounds: table.resize_bounds.clone(),
            migrates: None,
            waits: None,
            cpu_limit: table.cpu_limit.or_else(|| {
                self.context.configured(|d| d.workload.as_ref().and_then(|w| w.cpu_limit.as_ref()))
            }),
            memory_limit: table.memory_limit.or_else(|| {
                self.context.configured(|d| d.workload.as_ref().and_then(|w| w.memory_limit.as_ref()))
            }),
            ephemeral_storage: table.ephemeral_storage,
            replicas: self.replicas(table, &kind),
            outside_checks: self.outside(table, &object, &routes),
            routes,
            files: files::of(&table.files, None, (self.context.attached, tracer)),
            writable: table.writable.clone(),
            uses: table.uses.clone(),
            calls: table.calls.clone(),
            edges: Vec::new(),
            callers: Vec::new(),
            env: table.env.clone(),
            variables: Vec::new(),
            secret_folders: Vec::new(),
            certificate_folders: Vec::new(),
            class: self.file.class_or(table.class),
            workers: table.workers.map_or_else(|| rule(DEFAULT_WORKERS, 1u32), |w| w.map(|w| w.get())),
            cpu: table
                .cpu
                .or_else(|| self.context.configured(|d| d.workload.as_ref().and_then(|w| w.cpu.as_ref())))
                .unwrap_or_else(|| rule(DEFAULT_CPU, Cpu::from_millis(250))),
            memory: table
                .memory
                .or_else(|| self.context.configured(|d| d.workload.as_ref().and_then(|w| w.memory.as_ref())))
                .unwrap_or_else(|| rule(DEFAULT_MEMORY, super::stores::bytes("512Mi"))),
            delivery: table
                .secrets
                .unwrap_or_else(|| tracer.constant(SECRET_DELIVERY, &[self.because], SecretDelivery::Files)),
            schedule: table.schedule.clone(),
            timezone: table
                .timezone
                .as_ref()
                .map_or_else(|| rule(DEFAULT_TIMEZONE, "Etc/UTC"), text_of::<TimeZone>),
            deadline: table.deadline.unwrap_or_else(|| rule(DEFAULT_DEADLINE, Duration::from_seconds(3600))),
            at: self.at,
            because: self.because,
            name: self.name,
            object,
            kind,
            image,
            image_is_runtime,
            ports,
            timeout,
            drain,
        }
    }

    fn health<'a>(
        &'a self,
        table: &'a spec::Workload,
        kind: &Traced<WorkloadKind>,
        ports: &'a [Port],
    ) -> health::Asked<'a> {
        let (tracer, port) = (self.tracer(), ports.first().filter(|p| p.is_main));
        let usual = health::usual(kind, port, tracer);
        let because = tracer.because(PROBE_NONE, &[self.because, kind.origin()]);
        health::Asked { tracer, because, written: table.health.as_ref(), usual, port }
    }

    /// A disk that one node has at a time cannot be with an old and a new pod.
    fn rollout(&self, table: &spec::Workload) -> Traced<Rollout> {
        let is_single = |v: &spec::Volume| {
            v.kind.is_some_and(|k| *k.get() == VolumeKind::Claim)
                && v.access.is_none_or(|a| {
                    matches!(a.get(), AccessMode::ReadWriteOnce | AccessMode::ReadWriteOncePod)
                })
        };
        let disk = table.volumes.iter().find(|(_, entry)| is_single(&entry.value));
        table.rollout.unwrap_or_else(|| match disk {
            Some((_, entry)) => {
                self.tracer().constant(ROLLOUT_DISK, &[Origin::spec(entry.value.at)], Rollout::Recreate)
            }
            None => self.tracer().constant(ROLLOUT, &[self.because], Rollout::Rolling),
        })
    }

    fn image(&self, table: &spec::Workload) -> (Image, bool) {
        let (images, tracer) = (self.context.images, self.tracer());
        if let Some(image) = table.image.as_ref() {
            return (Image::of_reference(image, images, tracer), false);
        }
        if let Some(runtime) = &self.file.runtime {
            return (Image::of_repository(&runtime.image, images, tracer), true);
        }
        let service = self.file.service.image.as_ref();
        (service.map_or_else(Image::missing, |image| Image::of_reference(image, images, tracer)), false)
    }
}

impl Workload {
    /// The schedule's text, for a workload that has one.
    pub fn schedule_text(&self) -> Option<Traced<Text>> {
        self.schedule.as_ref().map(|s| s.map(|s| Text::from(s.text().into_owned())))
    }
}
