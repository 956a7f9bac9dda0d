//! An object with fields written by hand that lacks one which the API demands.

use super::context::Finding;
use super::made::{Made, Patched, lacking};
use super::{Check, Context, Found};
use crate::api::Form;
use crate::origin::Origin;

pub(super) const CHECK: Check = check!("api-field-missing", Error, Made(run));

fn missing<'c>(
    cx: &'c Context<'c>,
    patched: &Patched<'_>,
    (path, field): (&str, &str),
    at: Option<Origin>,
) -> Finding<'c> {
    let (kind, name) = (&patched.object.kind, &patched.object.name);
    cx.find(&CHECK, format!("`{path}` of `{kind}/{name}` lacks `{field}`"))
        .at_key(at.unwrap_or(Origin::spec(patched.patch.table.at)), "belongs to it")
        .note("an item that specc does not make must be complete: the API server refuses it otherwise")
        .help(format!("add `{field}`, or correct the name of the item if one of specc's own is meant"))
}

fn run(cx: &Context<'_>, made: &Made, found: &mut Found) {
    let minor = cx.system.environment.platform.kubernetes.get().minor();
    for patched in made.patched(cx) {
        let Some(kind) = crate::api::kind(&patched.object.api_version, &patched.object.kind) else {
            continue;
        };
        let of = |part| {
            let form = |key: &str| kind.object.field(key).map_or(Form::ANY, |field| field.form);
            let fields: &crate::walk::Part = part;
            let mut all = Vec::new();
            for (key, value) in fields.fields() {
                let below = lacking(value, form(key), minor);
                let path = |path: String| match path.as_str() {
                    "" => key.to_string(),
                    other if other.starts_with('[') => format!("{key}{other}"),
                    other => format!("{key}.{other}"),
                };
                all.extend(below.into_iter().map(|(at, field, origin)| (path(at), field, origin)));
            }
            all
        };
        let own = of(patched.own);
        for (path, field, at) in of(patched.whole) {
            if !own.iter().any(|(known, lacks, _)| (known, lacks) == (&path, &field)) {
                found.push(missing(cx, &patched, (&path, &field), at));
            }
        }
    }
}
