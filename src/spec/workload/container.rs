//! `[workloads.<name>.sidecars.<name>]` and `[workloads.<name>.init.<name>]`: further containers of a pod.

use super::health::Health;
use super::port::Port;
use super::resources::{CpuLimit, MemoryLimit};
use crate::origin::Traced;
use crate::spec::decode::{List, Map, table};
use crate::spec::env::EnvValue;
use crate::text::Text;
use crate::value::{Bytes, Cpu, EnvName, ImageRef, MountPath, Name, PortName};

table! {
    /// A further container of a pod: beside the program for as long as it runs, or before it.
    pub struct Container {
        /// Its image.
        image: Option<Traced<ImageRef>> = "the workload's",
        /// Program and its first words, in place of the image's entry point.
        command: List<Text>,
        /// Words behind the command.
        args: List<Text>,
        /// CPU request.
        cpu: Option<Traced<Cpu>> = "`\"100m\"`",
        /// CPU limit.
        cpu_limit: Option<Traced<CpuLimit>> = "four times `cpu`, and at least 1",
        /// Memory request.
        memory: Option<Traced<Bytes>> = "`\"128Mi\"`",
        /// Memory limit.
        memory_limit: Option<Traced<MemoryLimit>> = "`memory`",
        /// Its variables; those of the workload are not for it.
        env: Map<EnvName, EnvValue>,
        /// Its ports, by name; those with a `service_port` are in the Service.
        ports: Map<PortName, Port>,
        /// Volumes of the workload that it sees, by path.
        mounts: Map<MountPath, Traced<Name>>,
        /// How its health is asked for; `sidecars` only.
        health: Option<Health>,
        /// Containers of the same table that must have started, or ended, before it.
        after: List<Name> = "in order of their names",
    }
}
