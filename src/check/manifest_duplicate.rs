//! An object that is taken along and takes the place of another.

use super::context::Finding;
use super::made::{Made, MadeObject, pod_path};
use super::{Check, Context, Found};
use crate::api;
use crate::origin::Origin;
use crate::system::System;
use crate::text::Text;
use crate::walk::Part;

pub(super) const CHECK: Check = check!("manifest-duplicate", Error, Made(run));

/// The label that every selector of specc uses.
const NAME: &str = "app.kubernetes.io/name";

fn twice<'c>(cx: &'c Context<'c>, object: &MadeObject, other: &MadeObject) -> Finding<'c> {
    let (kind, name) = (&object.kind, &object.name);
    let place = object.namespace.as_ref().map_or(String::new(), |namespace| format!(" in `{namespace}`"));
    let finding = cx
        .find(&CHECK, format!("there are two objects `{kind}/{name}`{place}"))
        .at(name_of(object), "taken along")
        .note("the cluster keeps the one that is applied last, and nobody can say which that is");
    if other.written.as_ref().is_some_and(|contents| contents.own.is_none()) {
        finding.also(name_of(other), "the same once more").help("delete one of them, or rename it")
    } else {
        finding
            .also_key(other.because, "specc makes the other one from this")
            .help("delete it from the manifest: specc makes one; or rename it if both are meant")
    }
}

fn selected<'c>(cx: &'c Context<'c>, object: &MadeObject, label: &Part, whose: &str) -> Finding<'c> {
    let (kind, name) = (&object.kind, &object.name);
    cx.find(&CHECK, format!("the pods of `{kind}/{name}` would be taken for those of `{whose}`"))
        .at(label.origin().unwrap_or(object.because), "the label by which specc finds its own pods")
        .note("its Services would send requests to them, and its network policies would open them")
        .help(format!("give them another `{NAME}`"))
}

/// Where an object's name is written.
fn name_of(object: &MadeObject) -> Origin {
    let name = object.written.as_ref().and_then(|contents| contents.whole.at(&["metadata", "name"]));
    name.and_then(Part::origin).unwrap_or(object.because)
}

/// Whose pods have this label in that namespace.
fn owner(system: &System, namespace: Option<&Text>, label: &Text) -> Option<String> {
    let here = system.services.iter().filter(|service| Some(service.namespace.get()) == namespace);
    here.flat_map(|service| {
        let workloads = service.workloads.iter().map(|w| ("workloads", &w.name, &w.object));
        let databases = service.databases.iter().map(|d| ("databases", &d.name, &d.object));
        let caches = service.caches.iter().map(|c| ("caches", &c.name, &c.object));
        let all = workloads.chain(databases).chain(caches);
        all.map(|(nouns, name, object)| {
            (super::context::noun(service, nouns, name.get()), object.get().clone())
        })
        .collect::<Vec<_>>()
    })
    .find(|(_, object)| object == label)
    .map(|(path, _)| path)
}

fn run(cx: &Context<'_>, made: &Made, found: &mut Found) {
    for (index, object) in made.objects.iter().enumerate() {
        let Some(contents) = object.written.as_ref().filter(|contents| contents.own.is_none()) else {
            continue;
        };
        let is_same = |(at, other): &(usize, &MadeObject)| {
            let earlier = *at < index || other.written.as_ref().is_none_or(|c| c.own.is_some());
            *at != index
                && earlier
                && (&other.kind, &other.name, &other.namespace)
                    == (&object.kind, &object.name, &object.namespace)
                && api::group(&other.api_version) == api::group(&object.api_version)
        };
        if let Some((_, other)) = made.objects.iter().enumerate().find(is_same) {
            found.push(twice(cx, object, other));
        }
        let Some(template) = pod_path(&object.kind).and_then(|path| path.split_last()).map(|(_, path)| path)
        else {
            continue;
        };
        let label = contents.whole.at(&[template, &["metadata", "labels", NAME]].concat());
        let whose =
            label.and_then(Part::text).and_then(|text| owner(cx.system, object.namespace.as_ref(), text));
        if let (Some(label), Some(whose)) = (label, whose) {
            found.push(selected(cx, object, label, &whose));
        }
    }
}
