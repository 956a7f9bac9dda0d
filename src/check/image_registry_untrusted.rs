//! An image from a registry that the environment does not list.

use std::collections::BTreeSet;

use super::context::{Finding, Used, listed};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::text::Text;
use crate::value::{Host, ImageRepository, Value};

pub(super) const CHECK: Check = check!("image-registry-untrusted", Deny, One(run));

fn untrusted<'c>(
    cx: &'c Context<'c>,
    used: &Used<'_>,
    repository: &Traced<Text>,
    registry: &str,
    trusted: Origin,
) -> Finding<'c> {
    let known: Vec<&str> =
        cx.system.environment.platform.trusted_registries.iter().map(|host| host.get().as_str()).collect();
    let title =
        format!("`{}` comes from a registry that `{}` does not trust", repository.get(), cx.environment());
    cx.find(&CHECK, title)
        .at(repository.origin(), format!("comes from `{registry}`"))
        .at_key(used.at, format!("comes from `{registry}`"))
        .also_key(used.at, format!("`{}` runs it", used.by))
        .also(trusted, format!("trusted here: {}", listed(&known)))
        .note("what a registry serves runs inside of the cluster, with the secrets of the workload")
        .help(format!(
            "copy the image to a trusted registry and name it there, or add `\"{registry}\"` to `trusted_registries` in `{}`",
            cx.environment_file()
        ))
}

/// Whether the environment lists the registry.
pub(super) fn trusted(cx: &Context<'_>, registry: &str) -> bool {
    cx.system.environment.platform.trusted_registries.iter().any(|host| match Host::parse(registry) {
        Ok(registry) => host.get().covers(&registry),
        Err(_) => host.get().as_str() == registry,
    })
}

fn run(cx: &Context<'_>, found: &mut Found) {
    let list = &cx.system.environment.platform.trusted_registries;
    let Some(at) = list.at.filter(|_| !list.is_empty()) else { return };
    let mut told = BTreeSet::new();
    for used in cx.images() {
        let Some(repository) = &used.image.repository else { continue };
        let Ok(parsed) = ImageRepository::parse(repository.get()) else { continue };
        let registry = parsed.registry().split(':').next().unwrap_or_default();
        if !self::trusted(cx, registry) && told.insert(repository.get().clone()) {
            found.push(untrusted(cx, &used, repository, registry, Origin::spec(at)));
        }
    }
}
