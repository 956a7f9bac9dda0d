//! A name inside of the cluster that can lead nowhere.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::spec::decode::Choice;
use crate::system::external::Alias;
use crate::system::{External, Service, Way};

pub(super) const CHECK: Check = check!("alias-unusable", Error, One(run));

fn finding<'c>(
    cx: &'c Context<'c>,
    (service, external, alias): (&Service, &External, &Alias),
    what: &str,
) -> Finding<'c> {
    let path = noun(service, "externals", external.name.get());
    cx.find(&CHECK, format!("the alias of `{path}` {what}"))
        .at(alias.name.origin(), format!("would lead to `{}`", alias.target.get()))
}

/// Why it leads nowhere, if it does.
fn unusable<'c>(cx: &'c Context<'c>, of: (&Service, &External, &Alias)) -> Option<Finding<'c>> {
    let (service, external, alias) = of;
    let platform = &cx.system.environment.platform;
    let (url, target) = (external.url.get(), alias.target.get());
    if url.is_address() {
        return Some(
            finding(cx, of, "leads to an address")
                .also(external.url.origin(), "no name")
                .note("an `ExternalName` is a name: DNS would look for a host that is called like the address, and find none")
                .help("give programs the address itself and delete `alias`, or write a `url` with a name"),
        );
    }
    if !target.contains('.')
        || crate::system::names::cluster_namespace(url.host()).is_none() && is_of_cluster(cx, url.host())
    {
        return Some(
            finding(cx, of, "leads to a name that is not complete")
                .also(external.url.origin(), "completed by the resolver of pods alone")
                .note("nobody searches the namespaces of the cluster for what an alias leads to")
                .help(format!(
                    "write the whole name, `<name>.<namespace>.svc.{}`, or delete `alias`",
                    platform.cluster_domain.get()
                )),
        );
    }
    external.way.get().is_by_name().then(|| {
        let enforced = platform.egress.get().word();
        let why = match external.way.get() {
            Way::Waypoint => "the mesh binds the host's own name to the waypoint; a program that asks for another gets the address outside, which its NetworkPolicy does not open",
            _ => "the policy lets through what DNS answered for the host's own name; a program asks for the alias",
        };
        finding(cx, of, &format!("goes around what `egress = \"{enforced}\"` lets through"))
            .also(platform.egress.origin(), "names are held to here")
            .note(why)
            .help(format!(
                "give programs the real name, which every edge does as `{{ from = \"externals.{name}.host\" }}`, and {}",
                cx.remove(service, &format!("externals.{}.alias", external.name.get())),
                name = external.name.get()
            ))
    })
}

/// `stub.<namespace>`: a name that only the search list of pods completes.
fn is_of_cluster(cx: &Context<'_>, host: &str) -> bool {
    let [_, namespace] = host.split('.').collect::<Vec<&str>>()[..] else { return false };
    cx.system.services.iter().any(|service| service.namespace.get() == namespace)
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for external in &service.externals {
            let alias = external.alias.as_ref();
            if let Some(finding) = alias.and_then(|alias| unusable(cx, (service, external, alias))) {
                found.push(finding);
            }
        }
    }
}
