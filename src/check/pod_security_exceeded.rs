//! Rights, written by hand, that the Pod Security level of the pod does not allow.

use super::context::Finding;
use super::made::{Made, MadeObject, Patched, pod_path};
use super::pod_security::{Violation, violations};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::workload::{PodLevel, Security};
use crate::system::Manifests;

pub(super) const CHECK: Check = check!("pod-security-exceeded", Error, Made(run));

fn exceeded<'c>(
    cx: &'c Context<'c>,
    patched: &Patched<'_>,
    violation: &Violation,
    allowed: PodLevel,
) -> Finding<'c> {
    let (kind, name) = (&patched.object.kind, &patched.object.name);
    let title = format!("`{}` of the pods of `{kind}/{name}` {}", violation.path, violation.what);
    cx.find(&CHECK, title)
        .at(violation.origin.unwrap_or(Origin::spec(patched.patch.table.at)), "written here")
        .note(format!(
            "it needs the level `{}` of Pod Security, and these pods have `{}`: the API server would refuse them",
            violation.needs.word(),
            allowed.word()
        ))
        .help(format!(
            "do without, or say so with a reason: `[{}.pod.security]` lets the pods have more rights",
            patched.patch.path
        ))
}

fn taken<'c>(
    cx: &'c Context<'c>,
    object: &MadeObject,
    violation: &Violation,
    manifests: &Manifests,
) -> Finding<'c> {
    let (kind, name) = (&object.kind, &object.name);
    let (needs, allowed) = (violation.needs.word(), manifests.allowed().word());
    cx.find(&CHECK, format!("`{}` of the pods of `{kind}/{name}` {}", violation.path, violation.what))
        .at(violation.origin.unwrap_or(object.because), "written here")
        .note(format!(
            "it needs the level `{needs}` of Pod Security, and these pods have `{allowed}`: the API server would refuse them"
        ))
        .help(format!(
            "correct the manifest, or say what its pods need: `pod_security = \"{needs}\"` with a `reason` in `[manifests.{}]`",
            manifests.name.get()
        ))
}

/// The pods of manifests that are taken along.
fn of_manifests(cx: &Context<'_>, made: &Made, found: &mut Found) {
    for service in &cx.system.services {
        for manifests in &service.manifests {
            let of = (
                service.name.get().clone(),
                crate::text::Text::from(format!("manifests-{}", manifests.name.get())),
            );
            for object in made.objects.iter().filter(|object| object.of.as_ref() == Some(&of)) {
                let whole = object.written.as_ref().map(|contents| &contents.whole);
                let pod = pod_path(&object.kind).and_then(|path| whole?.at(path));
                for violation in pod.map(violations).unwrap_or_default() {
                    if violation.needs > manifests.allowed() {
                        found.push(taken(cx, object, &violation, manifests));
                    }
                }
            }
        }
    }
}

fn run(cx: &Context<'_>, made: &Made, found: &mut Found) {
    of_manifests(cx, made, found);
    for patched in made.patched(cx) {
        let Some(path) = pod_path(&patched.object.kind) else { continue };
        let workload = patched.service.workloads.iter().find(|w| *w.name.get() == patched.patch.noun);
        let allowed =
            workload.and_then(|workload| workload.security()).map_or(PodLevel::Restricted, Security::level);
        let of = |part: &crate::walk::Part| part.at(path).map(violations).unwrap_or_default();
        let own = of(patched.own);
        for violation in of(patched.whole) {
            if violation.needs > allowed && !own.iter().any(|known| known.is_same(&violation)) {
                found.push(exceeded(cx, &patched, &violation, allowed));
            }
        }
    }
}
