//! A name that is longer than the cluster takes, computed on what is written out.

use std::collections::BTreeSet;

use super::context::{Finding, path_of};
use super::derived::{self, Derived, LABEL};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::system::{Service, Workload};

pub(super) const CHECK: Check = check!("name-too-long", Error, One(run));

/// The longest key of a ConfigMap.
const KEY: usize = 253;

fn characters(count: usize) -> String {
    if count == 1 { "1 character".to_owned() } else { format!("{count} characters") }
}

fn too_long<'c>(cx: &'c Context<'c>, derived: &Derived<'_>) -> Finding<'c> {
    let (length, limit) = (derived.name.len(), derived.limit);
    let title = format!("`{}` becomes a name of {length} characters, at most {limit} fit", derived.of());
    cx.find(&CHECK, title)
        .at_key(derived.at, format!("becomes `{}`", derived.name))
        .at(derived.service.name.origin(), format!("becomes `{}`", derived.name))
        .also(derived.service.name.origin(), "the service's name is a part of it")
        .note(derived.why)
        .note("names are never cut off, since two long ones could then become the same")
        .help(format!("shorten the two parts by {}", characters(length - limit)))
}

fn volume_too_long<'c>(cx: &'c Context<'c>, at: Origin, of: &str, name: &str) -> Finding<'c> {
    let title =
        format!("the volume for the secrets that `{of}` uses needs a name of {} characters", name.len());
    cx.find(&CHECK, title)
        .at(at, format!("becomes the volume `{name}`"))
        .note(format!("names of volumes have at most {LABEL} characters"))
        .help(format!("shorten the name of what is used by {}", characters(name.len() - LABEL)))
}

fn key_too_long<'c>(cx: &'c Context<'c>, at: Origin, of: &str, length: usize) -> Finding<'c> {
    cx.find(&CHECK, format!("the path of a file of `{of}` has {length} characters, at most {KEY} fit"))
        .at_key(at, "becomes a key of a ConfigMap")
        .help("choose a shorter path")
}

fn of_pod(cx: &Context<'_>, service: &Service, workload: &Workload, found: &mut Found) {
    let of = path_of(service, workload);
    for folder in &workload.secret_folders {
        let name = format!("secrets-{}", folder.name);
        if name.len() > LABEL {
            found.push(volume_too_long(cx, folder.because, &of, &name));
        }
    }
    for folder in &workload.certificate_folders {
        let name = folder.certificates.folder.get();
        if name.len() > LABEL {
            found.push(volume_too_long(cx, folder.because, &of, name));
        }
    }
    for file in workload.all_files() {
        let length = file.key.get().len();
        if length > KEY {
            found.push(key_too_long(cx, file.path.origin(), &of, length));
        }
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    let names = derived::names(cx);
    let mut longer: Vec<&Derived<'_>> =
        names.iter().filter(|derived| derived.name.len() > derived.limit).collect();
    // of the shards of a database the longest name says it for all
    longer.sort_by_key(|derived| std::cmp::Reverse(derived.name.len()));
    let mut told = BTreeSet::new();
    for derived in longer {
        let (nouns, name) = derived.noun;
        if nouns != "databases" || told.insert((&derived.service.stem, name, derived.limit)) {
            found.push(too_long(cx, derived));
        }
    }
    for (service, workload) in cx.system.workloads() {
        of_pod(cx, service, workload, found);
    }
}
