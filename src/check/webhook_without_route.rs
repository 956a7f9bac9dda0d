//! A key that proves who calls from outside, and nobody who is called.

use super::context::{Finding, listed, noun};
use super::{Check, Context, Found};
use crate::origin::Traced;
use crate::system::{External, Service, Target};
use crate::value::{SecretKey, Value};

pub(super) const CHECK: Check = check!("webhook-without-route", Warn, One(run));

fn unreached<'c>(
    cx: &'c Context<'c>,
    (service, external): (&Service, &External),
    key: &Traced<SecretKey>,
    users: &[String],
) -> Finding<'c> {
    let (path, key_text) = (noun(service, "externals", external.name.get()), key.get().text());
    cx.find(&CHECK, format!("`{path}` has the key `{key_text}`, and nobody who gets it is reached from outside"))
        .at(key.origin(), format!("read by {}", listed(users)))
        .note("a provider signs what it sends to us with such a key; without a route nothing arrives that could be checked with it")
        .help(format!(
            "write a route for the path that it calls, such as `route = {{ host = \"…\", exact = [\"/webhooks/{}\"] }}`, below one of {}",
            external.name.get(),
            listed(users)
        ))
        .help("or delete the key from `secrets`, so that nobody has it who does not need it")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for (index, external) in service.externals.iter().enumerate() {
            let keys = &external.credentials.keys;
            let Some(key) = keys.iter().find(|key| key.get().text().to_ascii_lowercase().contains("webhook"))
            else {
                continue;
            };
            let uses = |target: Option<Target>| target == Some(Target::External(index));
            let users: Vec<_> =
                service.workloads.iter().filter(|w| w.edges.iter().any(|edge| uses(edge.target))).collect();
            if !users.is_empty() && users.iter().all(|workload| workload.routes.is_empty()) {
                let users: Vec<String> =
                    users.iter().map(|w| format!("[workloads.{}]", w.name.get())).collect();
                found.push(unreached(cx, (service, external), key, &users));
            }
        }
    }
}
