//! A secret that cannot be made as it is written.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::system::stores::Made;
use crate::system::{SecretSource, Service};

pub(super) const CHECK: Check = check!("generated-wrongly", Error, One(run));

fn both<'c>(
    cx: &'c Context<'c>,
    (service, source, made): (&Service, &SecretSource, &Made),
    (key, at): (&str, Origin),
) -> Finding<'c> {
    let name = source.name.get();
    cx.find(&CHECK, format!("`{}` is made in the cluster, and has a `{key}`", noun(service, "secrets", name)))
        .at_key(at, "of the store")
        .also_key(Origin::spec(made.at), "in place of the store")
        .note("what is made is made once, and never asked for again")
        .help(format!("delete one of the two; in an overlay, `remove = [\"secrets.{name}.{key}\"]` takes the key away where the value is made"))
}

fn too_long<'c>(cx: &'c Context<'c>, service: &Service, source: &SecretSource, made: &Made) -> Finding<'c> {
    let (length, digits, symbols) = (made.length.get(), made.digits.get(), made.symbols.get());
    cx.find(
        &CHECK,
        format!(
            "`{}` is {length} characters long, and {digits} + {symbols} of them are no letters",
            noun(service, "secrets", source.name.get())
        ),
    )
    .at(made.digits.origin(), format!("{digits} digits"))
    .at(made.symbols.origin(), format!("{symbols} symbols"))
    .also(made.length.origin(), format!("{length} characters"))
    .note("External Secrets refuses to make it, and pods that mount it never start")
    .help(format!("write a `length` of {} or more, or fewer `digits` and `symbols`", digits + symbols))
}

fn no_keys<'c>(cx: &'c Context<'c>, service: &Service, source: &SecretSource, made: &Made) -> Finding<'c> {
    cx.find(
        &CHECK,
        format!("`{}` is made, and says not under which keys", noun(service, "secrets", source.name.get())),
    )
    .at_key(Origin::spec(made.at), "for which keys?")
    .help("write `keys = [\"…\"]` beside it; each gets a value of its own")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for source in &service.secrets {
            let Some(made) = &source.made else { continue };
            let written = service.file.secrets.get(source.name.get());
            let store_key = written.and_then(|entry| entry.value.store_key.as_ref()).map(Traced::origin);
            let keys =
                [("store_key", store_key), ("refresh", source.refresh.map(|refresh| refresh.origin()))];
            for (key, at) in keys {
                if let Some(at) = at {
                    found.push(both(cx, (service, source, made), (key, at)));
                }
            }
            if made.digits.get() + made.symbols.get() > *made.length.get() {
                found.push(too_long(cx, service, source, made));
            }
            if source.keys.is_empty() {
                found.push(no_keys(cx, service, source, made));
            }
        }
    }
}
