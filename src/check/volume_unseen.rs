//! A volume, or a part of one, that no container can see.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::Traced;
use crate::system::{Mount, Service, Volume, Workload};
use crate::text::Text;

pub(super) const CHECK: Check = check!("volume-unseen", Error, One(run));

fn nowhere<'c>(cx: &'c Context<'c>, path: &str, volume: &Volume) -> Finding<'c> {
    let name = volume.name.get();
    cx.find(&CHECK, format!("no container sees `{path}`"))
        .at_key(volume.because, "no `mount`, and in no container's `mounts`")
        .note("the pod would wait for something that nobody uses")
        .help(format!("write `mount = \"/path\"`, or `mounts = {{ \"/path\" = \"{name}\" }}` in a container"))
}

fn outside<'c>(cx: &'c Context<'c>, path: &str, sub_path: &Traced<Text>) -> Finding<'c> {
    cx.find(&CHECK, format!("`sub_path` of `{path}` leads out of the volume"))
        .at(sub_path.origin(), "not a part of the volume")
        .note("the API refuses it")
        .help("write a relative path without `..`")
}

fn unmounted<'c>(cx: &'c Context<'c>, path: &str, sub_path: &Traced<Text>) -> Finding<'c> {
    cx.find(&CHECK, format!("`sub_path` of `{path}` is a part that nobody sees"))
        .at_key(sub_path.origin(), "read by nothing")
        .note("it is about the program's `mount`; the `mounts` of other containers show the whole volume")
        .help("write `mount` as well, or delete `sub_path`")
}

/// Whether a path stays in its volume (Kubernetes API, `VolumeMount.subPath`).
fn stays(path: &str) -> bool {
    !path.is_empty() && !path.starts_with('/') && path.split('/').all(|part| part != "..")
}

fn judge(cx: &Context<'_>, (service, workload): (&Service, &Workload), volume: &Volume, found: &mut Found) {
    let path = format!("{}.volumes.{}", path_of(service, workload), volume.name.get());
    let is_volume = |mount: &Mount| mount.volume.get() == volume.name.get();
    let is_mounted = volume.table.mount.is_some();
    let mounts = || workload.mounts.iter().chain(workload.containers().flat_map(|c| &c.mounts));
    // a mount of a volume that there is not may mean this one: another check asks
    let is_known = |mount: &Mount| workload.volumes.iter().any(|v| v.name.get() == mount.volume.get());
    if !is_mounted && mounts().all(|mount| is_known(mount) && !is_volume(mount)) {
        return found.push(nowhere(cx, &path, volume));
    }
    match &volume.table.sub_path {
        Some(sub_path) if !stays(sub_path.get()) => found.push(outside(cx, &path, sub_path)),
        Some(sub_path) if !is_mounted => found.push(unmounted(cx, &path, sub_path)),
        _ => {}
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for of in cx.system.workloads() {
        of.1.volumes.iter().for_each(|volume| judge(cx, of, volume, found));
        for mount in of.1.mounts.iter().chain(of.1.containers().flat_map(|c| &c.mounts)) {
            if let Some(sub_path) = mount.sub_path.as_ref().filter(|path| !stays(path.get())) {
                let path = format!("{}.mounts.\"{}\"", path_of(of.0, of.1), mount.path.get());
                found.push(outside(cx, &path, sub_path));
            }
        }
    }
}
