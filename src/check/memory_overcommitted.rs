//! A pod whose folders in memory and processes cannot fit into its memory.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::workload::{Limit, VolumeKind};
use crate::system::{Service, Workload};
use crate::value::{Bytes, Value};

pub(super) const CHECK: Check = check!("memory-overcommitted", Error, One(run));

/// What a process of Python takes with a framework and nothing to do.
const PROCESS: u64 = 48 << 20;

/// Something that takes memory.
struct Part {
    what: String,
    bytes: u64,
    at: Origin,
    is_key: bool,
}

fn parts(workload: &Workload) -> Vec<Part> {
    let folders = workload.volumes.iter().filter(|volume| *volume.kind.get() == VolumeKind::Memory);
    let mut all: Vec<Part> = folders
        .filter_map(|volume| {
            let size = volume.size?;
            let (bytes, is_key) = (size.get().bytes(), volume.table.size.is_none());
            let what = format!("{} in the folder `{}`", size.get().text(), volume.name.get());
            let at = if is_key { Origin::spec(volume.table.at) } else { size.origin() };
            Some(Part { what, bytes, at, is_key })
        })
        .collect();
    if workload.image_is_runtime {
        let processes = *workload.workers.get();
        all.push(Part {
            what: format!("{processes} x 48Mi for the processes"),
            bytes: u64::from(processes) * PROCESS,
            at: workload.workers.origin(),
            is_key: false,
        });
    }
    all
}

fn too_much<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    parts: &[Part],
    (limit, at): (Bytes, Origin),
) -> Finding<'c> {
    let path = path_of(service, workload);
    let sum: u64 = parts.iter().map(|part| part.bytes).sum();
    let mib = sum.div_ceil(1 << 20);
    let title = format!("`{path}` needs {mib} MiB of memory and may have {}", limit.text());
    let mut finding = cx.find(&CHECK, title).at(at, "the most that it gets");
    if cx.node(at).is_none() {
        finding = finding.note(format!("{} is what a workload gets that says nothing", limit.text()));
    }
    for part in parts {
        finding = if part.is_key {
            finding.at_key(part.at, part.what.clone()).also_key(part.at, part.what.clone())
        } else {
            finding.at(part.at, part.what.clone()).also(part.at, part.what.clone())
        };
    }
    let terms: Vec<&str> = parts.iter().map(|part| part.what.as_str()).collect();
    finding
        .note(format!("it is {}, at least", terms.join(" + ")))
        .note("a folder in memory counts as memory of the container that writes to it; above its limit the kernel ends it")
        .help(format!("write `memory = \"{}Mi\"` or more", (mib + 1).next_multiple_of(64)))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let limit = match &workload.memory_limit {
            None => (*workload.memory.get(), workload.memory.origin()),
            Some(limit) => match limit.get() {
                Limit::At(most) => (*most, limit.origin()),
                Limit::None => continue,
            },
        };
        let parts = parts(workload);
        let sum: u64 = parts.iter().map(|part| part.bytes).sum();
        // the program itself needs something too
        if sum >= limit.0.bytes() {
            found.push(too_much(cx, (service, workload), &parts, limit));
        }
    }
}
