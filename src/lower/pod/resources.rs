//! Requests and limits of containers.

use crate::k8s::{Amounts, ResizePolicy, ResizeRestart, Resources};
use crate::lower::{Cx, amount};
use crate::origin::{CPU_LIMIT, EPHEMERAL, MEMORY_LIMIT, Origin, RESIZE, Traced, WRITABLE, rule};
use crate::spec::workload::{CpuLimit, Limit, MemoryLimit, Resize, VolumeKind};
use crate::system::{Container, Workload};
use crate::text::Text;
use crate::value::{Bytes, Cpu, Value};
use crate::walk::Items;

/// Size of `/tmp`.
pub(super) const TMP: u64 = 64 << 20;
/// Size of each other writable folder.
pub(super) const WRITABLE_FOLDER: u64 = 256 << 20;
/// What a container may write besides its folders, to its logs for one.
const BASE: u64 = 512 << 20;

pub(super) fn of_workload(cx: &Cx<'_>, workload: &Workload) -> Resources {
    let limit = workload.ephemeral_storage.unwrap_or_else(|| {
        let at = workload.writable.at.map_or(Origin::rule(WRITABLE), Origin::spec);
        let folders = Traced::because(workload.writable.items.len(), at);
        let tmp = workload.own_tmp().map_or_else(
            || Traced::because(TMP, workload.tmp_because(cx.tracer)),
            |own| Traced::because(0, own),
        );
        let mut limit = cx.tracer.derive(EPHEMERAL, (&folders, &tmp), |(folders, tmp)| {
            Bytes::from_bytes(BASE + tmp + *folders as u64 * WRITABLE_FOLDER)
        });
        for volume in &workload.volumes {
            let none = volume.kind.map(|_| Bytes::from_bytes(0));
            let size = volume.size.filter(|_| *volume.kind.get() == VolumeKind::Empty).unwrap_or(none);
            limit = cx.tracer.derive(EPHEMERAL, (&limit, &volume.kind, &size), |(limit, _, size)| {
                Bytes::from_bytes(limit.bytes().saturating_add(size.bytes()))
            });
        }
        limit
    });
    let mut resources = sized(cx, &workload.cpu, &workload.memory, &limit);
    limit_as_written(&mut resources, workload.cpu_limit.as_ref(), workload.memory_limit.as_ref());
    resources
}

/// What a change means for a container that runs: more CPU is there at once, while few programs notice more memory.
pub(super) fn resize(workload: &Workload) -> Items<ResizePolicy> {
    let mut all = Items::default();
    if *workload.resize.get() != Resize::InPlace {
        return all;
    }
    let because = workload.resize.origin();
    for (resource, restart) in
        [("cpu", ResizeRestart::NotRequired), ("memory", ResizeRestart::RestartContainer)]
    {
        let policy =
            ResizePolicy { resource_name: rule(RESIZE, resource), restart_policy: rule(RESIZE, restart) };
        all.push(resource, because, policy);
    }
    all
}

pub(super) fn of_container(cx: &Cx<'_>, container: &Container) -> Resources {
    let at = container.writable.at.map_or(Origin::rule(EPHEMERAL), Origin::spec);
    let folders = Traced::because(container.writable.items.len(), at);
    let limit = cx.tracer.derive(EPHEMERAL, (&folders,), |(folders,)| {
        Bytes::from_bytes(BASE + *folders as u64 * WRITABLE_FOLDER)
    });
    let mut resources = sized(cx, &container.cpu, &container.memory, &limit);
    limit_as_written(&mut resources, container.cpu_limit.as_ref(), container.memory_limit.as_ref());
    resources
}

fn limit_as_written(
    resources: &mut Resources,
    cpu: Option<&Traced<CpuLimit>>,
    memory: Option<&Traced<MemoryLimit>>,
) {
    fn text<T: Value>(limit: &Traced<Limit<T>>) -> Option<Traced<Text>> {
        match limit.get() {
            Limit::At(at) => Some(Traced::because(Text::from(at.text().into_owned()), limit.origin())),
            Limit::None => None,
        }
    }
    if let Some(limit) = cpu {
        resources.limits.cpu = text(limit);
    }
    if let Some(limit) = memory {
        resources.limits.memory = text(limit);
    }
}

/// Requests and limits from the request of CPU, of memory, and the limit of ephemeral storage.
pub(in crate::lower) fn sized(
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
pub(in crate::lower) fn compute(cx: &Cx<'_>, cpu: &Traced<Cpu>, memory: &Traced<Bytes>) -> Resources {
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
