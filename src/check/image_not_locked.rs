//! An image without a tag that `images.lock` does not know.

use std::collections::BTreeSet;

use super::context::{Finding, Used};
use super::{Check, Context, Found};
use crate::diagnostic::suggest::nearest;
use crate::origin::{Origin, Traced};
use crate::system::Unresolved;
use crate::text::Text;

pub(super) const CHECK: Check = check!("image-not-locked", Error, One(run));

fn not_locked<'c>(
    cx: &'c Context<'c>,
    used: &Used<'_>,
    repository: &Traced<Text>,
    at: Origin,
) -> Finding<'c> {
    let lock = cx.system.environment.images.as_ref();
    let name = |repository: &str| repository.rsplit('/').next().unwrap_or_default().to_owned();
    let near = lock.and_then(|lock| nearest(repository.get(), lock.images.keys()));
    // long repositories are near to each other by their beginnings
    let near = near.filter(|near| nearest(&name(repository.get()), [name(near).as_str()]).is_some());
    let path = &cx.system.environment.images_path;
    cx.find(&CHECK, format!("`{}` has neither a tag nor an entry in `{path}`", repository.get()))
        .at(at, "which version shall run?")
        .also_key(used.at, format!("`{}` runs it", used.by))
        .maybe_help(near.map(|near| format!("did you mean `{near}`, which has an entry?")))
        .help(cx.lock_line(repository.get(), None))
        .help(format!("or, if its tag is chosen here, write `{}:<tag>`", repository.get()))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    let mut told = BTreeSet::new();
    for used in cx.images() {
        let (Err(Unresolved::NotLocked(at)), Some(repository)) =
            (&used.image.reference, &used.image.repository)
        else {
            continue;
        };
        if told.insert(repository.get().clone()) {
            found.push(not_locked(cx, &used, repository, *at));
        }
    }
}
