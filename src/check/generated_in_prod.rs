//! A secret of prod that is in no store.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::environment::Tier;
use crate::system::stores::Made;
use crate::system::{SecretSource, Service};

pub(super) const CHECK: Check = check!("generated-in-prod", Deny, One(run));

fn in_no_store<'c>(
    cx: &'c Context<'c>,
    service: &Service,
    source: &SecretSource,
    made: &Made,
) -> Finding<'c> {
    let (path, name) = (noun(service, "secrets", source.name.get()), source.name.get());
    let finding = cx
        .find(&CHECK, format!("`{path}` is made in the cluster in `{}`", cx.environment()))
        .at_key(Origin::spec(made.at), "in no store")
        .also(cx.system.environment.tier.origin(), "people depend on it here")
        .note("it is gone with its namespace: what it signed is no longer valid, and what it encrypted cannot be read, in backups neither; a second site makes another")
        .help(format!("put a value into the store under `{}`, and {}", source.remote.get(), cx.remove(service, &format!("secrets.{name}.generate"))));
    finding.help("if no more than sessions are lost with it, allow this check with that reason")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    if !cx.is_tier(Tier::Prod) {
        return;
    }
    for service in &cx.system.services {
        for source in &service.secrets {
            if let Some(made) = &source.made {
                found.push(in_no_store(cx, service, source, made));
            }
        }
    }
}
