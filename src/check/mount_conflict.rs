//! Two things at one path of a container, or one inside the other.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::system::variables::SECRETS_ROOT;
use crate::system::workload::{File, TMP};
use crate::system::{self, Container, Service, Workload};
use crate::text::Text;
use crate::value::MountPath;

pub(super) const CHECK: Check = check!("mount-conflict", Error, One(run));

fn conflict<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    outer: &Mount,
    inner: &Mount,
) -> Finding<'c> {
    let path = path_of(service, workload);
    let title = if outer.path == inner.path {
        format!("`{path}` mounts two things at `{}`", inner.path)
    } else {
        format!("`{path}` mounts `{}` inside of `{}`", inner.path, outer.path)
    };
    let finding = cx
        .find(&CHECK, title)
        .at_key(inner.at, inner.what.clone())
        .at_key(outer.at, outer.what.clone())
        .also_key(outer.at, outer.what.clone());
    let finding = match cx.node(outer.at) {
        Some(_) => finding,
        None => finding.note(format!("`{}` is {} in every pod", outer.path, outer.what)),
    };
    finding
        .note("one mount hides the other, and the pod may not start")
        .help("choose another path for one of them")
}

fn same_key<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    first: &Mount,
    second: &Mount,
) -> Finding<'c> {
    let (path, key) = (path_of(service, workload), second.key.as_ref().map_or("", Text::as_str));
    let title = format!("two files of `{path}` would both be kept under `{key}`");
    cx.find(&CHECK, title)
        .at_key(second.at, format!("becomes the key `{key}` of a ConfigMap"))
        .also_key(first.at, "becomes the same key")
        .note("keys of a ConfigMap have no folders, so `/` turns into `-`")
        .help("rename one of the files")
}

struct Mount {
    path: String,
    what: String,
    at: Origin,
    /// the key of a file in the ConfigMap
    key: Option<Text>,
}

fn mounts(workload: &Workload) -> Vec<Mount> {
    let folder = |path: String, what: &str, at| Mount { path, what: what.to_owned(), at, key: None };
    let mut all = Vec::new();
    if workload.own_tmp().is_none() {
        all.push(folder(TMP.to_owned(), "a writable folder", Origin::rule(crate::origin::WRITABLE)));
    }
    all.extend(
        workload
            .writable
            .iter()
            .map(|p| folder(p.get().as_str().to_owned(), "a writable folder", p.origin())),
    );
    all.extend(workload.secret_folders.iter().map(|secrets| {
        folder(format!("{SECRETS_ROOT}/{}", secrets.name), "a folder of secrets", secrets.because)
    }));
    all.extend(certificates(workload).map(|(path, at)| folder(path, "a folder of certificates", at)));
    all.extend(workload.files.iter().map(of_file));
    all.extend(workload.volumes.iter().filter_map(|volume| {
        let path = volume.table.mount.as_ref()?;
        let what = format!("the volume `{}`", volume.name.get());
        Some(Mount { path: path.get().as_str().to_owned(), what, at: path.origin(), key: None })
    }));
    all.extend(workload.mounts.iter().map(of_volume));
    all
}

/// The folders of certificates, which are there because of an edge.
fn certificates(workload: &Workload) -> impl Iterator<Item = (String, Origin)> {
    let folders = workload.certificate_folders.iter();
    folders.map(|of| (format!("{SECRETS_ROOT}/{}", of.certificates.folder.get()), of.because))
}

fn of_file(file: &File) -> Mount {
    Mount {
        path: file.path.get().to_string(),
        what: "a file".to_owned(),
        at: file.path.origin(),
        key: Some(file.key.get().clone()),
    }
}

fn of_volume(mount: &system::Mount) -> Mount {
    let what = format!("the volume `{}`", mount.volume.get());
    Mount { path: mount.path.get().to_string(), what, at: mount.path.origin(), key: None }
}

/// What a container beside the program mounts.
fn mounts_of(workload: &Workload, container: &Container) -> Vec<Mount> {
    let mut all: Vec<Mount> = container.mounts.iter().map(of_volume).collect();
    let writable = |path: &Traced<MountPath>| Mount {
        path: path.get().as_str().to_owned(),
        what: "a writable folder".to_owned(),
        at: path.origin(),
        key: None,
    };
    all.extend(container.writable.iter().map(writable));
    all.extend(container.files.iter().map(of_file));
    if let Some(inherits) = container.inherits() {
        all.extend(workload.secret_folders.iter().map(|secrets| Mount {
            path: format!("{SECRETS_ROOT}/{}", secrets.name),
            what: "a folder of secrets of the program".to_owned(),
            at: inherits,
            key: None,
        }));
        all.extend(certificates(workload).map(|(path, _)| Mount {
            path,
            what: "a folder of certificates of the program".to_owned(),
            at: inherits,
            key: None,
        }));
        let is_own = |file: &&File| !container.files.iter().any(|own| own.path.get() == file.path.get());
        all.extend(workload.files.iter().filter(is_own).map(of_file));
    }
    all
}

/// Whether `inner` is `outer` or lies in it.
fn covers(outer: &Mount, inner: &Mount) -> bool {
    inner.path.strip_prefix(&outer.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn judge(cx: &Context<'_>, of: (&Service, &Workload), mounts: &[Mount], found: &mut Found) {
    for (index, second) in mounts.iter().enumerate() {
        for first in mounts.iter().take(index) {
            if covers(first, second) {
                found.push(conflict(cx, of, first, second));
            } else if covers(second, first) {
                found.push(conflict(cx, of, second, first));
            }
        }
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for of in cx.system.workloads() {
        judge(cx, of, &mounts(of.1), found);
        of.1.containers().for_each(|container| judge(cx, of, &mounts_of(of.1, container), found));
        let files: Vec<Mount> = of.1.all_files().map(of_file).collect();
        for (index, second) in files.iter().enumerate() {
            for first in files.iter().take(index).filter(|first| first.key == second.key) {
                found.push(same_key(cx, of, first, second));
            }
        }
    }
}
