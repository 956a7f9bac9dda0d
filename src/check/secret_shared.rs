//! One key of one secret store that two environments read.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::system::{SecretSource, Service};

pub(super) const CHECK: Check = check!("secret-shared", Error, All(run));

fn shared<'c>(
    cx: &'c Context<'c>,
    other: &Context<'_>,
    (service, nouns, source): (&Service, &str, &SecretSource),
    theirs: &SecretSource,
) -> Finding<'c> {
    let (own, before) = (cx.environment(), other.environment());
    let is_one = cx.key_place(source.remote.origin()) == other.key_place(theirs.remote.origin());
    let says = if is_one { format!("read by `{own}` and by `{before}`") } else { format!("read by `{own}`") };
    cx.find(&CHECK, format!("`{}` is the same secret in `{before}` and in `{own}`", noun(service, nouns, source.name.get())))
        .at_key(source.remote.origin(), says)
        .also_key_in(other, theirs.remote.origin(), format!("read by `{before}`"))
        .note("whoever breaks into the one environment has the credential of the other, and it cannot be changed for one alone")
        .help(format!("delete `store_key`: it is `{own}/{}/{}/{}` then", service.namespace.get(), service.name.get(), source.name.get()))
        .help(format!("or write one for each environment, in `{}`", cx.overlay_file(service)))
}

/// The secrets of a service, each with its noun.
fn sources(service: &Service) -> impl Iterator<Item = (&'static str, &SecretSource)> {
    let externals = service.externals.iter().map(|external| ("externals", &external.credentials));
    let secrets = service.secrets.iter().map(|secret| ("secrets", secret));
    let caches = service.caches.iter().map(|cache| ("caches", &cache.credentials));
    let queues = service.queues.iter().map(|queue| ("queues", &queue.credentials));
    let managed = service.managed.iter().map(|managed| ("databases", &managed.credentials));
    let all = externals.chain(secrets).chain(caches).chain(queues).chain(managed);
    all.filter(|(_, source)| source.is_stored())
}

fn run(contexts: &[Context<'_>], found: &mut Found) {
    let store =
        |cx: &Context<'_>| cx.system.environment.platform.secret_store.as_ref().map(|s| s.get().clone());
    for (index, cx) in contexts.iter().enumerate() {
        for service in &cx.system.services {
            for (nouns, source) in sources(service) {
                // clusters may name different stores alike, so the same name counts as the same store
                let before = contexts.iter().take(index).filter(|other| store(other) == store(cx));
                let theirs = before.flat_map(|other| {
                    let all = other.system.services.iter().flat_map(sources);
                    all.filter(|(_, theirs)| theirs.remote.get() == source.remote.get())
                        .map(move |(_, theirs)| (other, theirs))
                });
                if let Some((other, theirs)) = theirs.into_iter().next() {
                    found.push(shared(cx, other, (service, nouns, source), theirs));
                }
            }
        }
    }
}
