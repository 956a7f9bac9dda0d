//! A name inside of the cluster for a host that shows a certificate.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::system::external::Alias;
use crate::system::{External, Service};

pub(super) const CHECK: Check = check!("alias-breaks-tls", Warn, One(run));

fn other_name<'c>(cx: &'c Context<'c>, service: &Service, external: &External, alias: &Alias) -> Finding<'c> {
    let (path, url) = (noun(service, "externals", external.name.get()), external.url.get());
    cx.find(&CHECK, format!("`{path}` has an alias, and its certificate is for `{}`", url.host()))
        .at(alias.name.origin(), format!("programs would ask for `{}.{}.svc`", alias.name.get(), service.namespace.get()))
        .also(external.url.origin(), "`https`")
        .note("DNS answers with another name, and the program does not see it: it sends the alias as server name and `Host`, and compares the certificate with it")
        .help(format!(
            "give programs the real name, which every edge does as `{{ from = \"externals.{}.url\" }}`, and delete `alias`",
            external.name.get()
        ))
        .help(format!("or let the program expect `{}`, where its client can, and allow this check with that reason", url.host()))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for external in &service.externals {
            if let Some(alias) = external.alias.as_ref().filter(|_| external.url.get().scheme() == "https") {
                found.push(other_name(cx, service, external, alias));
            }
        }
    }
}
