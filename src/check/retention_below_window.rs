//! Backups that are gone before the time that a restore must be able to go back to.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::spec::environment::Tier;
use crate::system::{Database, Service};
use crate::value::{Duration, Value};

pub(super) const CHECK: Check = check!("retention-below-window", Error, One(run));

const DAY: u64 = 86_400;

fn below<'c>(cx: &'c Context<'c>, service: &Service, database: &Database) -> Option<Finding<'c>> {
    let window = database.window.as_ref()?;
    let path = noun(service, "databases", database.name.get());
    let wanted = window.get().text();
    let Some(backup) = &database.backup else {
        // in dev goals are reported, not kept
        return (!cx.is_tier(Tier::Dev)).then(||
            cx.find(&CHECK, format!("`{path}` promises to go back {wanted}, and is not backed up"))
                .at(window.origin(), "the promise")
                .also_key(database.backup_because, "nothing here makes backups")
                .help("write a table `backup`, and declare `object_store` below `[platform]`, or delete the promise"),
        );
    };
    // the base backup before the oldest moment stays as long as that moment can be wanted
    let kept = u64::from(backup.retention.get().days()).saturating_mul(DAY);
    let missing = window.get().seconds_ceil().checked_sub(kept).filter(|missing| *missing > 0)?;
    let days = window.get().seconds_ceil().div_ceil(DAY);
    let retention = backup.retention.get().text();
    Some(
        cx.find(
            &CHECK,
            format!("`{path}` promises to go back {wanted}, and its backups are kept for {retention}"),
        )
        .at(window.origin(), "the promise")
        .also(backup.retention.origin(), format!("{} too little", Duration::from_seconds(missing).text()))
        .note(format!(
            "a restore reaches back exactly as far as `retention`: the log and the base backups before that are deleted{}",
            if backup.retention.get().text().ends_with('m') { ", and a month counts 28 days" } else { "" }
        ))
        .help(format!("write `retention = \"{days}d\"` below `[databases.{}.backup]`", database.name.get()))
        .help(format!("or `window = \"{}d\"`, if that is enough", backup.retention.get().days())),
    )
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        let findings = service.databases.iter().filter_map(|database| below(cx, service, database));
        findings.for_each(|finding| found.push(finding));
    }
}
