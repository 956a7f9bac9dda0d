//! An image that is written by hand without a digest, or with another than `images.lock` has.

use super::context::Finding;
use super::made::{self, WrittenImage};
use super::{Check, Context, Found, Made};
use crate::spec::environment::Tier;
use crate::value::{ImageRef, Value};

pub(super) const CHECK: Check = check!("written-image-unpinned", Deny, Made(run));

fn unpinned<'c>(cx: &'c Context<'c>, image: &WrittenImage<'_>, wanted: &str) -> Finding<'c> {
    let of = format!("{}/{}", image.object.kind, image.object.name);
    cx.find(&CHECK, format!("`{of}` runs `{}` in `{}` without a digest", image.text, cx.environment()))
        .at(image.at, "a tag can be moved to other content")
        .also(cx.system.environment.tier.origin(), "digests are required in staging and prod")
        .note("two nodes that pull the same tag at different times may run different code; `images.lock` does not reach what is written by hand")
        .help(format!("write `{wanted}` there"))
}

fn differs<'c>(cx: &'c Context<'c>, image: &WrittenImage<'_>, wanted: &str) -> Finding<'c> {
    let of = format!("{}/{}", image.object.kind, image.object.name);
    let lock = &cx.system.environment.images_path;
    cx.find(&CHECK, format!("`{of}` runs another version of an image than `{lock}` has"))
        .at(image.at, "written by hand, so the lock does not reach it")
        .note("what was promoted through the environments is not what runs")
        .help(format!("write `{wanted}` there, or change the lock"))
}

fn run(cx: &Context<'_>, made: &Made, found: &mut Found) {
    for image in made::images(made) {
        let Ok(parsed) = ImageRef::parse(image.text) else { continue };
        let repository = parsed.repository().text().into_owned();
        let locked = cx.system.environment.images.as_ref().and_then(|lock| lock.images.get(&repository));
        let locked = locked.map(|entry| &entry.value);
        let digest = locked.map(|entry| entry.digest.get().text().into_owned());
        let tag = locked.map(|entry| entry.tag.get().text().into_owned());
        let own = parsed.digest().map(|digest| digest.text().into_owned());
        match (own, digest) {
            (Some(own), Some(digest)) if own != digest => {
                let tag = tag.map(|tag| format!(":{tag}")).unwrap_or_default();
                found.push(differs(cx, &image, &format!("{repository}{tag}@{digest}")));
            }
            (None, digest) if !cx.is_tier(Tier::Dev) => {
                let tag = tag.or_else(|| parsed.tag().map(|tag| tag.as_str().to_owned()));
                let tag = tag.map(|tag| format!(":{tag}")).unwrap_or_default();
                let digest = digest.unwrap_or_else(|| "sha256:<64 digits>".to_owned());
                found.push(unpinned(cx, &image, &format!("{repository}{tag}@{digest}")));
            }
            _ => {}
        }
    }
}
