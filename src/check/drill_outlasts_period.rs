//! A drill that may last until the next is due.

use super::context::noun;
use super::{Check, Context, Found};
use crate::system::database::DRILL_REMOVAL;
use crate::value::{Duration, Value};

pub(super) const CHECK: Check = check!("drill-outlasts-period", Error, One(run));

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for database in &service.databases {
            let Some(drill) = &database.drill else { continue };
            let lasts = drill.timeout.get().seconds_ceil().saturating_add(DRILL_REMOVAL);
            let Some(period) = drill.period().filter(|period| *period <= lasts) else { continue };
            let text = |seconds: u64| Duration::from_seconds(seconds).text().into_owned();
            let path = noun(service, "databases", database.name.get());
            let title = format!(
                "a drill of `{path}` may last {}, and the next is due after {}",
                text(lasts),
                text(period)
            );
            found.push(
                cx.find(&CHECK, title)
                    .at(drill.schedule.origin(), format!("every {} at the shortest", text(period)))
                    .also(
                        drill.timeout.origin(),
                        format!(
                            "{} until it is restored, and 15m to take it away",
                            drill.timeout.get().text()
                        ),
                    )
                    .note("the next drill is then skipped, and the age of the last good one says nothing")
                    .help("let it run less often, or write a shorter `drill_timeout`"),
            );
        }
    }
}
