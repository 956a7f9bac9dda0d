//! `[workloads.<name>]`: what runs.

mod call;
mod container;
mod file;
mod health;
mod hook;
mod id;
mod mount;
mod pod;
mod port;
mod resources;
mod rollout;
mod route;
mod scale;
mod security;
mod server;
mod service;
mod volume;
mod word;

pub use call::Calls;
pub use container::Container;
pub use file::File;
pub use health::{Health, OutsideAlert, OutsideCheck, ProbeKind, Status, Times, Timing};
pub use hook::Hook;
pub use id::Id;
pub use mount::{Mount, PartOfVolume};
pub use pod::*;
pub use port::{Port, PortTls, Transport};
pub use resources::{CpuLimit, Limit, MemoryLimit};
pub use rollout::*;
pub use route::*;
pub use scale::*;
pub use security::{Capability, PodLevel, Security};
pub use server::{Server, ServerKind, Threads};
pub use service::*;
pub use volume::{AccessMode, Volume, VolumeKind};
pub use word::Word;

use super::PortNumber;
use super::data::DataClass;
use super::decode::{Count, List, Map, choices, table};
use super::edge::EdgeRef;
use super::env::{EnvFrom, EnvValue};
use super::kubernetes::Patch;
use crate::origin::Traced;
use crate::text::Text;
use crate::value::{
    Bytes, Cpu, Cron, Duration, EnvName, ImageRef, LabelKey, LabelValue, MountPath, Name, PortName, TimeZone,
};

choices! {
    /// How a workload runs.
    pub enum WorkloadKind {
        /// Serves HTTP: a Deployment with a Service.
        Http = "http",
        /// Runs without being called: a Deployment without a Service.
        Worker = "worker",
        /// Runs on a schedule: a CronJob.
        Cron = "cron",
        /// Serves gRPC: a Deployment with a Service.
        Grpc = "grpc",
        /// Runs once for each version: a Job.
        Job = "job",
        /// Serves from disks of its own: a `StatefulSet` with a headless Service.
        Stateful = "stateful",
        /// Runs on every node: a `DaemonSet`.
        Daemon = "daemon",
    }

    /// How secrets reach a program.
    pub enum SecretDelivery {
        /// As files under `/run/secrets`.
        Files = "files",
        /// As variables; visible to child processes and in crash dumps.
        Env = "env",
    }
}

/// Processes in a pod: 1 to 64.
pub type Workers = Count<1, 64>;

