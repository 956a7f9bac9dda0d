//! What runs, with every default filled in.

mod command;
mod files;
mod health;
mod ports;
mod replicas;
mod route;

pub use files::File;
pub use health::Health;
pub use ports::Port;
pub use replicas::Replicas;
pub use route::Route;

use crate::origin::{
    DEFAULT_CPU, DEFAULT_DEADLINE, DEFAULT_DRAIN, DEFAULT_KIND, DEFAULT_MEMORY, DEFAULT_TIMEOUT,
    DEFAULT_TIMEZONE, DEFAULT_WORKLOAD, NodeId, Origin, SECRET_DELIVERY, SHUTDOWN_DRAIN, Traced, Tracer,
    rule,
};
use crate::spec::decode::{List, Map};
use crate::spec::edge::EdgeRef;
use crate::spec::env::EnvValue;
use crate::spec::service::ServiceFile;
use crate::spec::workload::{self as spec, SecretDelivery, WorkloadKind};
use crate::text::Text;
use crate::value::{Bytes, Cpu, Cron, Duration, EnvName, MountPath, TimeZone, Value};

use super::edges::{Caller, Edge};
use super::image::Image;
use super::variables::{SecretFolder, Variable};
use super::{Context, Place, names, text_of};

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
    pub command: Vec<Traced<Text>>,
    /// words behind the command
    pub args: Vec<Traced<Text>>,
    /// ports, the main one first
    pub ports: Vec<Port>,
    /// CPU request
    pub cpu: Traced<Cpu>,
    /// memory request and limit
    pub memory: Traced<Bytes>,
    /// the longest request
    pub timeout: Traced<Duration>,
    /// time to finish work
    pub drain: Traced<Duration>,
    /// how its health is asked for, or why it is not
    pub health: Result<Health, Origin>,
    /// how many pods
    pub replicas: Replicas,
    /// where it is reached from outside
    pub route: Option<Route>,
    /// files, by path
    pub files: Vec<File>,
    /// folders that it may write to, besides `/tmp`
    pub writable: List<MountPath>,
    /// what it uses, as written
    pub uses: List<EdgeRef>,
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
    /// how secrets reach it
    pub delivery: Traced<SecretDelivery>,
    /// when it runs, for cron
    pub schedule: Option<Traced<Cron>>,
    /// time zone of the schedule
    pub timezone: Traced<Text>,
    /// longest time of one run
    pub deadline: Traced<Duration>,
}

impl Workload {
    /// The ports that the Service has, the main one first.
    pub fn service_ports(&self) -> impl Iterator<Item = &Port> {
        self.ports.iter().filter(|p| p.in_service)
    }

    /// The port that serves HTTP, health and metrics.
    pub fn main_port(&self) -> Option<&Port> {
        self.ports.first().filter(|p| matches!(p.name.get().as_str(), "http" | "ops"))
    }
}

pub(super) fn resolve_all(
    file: &ServiceFile,
    root: NodeId,
    place: &Place<'_>,
    context: &Context<'_>,
) -> Vec<Workload> {
    if file.workloads.is_empty() {
        let because = context.tracer.because(DEFAULT_WORKLOAD, &[place.because(root, context.tracer)]);
        let name = Traced::because(Text::Literal("api"), because);
        let implied = Unset { at: root, because, name, place, file, context };
        return vec![implied.resolve(&implied_table(root))];
    }
    let resolve = |(_, entry): (&Text, &crate::spec::decode::Entry<_, spec::Workload>)| {
        let (at, name) = (entry.value.at, text_of(&entry.key));
        let because = place.because(at, context.tracer);
        Unset { at, because, name, place, file, context }.resolve(&entry.value)
    };
    file.workloads.iter().map(resolve).collect()
}

/// The workload of a service that declares none: nothing is set.
fn implied_table(at: NodeId) -> spec::Workload {
    fn none<T>() -> List<T> {
        List { at: None, items: Vec::new() }
    }
    spec::Workload {
        at,
        kind: None,
        image: None,
        command: none(),
        args: none(),
        port: None,
        ports: Map::default(),
        cpu: None,
        memory: None,
        env: Map::default(),
        files: Map::default(),
        secrets: None,
        uses: none(),
        health: None,
        timeout: None,
        drain: None,
        replicas: None,
        scale: None,
        route: None,
        writable: none(),
        schedule: None,
        timezone: None,
        deadline: None,
    }
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
            WorkloadKind::Http => tracer.derive(SHUTDOWN_DRAIN, (&timeout,), |(t,)| *t),
            _ => tracer.constant(DEFAULT_DRAIN, &[kind.origin()], Duration::from_seconds(30)),
        });
        let (image, image_is_runtime) = self.image(table);
        Workload {
            host: names::host(&object, self.place.namespace, &self.context.platform.cluster_domain, tracer),
            command: self.command(table, &kind, &ports, &drain, image_is_runtime),
            args: table.args.items.clone(),
            health: self.health(table, &kind, &ports),
            replicas: self.replicas(table, &kind),
            route: self.route(table),
            files: Self::files(table),
            writable: table.writable.clone(),
            uses: table.uses.clone(),
            edges: Vec::new(),
            callers: Vec::new(),
            env: table.env.clone(),
            variables: Vec::new(),
            secret_folders: Vec::new(),
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
