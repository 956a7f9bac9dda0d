//! The containers beside a program, and those before it.

use crate::origin::{DEFAULT_SIDECAR, Origin, Traced, rule};
use crate::spec::decode::{Entry, Map};
use crate::spec::env::EnvValue;
use crate::spec::workload::{self as spec, CpuLimit, MemoryLimit};
use crate::system::image::Image;
use crate::system::{Variable, text_of};
use crate::text::Text;
use crate::value::{Bytes, Cpu, EnvName, Name};

use super::health::Asked;
use super::{Health, Port, Unset, ports};

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
    pub command: Vec<Traced<Text>>,
    /// words behind the command
    pub args: Vec<Traced<Text>>,
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
    /// variables as written
    pub env: Map<EnvName, EnvValue>,
    /// variables in order
    pub variables: Vec<Variable>,
    /// path and name of the volumes that it sees
    pub mounts: Vec<(Traced<Text>, Traced<Text>)>,
    /// how its health is asked for, or why it is not
    pub health: Result<Health, Origin>,
    /// names of containers that come before it
    pub after: Vec<Traced<Text>>,
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
            command: table.command.items.clone(),
            args: table.args.items.clone(),
            cpu: table.cpu.unwrap_or_else(|| rule(DEFAULT_SIDECAR, Cpu::from_millis(100))),
            cpu_limit: table.cpu_limit,
            memory: table.memory.unwrap_or_else(|| rule(DEFAULT_SIDECAR, Bytes::from_bytes(128 << 20))),
            memory_limit: table.memory_limit,
            env: table.env.clone(),
            variables: Vec::new(),
            mounts: table.mounts.iter().map(|(_, m)| (text_of(&m.key), text_of(&m.value))).collect(),
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
