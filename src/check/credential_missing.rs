//! A way to show a credential, and no such credential.

use super::context::{Finding, listed, noun};
use super::{Check, Context, Found};
use crate::diagnostic::suggest::nearest;
use crate::origin::Origin;
use crate::system::external::Auth;
use crate::system::{External, Service};
use crate::value::Value;

pub(super) const CHECK: Check = check!("credential-missing", Error, One(run));

fn none<'c>(cx: &'c Context<'c>, service: &Service, external: &External, auth: &Auth) -> Finding<'c> {
    let name = external.name.get();
    cx.find(&CHECK, format!("`{}` says how a credential is shown, and has none", noun(service, "externals", name)))
        .at_key(Origin::spec(auth.at), "what shall the header carry?")
        .help(format!("write the keys that the secret store has for it, such as `secrets = [\"api_key\"]`, below `[externals.{name}]`"))
        .help("or delete `auth`")
}

fn unknown<'c>(cx: &'c Context<'c>, service: &Service, external: &External, auth: &Auth) -> Finding<'c> {
    let path = noun(service, "externals", external.name.get());
    let known: Vec<String> =
        external.credentials.keys.iter().map(|key| key.get().text().into_owned()).collect();
    let key = auth.key.as_ref();
    let (at, named) = key.map_or((Origin::spec(auth.at), ""), |key| (key.origin(), key.get().as_str()));
    let near = nearest(named, known.iter().map(String::as_str));
    cx.find(&CHECK, format!("the credential of `{path}` is none of its secrets"))
        .at(at, "not among `secrets`")
        .help(near.map_or_else(
            || format!("write one of {}, or add it to `secrets`", listed(&known)),
            |near| format!("did you mean `\"{near}\"`?"),
        ))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for external in &service.externals {
            let Some(auth) = &external.auth else { continue };
            let keys = &external.credentials.keys;
            let is_known = |named: &str| keys.iter().any(|key| key.get().text() == named);
            if keys.is_empty() {
                found.push(none(cx, service, external, auth));
            } else if auth.key.as_ref().is_some_and(|key| !is_known(key.get())) {
                found.push(unknown(cx, service, external, auth));
            }
        }
    }
}
