//! What runs, with every default filled in.

use crate::origin::{
    DEFAULT_CPU, DEFAULT_DEADLINE, DEFAULT_DRAIN, DEFAULT_HEALTH, DEFAULT_KIND, DEFAULT_MEMORY,
    DEFAULT_PATHS, DEFAULT_PORT, DEFAULT_TARGET, DEFAULT_TIMEOUT, DEFAULT_TIMEZONE, DEFAULT_WORKLOAD, KIND,
    NAME_PART, NodeId, Origin, PROBE_NONE, SCALE_AUTO, SCALE_FIXED, SCALE_MAX, SECRET_DELIVERY, SERVER,
    SERVICE_PORT, SHUTDOWN_DRAIN, TIER_REPLICAS, Traced, Tracer, rule,
};
use crate::spec::decode::{List, Map};
use crate::spec::edge::EdgeRef;
use crate::spec::env::EnvValue;
use crate::spec::environment::Tier;
use crate::spec::service::ServiceFile;
use crate::spec::workload::{self as spec, SecretDelivery, Transport, WorkloadKind};
use crate::text::Text;
use crate::value::{Bytes, Cpu, Cron, Duration, EnvName, Host, HttpPath, MountPath, TimeZone, Value};

use super::edges::{Caller, Edge};
use super::image::Image;
use super::platform::port_number;
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

/// A port of a workload.
#[derive(Clone, Debug)]
pub struct Port {
    /// its name
    pub name: Traced<Text>,
    /// why there is one
    pub because: Origin,
    /// the port that the program listens on
    pub number: Traced<u16>,
    /// port of the Service
    pub service_port: Traced<u16>,
    /// transport protocol
    pub transport: Traced<Transport>,
    /// application protocol
    pub app_protocol: Option<Traced<Text>>,
    /// whether the Service has it; the port of a worker is for health and metrics only
    pub in_service: bool,
}

/// How health is asked for.
#[derive(Clone, Debug)]
pub struct Health {
    /// why there are probes
    pub because: Origin,
    /// path for liveness
    pub live: Traced<Text>,
    /// path for readiness
    pub ready: Traced<Text>,
    /// time that a start may take
    pub startup: Traced<Duration>,
}

/// How many pods there are.
#[derive(Clone, Debug)]
pub enum Replicas {
    /// a schedule decides
    None(Origin),
    /// always as many
    Fixed(Traced<u32>),
    /// an autoscaler decides
    Auto {
        /// why there is one
        because: Origin,
        /// fewest
        min: Traced<u32>,
        /// most
        max: Traced<u32>,
        /// average CPU use to aim for, in percent of the request
        cpu: Traced<u32>,
    },
}

impl Replicas {
    /// The fewest pods that serve; none for what a schedule starts.
    pub fn fewest(&self) -> Option<&Traced<u32>> {
        match self {
            Replicas::None(_) => None,
            Replicas::Fixed(count) => Some(count),
            Replicas::Auto { min, .. } => Some(min),
        }
    }
}

/// Where a workload is reached from outside.
#[derive(Clone, Debug)]
pub struct Route {
    /// the table
    pub because: Origin,
    /// host name
    pub host: Traced<Host>,
    /// path prefixes
    pub paths: Vec<Traced<Text>>,
}

/// A file of a workload.
#[derive(Clone, Debug)]
pub struct File {
    /// why it is there
    pub because: Origin,
    /// where it is
    pub path: Traced<Text>,
    /// what it holds
    pub text: Traced<Text>,
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

