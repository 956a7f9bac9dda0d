//! A call that leaves the cluster unencrypted.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::spec::decode::Choice;
use crate::spec::environment::Tier;
use crate::system::{External, Service};

pub(super) const CHECK: Check = check!("plaintext-external", Deny, One(run));

fn plaintext<'c>(cx: &'c Context<'c>, service: &Service, external: &External) -> Finding<'c> {
    let (path, url) = (noun(service, "externals", external.name.get()), external.url.get());
    let finding = cx
        .find(&CHECK, format!("`{path}` is called without encryption in `{}`", cx.environment()))
        .at(external.url.origin(), "`http`, outside of the cluster")
        .also(cx.system.environment.tier.origin(), "encryption is required in staging and prod");
    let finding = match external.class.as_ref().filter(|class| class.get().in_transit()) {
        Some(class) => {
            let text = format!("`{}` must be encrypted wherever it leaves a pod", class.get().word());
            let edges = external.callers.iter().map(|caller| caller.because);
            edges.fold(finding, |finding, edge| finding.also(edge, "the edge")).also(class.origin(), text)
        }
        None => finding,
    };
    finding
        .note("whoever is on the way can read and change what is sent, credentials included")
        .help(format!("write `url = \"https://{}{}\"`, if it is served there", url.host(), url.path()))
}

/// A name that only the cluster's DNS knows: `stub`, `stub.svc`, `stub.<namespace>`, or below the cluster's domain.
fn is_inside(cx: &Context<'_>, host: &str) -> bool {
    let domain = cx.system.environment.platform.cluster_domain.get();
    let is_namespace = |last: &str| cx.system.services.iter().any(|service| service.namespace.get() == last);
    match host.split('.').collect::<Vec<&str>>().as_slice() {
        [_] => true,
        [_, namespace] => is_namespace(namespace),
        [.., last] => *last == "svc" || host.ends_with(&format!(".svc.{domain}")),
        [] => false,
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    if cx.is_tier(Tier::Dev) {
        return;
    }
    for service in &cx.system.services {
        for external in &service.externals {
            let url = external.url.get();
            if url.scheme() == "http" && !is_inside(cx, url.host()) {
                found.push(plaintext(cx, service, external));
            }
        }
    }
}