table! {
    /// What runs.
    pub struct Workload {
        /// How it runs.
        kind: Option<Traced<WorkloadKind>> = "`\"http\"`",
        /// Image, for a workload that has another one than its service.
        image: Option<Traced<ImageRef>>,
        /// Program and its first words, in place of the image's entry point; a word with an output in it is `{ format = \"--to={services.mail.api.address}\" }`.
        command: List<Word>,
        /// Words behind the command.
        args: List<Word>,
        /// Port that it serves on; of a worker, for health and metrics only.
        port: Option<Traced<PortNumber>> = "`8000` for `http`, `50051` for `grpc`",
        /// Further ports, by name.
        ports: Map<PortName, Port>,
        /// Processes of the program in a pod; uvicorn starts as many.
        workers: Option<Traced<Workers>> = "1",
        /// Settings of the server of a Python application that has no command.
        server: Option<Server>,
        /// CPU request.
        cpu: Option<Traced<Cpu>> = "`\"250m\"`",
        /// CPU limit.
        cpu_limit: Option<Traced<CpuLimit>> = "four times `cpu`, and at least 1",
        /// Memory request.
        memory: Option<Traced<Bytes>> = "`\"512Mi\"`",
        /// Memory limit.
        memory_limit: Option<Traced<MemoryLimit>> = "`memory`",
        /// Limit of what it writes to the node's disk; the request is a quarter of it.
        ephemeral_storage: Option<Traced<Bytes>> = "512Mi and the sizes of the writable folders",
        /// Variables: a value, `{ from = \"output\" }`, `{ format = \"text with {output}\" }` or `{ field = \"status.podIP\" }`.
        env: Map<EnvName, EnvValue>,
        /// Variables from the keys of ConfigMaps and Secrets that somebody else makes, by a name of your own.
        env_from: Map<Name, EnvFrom>,
        /// Files, by absolute path.
        files: Map<MountPath, File>,
        /// How secrets reach it.
        secrets: Option<Traced<SecretDelivery>> = "`\"files\"`",
        /// How sensitive what it works with is.
        class: Option<Traced<DataClass>> = "that of `[data]`",
        /// What it reaches: `databases.main`, `caches.hot`, `externals.mail`, `secrets.signing`, `workloads.worker`, `services.payments.api`.
        uses: List<EdgeRef>,
        /// How patiently it calls other workloads, by what `uses` says of them: `\"services.payments.api\"`.
        calls: Map<EdgeRef, Calls>,
        /// How its health is asked for.
        health: Option<Health>,
        /// The longest request that it promises to finish.
        timeout: Option<Traced<Duration>> = "`\"30s\"`",
        /// Time to finish work after it was told to stop.
        drain: Option<Traced<Duration>> = "`timeout` for `http`, else `\"30s\"`",
        /// What happens before the process is told to stop.
        pre_stop: Option<Hook> = "a wait of 5 s, for kinds that serve",
        /// What happens beside the start of the process.
        post_start: Option<Hook>,
        /// Fixed number of pods.
        replicas: Option<Traced<ReplicaCount>>,
        /// Bounds and targets of the autoscaler.
        scale: Option<Scale>,
        /// Settings of its Service.
        service: Option<ServiceSettings>,
        /// Further Services, by a name that is added to the workload's.
        services: Map<Name, ServiceSettings>,
        /// Where it is reached from outside.
        route: Option<Route>,
        /// Further ways in from outside, by name.
        routes: Map<Name, Route>,
        /// Folders that it may write to; they are empty at start and are lost at the end. `/tmp` is always one.
        writable: List<MountPath>,
        /// Folders that outlive a container, or come from elsewhere.
        volumes: Map<Name, Volume>,
        /// Further places where the program sees volumes, by path: a volume, or `{ volume = \"data\", sub_path = \"logs\" }`.
        mounts: Map<MountPath, Mount>,
        /// Containers that run beside the program.
        sidecars: Map<Name, Container>,
        /// Containers that run to their end before the program starts.
        init: Map<Name, Container>,
        /// Labels of the object that runs it, such as its Deployment; those of its pods stand in `pod`.
        labels: Map<LabelKey, Traced<LabelValue>>,
        /// Annotations of the object that runs it.
        annotations: Map<LabelKey, Traced<Text>>,
        /// How and where its pods run.
        pod: Option<Pod>,
        /// How a new version replaces the old one.
        rollout: Option<Traced<Rollout>> = "`\"rolling\"`",
        /// Settings of the rolling replacement.
        rolling: Option<Rolling>,
        /// What only `stateful` workloads have.
        stateful: Option<Stateful>,
        /// What only `job` and `cron` have.
        run: Option<Run>,
        /// Whether a `VerticalPodAutoscaler` watches it.
        resize: Option<Traced<Resize>> = "`\"off\"`",
        /// Bounds of that autoscaler.
        resize_bounds: Option<ResizeBounds>,
        /// When it runs: five fields of cron; `cron` only.
        schedule: Option<Traced<Cron>>,
        /// Time zone of the schedule.
        timezone: Option<Traced<TimeZone>> = "`\"Etc/UTC\"`",
        /// Longest time that one run may take; `cron` only.
        deadline: Option<Traced<Duration>> = "`\"1h\"`",
        /// Fields of its objects as the API has them, by the name of the object's file: `deployment`, `service`.
        kubernetes: Map<Name, Patch>,
    }
}
