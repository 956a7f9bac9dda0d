//! An image that is written by hand, from a registry that the environment does not list.

use super::context::{Finding, listed};
use super::image_registry_untrusted::trusted;
use super::made::{self, WrittenImage};
use super::{Check, Context, Found, Made};
use crate::origin::Origin;
use crate::value::{ImageRef, Value};

pub(super) const CHECK: Check = check!("written-image-untrusted", Deny, Made(run));

fn untrusted<'c>(cx: &'c Context<'c>, image: &WrittenImage<'_>, registry: &str, list: Origin) -> Finding<'c> {
    let trusted = &cx.system.environment.platform.trusted_registries;
    let known: Vec<&str> = trusted.iter().map(|host| host.get().as_str()).collect();
    let of = format!("{}/{}", image.object.kind, image.object.name);
    cx.find(&CHECK, format!("`{of}` runs `{}`, from a registry that `{}` does not trust", image.text, cx.environment()))
        .at(image.at, format!("comes from `{registry}`"))
        .also(list, format!("trusted here: {}", listed(&known)))
        .note("what a registry serves runs inside of the cluster; that it is written by hand changes nothing")
        .help(format!(
            "copy the image to a trusted registry and name it there, or add `\"{registry}\"` to `trusted_registries` in `{}`",
            cx.environment_file()
        ))
}

fn run(cx: &Context<'_>, made: &Made, found: &mut Found) {
    let list = &cx.system.environment.platform.trusted_registries;
    let Some(at) = list.at.filter(|_| !list.is_empty()) else { return };
    for image in made::images(made) {
        let Ok(parsed) = ImageRef::parse(image.text) else { continue };
        let registry = parsed.repository().registry().split(':').next().unwrap_or_default();
        if !trusted(cx, registry) {
            found.push(untrusted(cx, &image, registry, Origin::spec(at)));
        }
    }
}
