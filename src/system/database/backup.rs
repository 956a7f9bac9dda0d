//! Where the backups of a database go, when they are made, and how long they are kept.

use crate::origin::{BACKUP, BACKUP_SCHEDULE, Origin, Traced, rule};
use crate::spec::database as spec;
use crate::spec::environment::Tier;
use crate::system::{Context, Place};
use crate::text::Text;
use crate::value::{Cron, Retention, Value as _};

use super::shards::Stack;
use super::{Backup, restored};

/// The backups, and why there are some or not.
pub(super) fn resolve(
    table: &spec::Database,
    (object, stack): (&Traced<Text>, &Stack),
    place: &Place<'_>,
    context: &Context<'_>,
) -> (Option<Backup>, Origin) {
    let Context { tracer, tier, platform, .. } = context;
    let written = table.backup.as_ref();
    let asked = written.map_or(tier.origin(), |b| Origin::spec(b.at));
    let Some(store) = &platform.object_store else {
        return (None, tracer.because(BACKUP, &[platform.origin, asked]));
    };
    let because = tracer.because(BACKUP, &[Origin::spec(store.at), asked]);
    if written.is_none() && *tier.get() == Tier::Dev {
        return (None, because);
    }
    let days = if *tier.get() == Tier::Prod { "30d" } else { "7d" };
    let usual = Retention::parse(days).unwrap_or(Retention::WEEK);
    let backup = Backup {
        path: restored::path(&store.url, place, object, tracer),
        schedule: match written.and_then(|b| b.schedule.as_ref()) {
            Some(cron) => tracer.derive(BACKUP_SCHEDULE, (&stack.staggered(cron, tracer),), |(cron,)| {
                cron.with_seconds().into()
            }),
            None => stack
                .staggered(&rule(BACKUP, Cron::daily(0, 30)), tracer)
                .map(|cron| Text::from(cron.with_seconds())),
        },
        retention: written
            .and_then(|b| b.retention)
            .unwrap_or_else(|| tracer.constant(BACKUP, &[tier.origin()], usual)),
    };
    (Some(backup), because)
}
