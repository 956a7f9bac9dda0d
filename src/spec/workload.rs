//! `[workloads.<name>]`: what runs.

mod file;
mod health;
mod port;
mod route;
mod scale;

pub use file::File;
pub use health::Health;
pub use port::{Port, Transport};
pub use route::Route;
pub use scale::{Percent, ReplicaCount, Scale};

use super::PortNumber;
use super::decode::{List, Map, choices, table};
use super::edge::EdgeRef;
use super::env::EnvValue;
use crate::origin::Traced;
use crate::text::Text;
use crate::value::{Bytes, Cpu, Cron, Duration, EnvName, ImageRef, MountPath, PortName, TimeZone};

choices! {
    /// How a workload runs.
    pub enum WorkloadKind {
        /// Serves HTTP: a Deployment with a Service.
        Http = "http",
        /// Runs without being called: a Deployment without a Service.
        Worker = "worker",
        /// Runs on a schedule: a CronJob.
        Cron = "cron",
    }

    /// How secrets reach a program.
    pub enum SecretDelivery {
        /// As files under `/run/secrets`.
        Files = "files",
        /// As variables; visible to child processes and in crash dumps.
        Env = "env",
    }
}

table! {
    /// What runs.
    pub struct Workload {
        /// How it runs.
        kind: Option<Traced<WorkloadKind>> = "`\"http\"`",
        /// Image, for a workload that has another one than its service.
        image: Option<Traced<ImageRef>>,
        /// Program and its first words, in place of the image's entry point.
        command: List<Text>,
        /// Words behind the command.
        args: List<Text>,
        /// Port that it serves HTTP on; of a worker, for health and metrics only.
        port: Option<Traced<PortNumber>> = "`8000` for `http`",
        /// Further ports, by name.
        ports: Map<PortName, Port>,
        /// CPU request; the limit is four times as much, and at least 1.
        cpu: Option<Traced<Cpu>> = "`\"250m\"`",
        /// Memory request, which is also the limit.
        memory: Option<Traced<Bytes>> = "`\"512Mi\"`",
        /// Variables: a value, `{ from = \"output\" }`, `{ format = \"text with {output}\" }` or `{ field = \"status.podIP\" }`.
        env: Map<EnvName, EnvValue>,
        /// Files, by absolute path.
        files: Map<MountPath, File>,
        /// How secrets reach it.
        secrets: Option<Traced<SecretDelivery>> = "`\"files\"`",
        /// What it reaches: `databases.main`, `caches.hot`, `externals.mail`, `secrets.signing`, `workloads.worker`, `services.payments.api`.
        uses: List<EdgeRef>,
        /// How its health is asked for.
        health: Option<Health>,
        /// The longest request that it promises to finish.
        timeout: Option<Traced<Duration>> = "`\"30s\"`",
        /// Time to finish work after it was told to stop.
        drain: Option<Traced<Duration>> = "`timeout` for `http`, else `\"30s\"`",
        /// Fixed number of pods.
        replicas: Option<Traced<ReplicaCount>>,
        /// Bounds and targets of the autoscaler.
        scale: Option<Scale>,
        /// Where it is reached from outside.
        route: Option<Route>,
        /// Folders that it may write to; they are empty at start and are lost at the end. `/tmp` is always one.
        writable: List<MountPath>,
        /// When it runs: five fields of cron; `cron` only.
        schedule: Option<Traced<Cron>>,
        /// Time zone of the schedule.
        timezone: Option<Traced<TimeZone>> = "`\"Etc/UTC\"`",
        /// Longest time that one run may take; `cron` only.
        deadline: Option<Traced<Duration>> = "`\"1h\"`",
    }
}
