//! A drill whose restored database may write to the backups.

use super::context::noun;
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::system::platform::ObjectStore;

pub(super) const CHECK: Check = check!("drill-can-write", Deny, One(run));

/// The annotation of both roles that has the same value.
fn shared(store: &ObjectStore) -> Option<Origin> {
    let same = |(key, value): &&(crate::text::Text, crate::origin::Traced<crate::text::Text>)| {
        store.role.iter().any(|(other, theirs)| other == key && theirs.get() == value.get())
    };
    store.read_role.iter().find(same).map(|(_, value)| value.origin())
}

fn run(cx: &Context<'_>, found: &mut Found) {
    let Some(store) =
        cx.system.environment.platform.object_store.as_ref().filter(|store| !store.role.is_empty())
    else {
        return;
    };
    let mut drills = cx.system.services.iter().flat_map(|service| {
        service
            .databases
            .iter()
            .filter_map(move |database| Some((service, database, database.drill.as_ref()?)))
    });
    // one finding for the platform: the same line mends all of them
    let Some((service, database, drill)) = drills.next() else { return };
    let path = noun(service, "databases", database.name.get());
    let finding = match shared(store) {
        Some(origin) => cx
            .find(&CHECK, format!("the drill of `{path}` reads backups by the role that writes them"))
            .at(origin, "the same as in `role`"),
        None if store.read_role.is_empty() => cx
            .find(&CHECK, format!("the drill of `{path}` has no role that may read backups"))
            .at_key(Origin::spec(store.at), "no `read_role`"),
        None => return,
    };
    found.push(
        finding
            .also_key(drill.schedule.origin(), "asks for a drill")
            .note("a mistake in a drill, or in what it restored, must not reach the backups themselves")
            .help("write `read_role = { <annotation> = \"<role>\" }` below `[platform.object_store]`, with a role that may list and read the bucket and nothing else"),
    );
}
