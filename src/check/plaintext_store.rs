//! A store of others that is reached without encryption.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::spec::environment::Tier;
use crate::system::{Cache, Service};

pub(super) const CHECK: Check = check!("plaintext-store", Deny, One(run));

const WHY: &str = "whoever is on the way can read and change what is stored, and the password with it";

fn cache<'c>(cx: &'c Context<'c>, service: &Service, cache: &Cache) -> Option<Finding<'c>> {
    let url = cache.url.as_ref().filter(|url| !url.get().is_secure() && !cache.is_in_cluster())?;
    let path = noun(service, "caches", cache.name.get());
    let secure = url.get().complete().replacen("redis:", "rediss:", 1);
    Some(
        cx.find(&CHECK, format!("`{path}` is reached without encryption in `{}`", cx.environment()))
            .at(url.origin(), "`redis` is plain text; `rediss` is TLS")
            .also(cx.system.environment.tier.origin(), "encryption is required in staging and prod")
            .note(WHY)
            .help(format!("write `url = \"{secure}\"`, with the port on which it speaks TLS")),
    )
}

fn run(cx: &Context<'_>, found: &mut Found) {
    if cx.is_tier(Tier::Dev) {
        return;
    }
    for service in &cx.system.services {
        let caches = service.caches.iter().filter_map(|one| cache(cx, service, one));
        caches.for_each(|finding| found.push(finding));
    }
}
