//! Volumes of databases that Velero copies beside the backups.

use super::context::noun;
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::platform::AddOn;

pub(super) const CHECK: Check = check!("volumes-backed-up-twice", Deny, One(run));

fn run(cx: &Context<'_>, found: &mut Found) {
    let platform = &cx.system.environment.platform;
    let velero = &platform.velero;
    if !(platform.has(AddOn::Velero) && *velero.wanted.get() && *velero.volumes.get()) {
        return;
    }
    let databases = cx.system.services.iter().flat_map(|s| s.databases.iter().map(move |d| (s, d)));
    let backed_up: Vec<_> = databases.filter(|(_, database)| database.backup.is_some()).collect();
    let Some((service, database)) = backed_up.first() else { return };
    let path = noun(service, "databases", database.name.get());
    let others = match backed_up.len() - 1 {
        0 => String::new(),
        1 => " and one more".to_owned(),
        more => format!(" and {more} more"),
    };
    found.push(
        cx.find(&CHECK, format!("Velero would copy the volumes of `{path}`{others}, which are backed up already"))
            .at(velero.volumes.origin(), "copies every volume of the system")
            .also_key(Origin::spec(database.at), "has backups and an archive of its log")
            .note("the copy of a volume in use is of no moment that the log knows, and a restore from it begins a second history")
            .help("delete `volumes`: databases come back from their own backups"),
    );
}
