//! Rights, written by hand, that the Pod Security level of the pod does not allow.

use super::context::Finding;
use super::made::{Made, Patched, pod_path};
use super::pod_security::{Violation, violations};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::workload::{PodLevel, Security};

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

fn run(cx: &Context<'_>, made: &Made, found: &mut Found) {
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
