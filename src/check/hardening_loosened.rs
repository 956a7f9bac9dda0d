//! A field, written by hand, that takes back a part of the hardening which specc gives every pod.

use super::context::Finding;
use super::made::{Made, Patched, pod_path};
use super::pod_security::softened;
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::walk::Part;

pub(super) const CHECK: Check = check!("hardening-loosened", Deny, Made(run));

fn loosened<'c>(
    cx: &'c Context<'c>,
    patched: &Patched<'_>,
    (path, what): (&str, &str),
    at: Option<Origin>,
) -> Finding<'c> {
    let (kind, name) = (&patched.object.kind, &patched.object.name);
    cx.find(&CHECK, format!("`{path}` of `{kind}/{name}` {what}"))
        .at(at.unwrap_or(Origin::spec(patched.patch.table.at)), "written here")
        .note("every pod of specc is without it; a way out does not take that back unnoticed")
        .help("do without, or look for a key of the workload: `writable`, `pod.security`, `memory_limit`")
        .help(format!(
            "where it is meant, agree on it in `specc.toml`: `[checks.{}]` with `level = \"warn\"` and a `reason`",
            CHECK.slug
        ))
}

/// What is soft in the object, with paths from its root.
fn soft(kind: &str, part: &Part) -> Vec<(String, &'static str, Option<Origin>)> {
    if kind == "ServiceAccount" {
        let token = part.get("automountServiceAccountToken");
        let is_given = token.and_then(Part::truth) == Some(true);
        let path = "automountServiceAccountToken".to_owned();
        let found = (path, "gives its pods a key to the API", token.and_then(Part::origin));
        return is_given.then_some(found).into_iter().collect();
    }
    let Some(path) = pod_path(kind) else { return Vec::new() };
    let below = |(at, what, origin)| (format!("{}.{at}", path.join(".")), what, origin);
    part.at(path).map(softened).unwrap_or_default().into_iter().map(below).collect()
}

fn run(cx: &Context<'_>, made: &Made, found: &mut Found) {
    for patched in made.patched(cx) {
        let own = soft(&patched.object.kind, patched.own);
        for (path, what, at) in soft(&patched.object.kind, patched.whole) {
            if !own.iter().any(|(known, ..)| *known == path) {
                found.push(loosened(cx, &patched, (&path, what), at));
            }
        }
    }
}
