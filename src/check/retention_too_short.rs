//! Backups that are deleted before there are others to restore from.

use super::context::noun;
use super::{Check, Context, Found};
use crate::value::{Cron, Duration, Value};

pub(super) const CHECK: Check = check!("retention-too-short", Deny, One(run));

const DAY: u64 = 86_400;

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for database in &service.databases {
            let Some(backup) = &database.backup else { continue };
            // six fields, seconds first
            let Some(five) = backup.schedule.get().split_once(' ').map(|(_, five)| five) else { continue };
            let gap = Cron::parse(five).ok().and_then(|cron| cron.max_interval()).map(|minutes| minutes * 60);
            let kept = u64::from(backup.retention.get().days()) * DAY;
            let Some(gap) = gap.filter(|gap| kept < gap.saturating_mul(2)) else { continue };
            let text = |seconds: u64| Duration::from_seconds(seconds).text().into_owned();
            let path = noun(service, "databases", database.name.get());
            let title = format!(
                "backups of `{path}` are kept for {}, and {} may pass between two",
                backup.retention.get().text(),
                text(gap)
            );
            found.push(
                cx.find(&CHECK, title)
                    .at(backup.retention.origin(), "shorter than two gaps")
                    .also(backup.schedule.origin(), format!("a gap of {}", text(gap)))
                    .at(backup.schedule.origin(), format!("a gap of {}", text(gap)))
                    .note("when one backup fails, the one before it may be gone already, and with it every moment to go back to")
                    .help(format!("write `retention = \"{}d\"`, or let backups be made more often", gap.saturating_mul(2).div_ceil(DAY))),
            );
        }
    }
}
