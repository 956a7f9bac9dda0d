//! A volume that is smaller than it was.

use super::context::Finding;
use super::history::{Stateful, pairs};
use super::{Check, Context, Found};
use crate::origin::Traced;
use crate::value::{Bytes, Value as _};

pub(super) const CHECK: Check = check!("storage-shrunk", Error, Past(run));

fn shrunk<'c>(
    (now, past): (&'c Context<'c>, &Context<'_>),
    (thing, key): (&Stateful<'_>, &str),
    (size, before): (&Traced<Bytes>, &Traced<Bytes>),
) -> Finding<'c> {
    let (new, old) = (size.get().text(), before.get().text());
    let title = format!("`{}.{key}` is {new}, and was {old}", thing.path);
    now.find(&CHECK, title)
        .at(size.origin(), "smaller than it was")
        .at_key(thing.origin(), format!("its `{key}` is {new} now"))
        .also_value_in(past, before.origin(), format!("{old} then"))
        .note("no volume can shrink: the API refuses a smaller request, and the file system could not follow")
        .help(format!("write `{key} = \"{old}\"`, or more"))
}

fn run(now: &Context<'_>, past: &Context<'_>, found: &mut Found) {
    for (earlier, thing) in pairs(past, now) {
        let before = earlier.sizes();
        for (key, size) in thing.sizes() {
            let before = before.iter().find(|(other, _)| *other == key).map(|(_, size)| *size);
            if let Some(before) = before.filter(|before| size.get().bytes() < before.get().bytes()) {
                found.push(shrunk((now, past), (&thing, key), (size, before)));
            }
        }
    }
}
