//! Backups that are kept for a shorter or a longer time than the project rules for their class of data.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::origin::Traced;
use crate::spec::data::ClassRules;
use crate::spec::decode::Choice;
use crate::system::{Backup, Database, Service};
use crate::value::{Retention, Value};

pub(super) const CHECK: Check = check!("retention-out-of-bounds", Deny, One(run));

/// The bound that is not kept, and in which direction.
fn broken<'r>(rules: &'r ClassRules, backup: &Backup) -> Option<(&'r Traced<Retention>, &'static str)> {
    let kept = backup.retention.get();
    let short = rules.min_retention.as_ref().filter(|least| kept.days() < least.get().days());
    let long = rules.max_retention.as_ref().filter(|most| kept.most_days() > most.get().days());
    short.map(|least| (least, "at least")).or_else(|| long.map(|most| (most, "at most")))
}

fn out<'c>(cx: &'c Context<'c>, service: &Service, database: &Database) -> Option<Finding<'c>> {
    let (class, backup) = (database.class.as_ref()?, database.backup.as_ref()?);
    let rules = cx.system.project.classes.as_ref()?.of(*class.get())?;
    let (bound, direction) = broken(rules, backup)?;
    let (path, word) = (noun(service, "databases", database.name.get()), class.get().word());
    let (kept, limit) = (backup.retention.get().text(), bound.get().text());
    let why = if direction == "at most" {
        "what must be deleted is not, as long as a backup has it"
    } else {
        "what must be kept is gone with the last backup that has it"
    };
    Some(
        cx.find(
            &CHECK,
            format!("backups of `{path}` are kept for {kept}, and `{word}` data may be kept for {direction} {limit}")
                .replace("may be kept for at least", "must be kept for at least"),
        )
        .at(backup.retention.origin(), format!("{kept} in `{}`", cx.environment()))
        .also(class.origin(), format!("`{word}`"))
        .also(bound.origin(), format!("{direction} {limit}"))
        .note(why)
        .help(format!(
            "write `retention = \"{}d\"` below `[databases.{}.backup]` in `{}`",
            bound.get().days(),
            database.name.get(),
            cx.overlay_file(service)
        )),
    )
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        let findings = service.databases.iter().filter_map(|database| out(cx, service, database));
        findings.for_each(|finding| found.push(finding));
    }
}
