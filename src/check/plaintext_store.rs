//! A store of others that is reached without encryption.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::spec::environment::Tier;
use crate::system::{Cache, Queue, Service};

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

fn queue<'c>(cx: &'c Context<'c>, service: &Service, queue: &Queue) -> Option<Finding<'c>> {
    if *queue.tls.get() || queue.is_in_cluster() {
        return None;
    }
    let path = noun(service, "queues", queue.name.get());
    let hosts = queue.servers();
    Some(
        cx.find(&CHECK, format!("`{path}` is reached without encryption in `{}`", cx.environment()))
            .at(queue.tls.origin(), "plain text")
            .also(hosts, "outside of the cluster")
            .also(cx.system.environment.tier.origin(), "encryption is required in staging and prod")
            .note("whoever is on the way can read and change messages, and the password with them")
            .help("delete `tls = false`, and write the port on which it speaks TLS in `hosts`"),
    )
}

fn run(cx: &Context<'_>, found: &mut Found) {
    if cx.is_tier(Tier::Dev) {
        return;
    }
    for service in &cx.system.services {
        let caches = service.caches.iter().filter_map(|one| cache(cx, service, one));
        let queues = service.queues.iter().filter_map(|one| queue(cx, service, one));
        caches.chain(queues).for_each(|finding| found.push(finding));
    }
}
