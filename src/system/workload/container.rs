//! The containers beside a program, and those before it.

use crate::origin::{DEFAULT_SIDECAR, Origin, Traced, rule};
use crate::spec::decode::{Entry, List, Map};
use crate::spec::env::{EnvFrom, EnvValue};
use crate::spec::workload::{self as spec, CpuLimit, MemoryLimit};
use crate::system::image::Image;
use crate::system::{Variable, text_of};
use crate::text::Text;
use crate::value::{Bytes, Cpu, EnvName, MountPath, Name};

use super::health::Asked;
use super::{File, Health, Mount, Port, Unset, Word, command, files, ports, volume};

/// A sidecar or an init container.
#[derive(Debug)]
pub struct Container {
    /// its name
    pub name: Traced<Text>,
    /// why it is there
    pub because: Origin,
    /// what runs
    pub image: Image,
    /// program and its words
    pub command: Vec<Word>,
    /// words behind the command
    pub args: Vec<Word>,
    /// ports
    pub ports: Vec<Port>,
    /// CPU request
    pub cpu: Traced<Cpu>,
    /// CPU limit, if it is not the usual one
    pub cpu_limit: Option<Traced<CpuLimit>>,
    /// memory request
    pub memory: Traced<Bytes>,
    /// memory limit, if it is not the request
    pub memory_limit: Option<Traced<MemoryLimit>>,
    /// whether it has what the program has
    pub inherit: Option<Traced<bool>>,
    /// variables as written
    pub env: Map<EnvName, EnvValue>,
    /// objects whose keys are variables
    pub env_from: Map<Name, EnvFrom>,
    /// files, by path
    pub files: Vec<File>,
    /// folders that it may write to
    pub writable: List<MountPath>,
    /// variables in order
    pub variables: Vec<Variable>,
    /// the volumes that it sees
    pub mounts: Vec<Mount>,
    /// user that it runs as, if it is another than the pod's
    pub uid: Option<Traced<spec::Id>>,
    /// group that it runs as, if it is another than the pod's
    pub gid: Option<Traced<spec::Id>>,
    /// how its health is asked for, or why it is not
    pub health: Result<Health, Origin>,
    /// names of containers that come before it
    pub after: Vec<Traced<Text>>,
}

impl Container {
    /// Where it says that it has what the program has, if it does.
    pub fn inherits(&self) -> Option<Origin> {
        self.inherit.filter(|inherit| *inherit.get()).map(|inherit| inherit.origin())
    }
}

impl Unset<'_> {
    /// The containers of a table, each after those that it names.
    pub(super) fn containers(
        &self,
        table: &Map<Name, spec::Container>,
        workload: &spec::Workload,
    ) -> Vec<Container> {
        ordered(table.iter().map(|(_, entry)| self.container(entry, workload)).collect())
    }

    fn container(&self, entry: &Entry<Name, spec::Container>, workload: &spec::Workload) -> Container {
        let (table, tracer) = (&entry.value, self.tracer());
        let because = Origin::spec(table.at);
        let image = match &table.image {
            Some(image) => Image::of_reference(image, self.context.images, tracer),
            None => self.image(workload).0,
        };
        let ports = ports::further(&table.ports, tracer);
        let asked =
            Asked { tracer, because, written: table.health.as_ref(), usual: None, port: ports.first() };
        Container {
            name: text_of(&entry.key),
            because,
            image,
            command: command::words(&table.command),
            args: command::words(&table.args),
            cpu: table.cpu.unwrap_or_else(|| rule(DEFAULT_SIDECAR, Cpu::from_millis(100))),
            cpu_limit: table.cpu_limit,
            memory: table.memory.unwrap_or_else(|| rule(DEFAULT_SIDECAR, Bytes::from_bytes(128 << 20))),
            memory_limit: table.memory_limit,
            inherit: table.inherit,
            env: table.env.clone(),
            env_from: table.env_from.clone(),
            files: files::of(&table.files, Some(&text_of(&entry.key)), (self.context.attached, tracer)),
            writable: table.writable.clone(),
            variables: Vec::new(),
            mounts: volume::mounts(&table.mounts),
            uid: table.uid,
            gid: table.gid,
            health: asked.resolve(),
            after: table.after.iter().map(text_of).collect(),
            ports,
        }
    }
}

/// In order of names, but none before those that it names; what waits for itself keeps its place, and a check reports it.
fn ordered(mut waiting: Vec<Container>) -> Vec<Container> {
    let mut done: Vec<Container> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let is_waiting = |name: &Text, all: &[Container]| all.iter().any(|c| c.name.get() == name);
        let free = waiting.iter().position(|c| !c.after.iter().any(|name| is_waiting(name.get(), &waiting)));
        done.push(waiting.remove(free.unwrap_or(0)));
    }
    done
}
