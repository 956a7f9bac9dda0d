//! An image without a digest where one is required.

use std::collections::BTreeSet;

use super::context::{Finding, Used};
use super::{Check, Context, Found};
use crate::origin::Traced;
use crate::spec::environment::Tier;
use crate::text::Text;
use crate::value::{ImageRef, Value};

pub(super) const CHECK: Check = check!("image-unpinned", Deny, One(run));

fn unpinned<'c>(cx: &'c Context<'c>, used: &Used<'_>, image: &Traced<Text>) -> Finding<'c> {
    let parsed = ImageRef::parse(image.get()).ok();
    let repository = used.image.repository.as_ref().map_or(image.get(), Traced::get);
    let tag = parsed.as_ref().and_then(|parsed| Some(parsed.tag()?.as_str()));
    cx.find(&CHECK, format!("`{}` runs in `{}` without a digest", image.get(), cx.environment()))
        .at(image.origin(), "a tag can be moved to other content")
        .at_key(used.at, format!("runs `{}`", image.get()))
        .also_key(used.at, format!("`{}` runs it", used.by))
        .also(cx.system.environment.tier.origin(), "digests are required in staging and prod")
        .note("two nodes that pull the same tag at different times may run different code")
        .help(cx.lock_line(repository, tag))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    if cx.is_tier(Tier::Dev) {
        return;
    }
    let mut told = BTreeSet::new();
    for used in cx.images().into_iter().filter(|used| !used.image.pinned) {
        if let Ok(image) = &used.image.reference
            && told.insert(image.get().clone())
        {
            found.push(unpinned(cx, &used, image));
        }
    }
}
