//! Two things at one path of a container, or one inside the other.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::system::names::file_key;
use crate::system::variables::SECRETS_ROOT;
use crate::system::{Container, Service, Workload};
use crate::text::Text;

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
    let (path, key) = (path_of(service, workload), file_key(&second.path));
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
    is_file: bool,
}

fn mounts(workload: &Workload) -> Vec<Mount> {
    let folder = |path: String, what: &str, at| Mount { path, what: what.to_owned(), at, is_file: false };
    let mut all = vec![folder("/tmp".to_owned(), "a writable folder", Origin::rule(crate::origin::WRITABLE))];
    all.extend(
        workload
            .writable
            .iter()
            .map(|p| folder(p.get().as_str().to_owned(), "a writable folder", p.origin())),
    );
    all.extend(workload.secret_folders.iter().map(|secrets| {
        folder(format!("{SECRETS_ROOT}/{}", secrets.name), "a folder of secrets", secrets.because)
    }));
    all.extend(workload.files.iter().map(|file| Mount {
        path: file.path.get().to_string(),
        what: "a file".to_owned(),
        at: file.path.origin(),
        is_file: true,
    }));
    all.extend(workload.volumes.iter().filter_map(|volume| {
        let path = volume.table.mount.as_ref()?;
        let what = format!("the volume `{}`", volume.name.get());
        Some(Mount { path: path.get().as_str().to_owned(), what, at: path.origin(), is_file: false })
    }));
    all
}

/// What a container beside the program mounts.
fn mounts_of(container: &Container) -> Vec<Mount> {
    let mount = |(path, volume): &(Traced<Text>, Traced<Text>)| {
        let what = format!("the volume `{}`", volume.get());
        Mount { path: path.get().to_string(), what, at: path.origin(), is_file: false }
    };
    container.mounts.iter().map(mount).collect()
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
            } else if first.is_file && second.is_file && file_key(&first.path) == file_key(&second.path) {
                found.push(same_key(cx, of, first, second));
            }
        }
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for of in cx.system.workloads() {
        judge(cx, of, &mounts(of.1), found);
        of.1.containers().for_each(|container| judge(cx, of, &mounts_of(container), found));
    }
}
