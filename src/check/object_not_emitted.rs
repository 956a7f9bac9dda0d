//! Fields for an object that specc does not make.

use super::context::{Finding, listed, noun};
use super::made::Made;
use super::{Check, Context, Found};
use crate::diagnostic::suggest::nearest;
use crate::system::{Patch, Service};

pub(super) const CHECK: Check = check!("object-not-emitted", Error, Made(run));

fn not_emitted<'c>(cx: &'c Context<'c>, (service, patch): (&Service, &Patch), known: &[&str]) -> Finding<'c> {
    let (nouns, name) = patch.path.split_once('.').unwrap_or((&patch.path, ""));
    let of = noun(service, nouns, name);
    let object = patch.object.get();
    let near = nearest(object, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
    cx.find(&CHECK, format!("`{of}` has no object `{object}` whose fields could be set"))
        .at_key(patch.object.origin(), "not one of its objects")
        .maybe_help(near)
        .help(format!(
            "its objects, here or in other environments, are {}: the names of their files",
            listed(known)
        ))
}

fn run(cx: &Context<'_>, made: &Made, found: &mut Found) {
    for service in &cx.system.services {
        for patch in &service.patches {
            let is_left_out = made.left_out.iter().any(|(of, noun, stem)| {
                of == service.name.get() && *noun == patch.noun && stem == patch.object.get().as_str()
            });
            if is_left_out || made.object(service, patch).is_some() {
                continue;
            }
            let of = (service.name.get().clone(), patch.noun.clone());
            let own = made.objects.iter().filter(|object| object.of.as_ref() == Some(&of));
            // with those of other environments, so that one mistake is told once
            let others = made.left_out.iter().filter(|(s, noun, _)| (s, noun) == (&of.0, &of.1));
            let mut known: Vec<&str> = own
                .map(|object| object.stem.as_str())
                .chain(others.map(|(.., stem)| stem.as_str()))
                .collect();
            known.sort_unstable();
            known.dedup();
            found.push(not_emitted(cx, (service, patch), &known));
        }
    }
}
