//! A promise about recovery that nobody ever tried to keep.

use super::context::noun;
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::environment::Tier;
use crate::value::Value;

pub(super) const CHECK: Check = check!("drill-missing", Deny, One(run));

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in cx.system.services.iter().filter(|_| cx.is_tier(Tier::Prod)) {
        for database in service.databases.iter().filter(|d| d.backup.is_some() && d.drill.is_none()) {
            let name = database.name.get();
            let table = service.file.databases.get(name).map(|entry| &entry.value);
            let Some(recovery) = table.and_then(|table| table.recovery.as_ref()) else { continue };
            let goal = recovery.rto.map(|rto| ("rto", rto)).or(recovery.rpo.map(|rpo| ("rpo", rpo)));
            let Some((key, goal)) = goal else { continue };
            let path = noun(service, "databases", name);
            let title = format!(
                "`{path}` promises `{key} = \"{}\"`, and no backup of it is ever restored",
                goal.get().text()
            );
            found.push(
                cx.find(&CHECK, title)
                    .at(goal.origin(), "the promise")
                    .also_key(Origin::spec(database.at), "no drill")
                    .note("a backup that was never restored is a hope: that it can be, and how long it takes, only a drill shows")
                    .help(format!(
                        "write `drill = \"weekly\"` below `[databases.{name}.backup]`, `check = \"SELECT count(*) > 1000 FROM <table>\"` \
                         below `[databases.{name}.recovery]`, and `drill_image` below `[platform]` in `{}`",
                        cx.environment_file()
                    )),
            );
        }
    }
}
