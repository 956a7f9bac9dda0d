//! A database with a lower major version than it had.

use super::history::{What, pairs};
use super::{Check, Context, Found};

pub(super) const CHECK: Check = check!("version-downgraded", Error, Past(run));

fn run(now: &Context<'_>, past: &Context<'_>, found: &mut Found) {
    for (earlier, thing) in pairs(past, now) {
        let (What::Database(database), What::Database(before)) = (&thing.what, &earlier.what) else {
            continue;
        };
        let version = |service: &crate::system::Service, name: &str| {
            Some(service.file.databases.get(name)?.value.version)
        };
        let new = version(thing.service, database.name.get());
        let old = version(earlier.service, before.name.get());
        let (Some(new), Some(old)) = (new, old) else { continue };
        if new.get().get() >= old.get().get() {
            continue;
        }
        let (major, was) = (new.get().get(), old.get().get());
        found.push(
            now.find(&CHECK, format!("`{}` has PostgreSQL {major}, and had {was}", thing.path))
                .at(new.origin(), "lower than it was")
                .also_value_in(past, old.origin(), format!("{was} then"))
                .note("PostgreSQL reads no files of a newer major version, so the operator refuses it")
                .help(format!("write `version = {was}`"))
                .help("or make a new database, and fill it from a dump of the old one"),
        );
    }
}
