//! `[workloads.<name>.sidecars.<name>]` and `[workloads.<name>.init.<name>]`: further containers of a pod.

use super::file::File;
use super::health::Health;
use super::id::Id;
use super::mount::Mount;
use super::port::Port;
use super::resources::{CpuLimit, MemoryLimit};
use super::word::Word;
use crate::origin::Traced;
use crate::spec::decode::{List, Map, table};
use crate::spec::env::{EnvFrom, EnvValue};
use crate::value::{Bytes, Cpu, EnvName, ImageRef, MountPath, Name, PortName};

table! {
    /// A further container of a pod: beside the program for as long as it runs, or before it.
    pub struct Container {
        /// Its image.
        image: Option<Traced<ImageRef>> = "the workload's",
        /// Program and its first words, in place of the image's entry point.
        command: List<Word>,
        /// Words behind the command.
        args: List<Word>,
        /// CPU request.
        cpu: Option<Traced<Cpu>> = "`\"100m\"`",
        /// CPU limit.
        cpu_limit: Option<Traced<CpuLimit>> = "four times `cpu`, and at least 1",
        /// Memory request.
        memory: Option<Traced<Bytes>> = "`\"128Mi\"`",
        /// Memory limit.
        memory_limit: Option<Traced<MemoryLimit>> = "`memory`",
        /// Give it what the program has: its variables, those of `env_from`, its secrets and its files.
        inherit: Option<Traced<bool>> = "`false`",
        /// Its variables.
        env: Map<EnvName, EnvValue>,
        /// Variables from the keys of ConfigMaps and Secrets that somebody else makes, by a name of your own.
        env_from: Map<Name, EnvFrom>,
        /// Its files, by absolute path.
        files: Map<MountPath, File>,
        /// Folders that it may write to; they are empty at start and are lost at the end.
        writable: List<MountPath>,
        /// Its ports, by name; those with a `service_port` are in the Service.
        ports: Map<PortName, Port>,
        /// Volumes of the workload that it sees, by path: a volume, or `{ volume = \"data\", sub_path = \"logs\" }`.
        mounts: Map<MountPath, Mount>,
        /// User that it runs as.
        uid: Option<Traced<Id>> = "that of the pod",
        /// Group that it runs as.
        gid: Option<Traced<Id>> = "`uid`",
        /// How its health is asked for; `sidecars` only.
        health: Option<Health>,
        /// Containers of the same table that must have started, or ended, before it.
        after: List<Name> = "in order of their names",
    }
}