    fn ports(&self, table: &spec::Workload, kind: &Traced<WorkloadKind>) -> Vec<Port> {
        let tracer = self.tracer();
        let main = |name: &'static str, number: Traced<u16>, in_service: bool| Port {
            name: tracer.constant(NAME_PART, &[kind.origin()], name),
            because: tracer.because(KIND, &[self.because, kind.origin(), number.origin()]),
            number,
            service_port: tracer.constant(SERVICE_PORT, &[kind.origin()], 80u16),
            transport: rule(KIND, Transport::Tcp),
            app_protocol: in_service.then(|| tracer.constant(KIND, &[kind.origin()], "http")),
            in_service,
        };
        let written = table.port.as_ref().map(port_number);
        let mut ports = Vec::new();
        match (kind.get(), written) {
            (WorkloadKind::Http, written) => {
                let number = written.unwrap_or_else(|| rule(DEFAULT_PORT, 8000u16));
                ports.push(main("http", number, true));
            }
            (WorkloadKind::Worker, Some(number)) => ports.push(main("ops", number, false)),
            _ => {}
        }
        ports.extend(table.ports.iter().map(|(_, entry)| {
            let number = port_number(&entry.value.port);
            Port {
                name: text_of(&entry.key),
                because: entry.key.origin(),
                service_port: entry.value.service_port.as_ref().map_or_else(|| number, port_number),
                number,
                transport: entry.value.protocol.unwrap_or_else(|| rule(KIND, Transport::Tcp)),
                app_protocol: entry.value.app_protocol.clone(),
                in_service: true,
            }
        }));
        ports
    }

    /// The command as written, or the server of a Python service that serves HTTP.
    fn command(
        &self,
        table: &spec::Workload,
        kind: &Traced<WorkloadKind>,
        ports: &[Port],
        drain: &Traced<Duration>,
        image_is_runtime: bool,
    ) -> Vec<Traced<Text>> {
        let serves = *kind.get() == WorkloadKind::Http && table.command.is_empty() && table.args.is_empty();
        let (Some(runtime), Some(port), true) =
            (self.file.runtime.as_ref().filter(|_| image_is_runtime), ports.first(), serves)
        else {
            return table.command.items.clone();
        };
        let tracer = self.tracer();
        let because = [kind.origin(), Origin::spec(runtime.at)];
        let word = |word: &'static str| tracer.constant(SERVER, &because, word);
        let served = Traced::because((), tracer.because(SERVER, &because));
        vec![
            word("uvicorn"),
            tracer.derive(SERVER, (&text_of(&runtime.app), &served), |(app, ())| app.clone()),
            word("--host"),
            word("0.0.0.0"),
            word("--port"),
            tracer.derive(SERVER, (&port.number, &served), |(n, ())| n.to_string().into()),
            word("--timeout-graceful-shutdown"),
            tracer.derive(SERVER, (drain, &served), |(d, ())| d.seconds_ceil().to_string().into()),
        ]
    }

    fn health(
        &self,
        table: &spec::Workload,
        kind: &Traced<WorkloadKind>,
        ports: &[Port],
    ) -> Result<Health, Origin> {
        let tracer = self.tracer();
        let main = ports.first().filter(|p| matches!(p.name.get().as_str(), "http" | "ops"));
        let Some(port) = main else {
            return Err(tracer.because(PROBE_NONE, &[self.because, kind.origin()]));
        };
        let written = table.health.as_ref();
        let path = |path: Option<&Traced<HttpPath>>, usual: &'static str| {
            path.map_or_else(|| rule(DEFAULT_HEALTH, usual), text_of)
        };
        let because = written.map_or(port.because, |h| Origin::spec(h.at));
        Ok(Health {
            because,
            live: path(written.and_then(|h| h.live.as_ref()), "/livez"),
            ready: path(written.and_then(|h| h.ready.as_ref()), "/readyz"),
            startup: written
                .and_then(|h| h.startup)
                .unwrap_or_else(|| rule(DEFAULT_HEALTH, Duration::from_seconds(60))),
        })
    }

    fn replicas(&self, table: &spec::Workload, kind: &Traced<WorkloadKind>) -> Replicas {
        let tracer = self.tracer();
        if *kind.get() == WorkloadKind::Cron {
            return Replicas::None(tracer.because(KIND, &[kind.origin()]));
        }
        if let Some(count) = &table.replicas {
            return Replicas::Fixed(count.map(|c| c.get()));
        }
        let tier = self.context.tier;
        let (few, many) = match tier.get() {
            Tier::Dev => (1u32, 1u32),
            Tier::Staging => (2, 3),
            Tier::Prod => (3, 10),
        };
        let scale = table.scale.as_ref();
        let min = scale
            .and_then(|s| s.min)
            .or_else(|| self.context.configured(|d| d.workload.as_ref().and_then(|w| w.min.as_ref())))
            .map_or_else(|| tracer.constant(TIER_REPLICAS, &[tier.origin()], few), |m| m.map(|m| m.get()));
        let written_max = scale
            .and_then(|s| s.max)
            .or_else(|| self.context.configured(|d| d.workload.as_ref().and_then(|w| w.max.as_ref())));
        let max = written_max.map_or_else(
            || {
                let usual: Traced<u32> = tracer.constant(TIER_REPLICAS, &[tier.origin()], many);
                tracer.derive(SCALE_MAX, (&usual, &min), |(usual, min)| *usual.max(min))
            },
            |m| m.map(|m| m.get()),
        );
        if max.get() <= min.get() {
            return Replicas::Fixed(tracer.derive(SCALE_FIXED, (&min, &max), |(min, _)| *min));
        }
        Replicas::Auto {
            because: tracer.because(SCALE_AUTO, &[max.origin(), min.origin(), self.because, kind.origin()]),
            cpu: scale
                .and_then(|s| s.cpu.as_ref())
                .map_or_else(|| rule(DEFAULT_TARGET, 70u32), |c| c.map(|c| c.get())),
            min,
            max,
        }
    }

    fn route(&self, table: &spec::Workload) -> Option<Route> {
        let route = table.route.as_ref()?;
        let paths = if route.paths.is_empty() {
            vec![self.tracer().constant(DEFAULT_PATHS, &[Origin::spec(route.at)], "/")]
        } else {
            route.paths.iter().map(text_of).collect()
        };
        Some(Route { because: Origin::spec(route.at), host: route.host.clone(), paths })
    }

    fn files(table: &spec::Workload) -> Vec<File> {
        let file = |(_, entry): (&Text, &crate::spec::decode::Entry<MountPath, spec::File>)| File {
            because: Origin::spec(entry.value.at),
            path: text_of(&entry.key),
            text: entry.value.text.clone(),
        };
        table.files.iter().map(file).collect()
    }
}

impl Workload {
    /// The schedule's text, for a workload that has one.
    pub fn schedule_text(&self) -> Option<Traced<Text>> {
        self.schedule.as_ref().map(|s| s.map(|s| Text::from(s.text().into_owned())))
    }
}
