//! What tells that nobody knows whether backups can be restored: drills that fail, are skipped, or take too long.
//!
//! A drill that fails is seen by the age of the last good one, whatever it failed of, and one that never ran by its own.

use super::Alert;
use crate::origin::{ALERT_DRILL, ALERT_DRILL_TIME, Origin};
use crate::promql::Expr;
use crate::system::Database;
use crate::system::database::{DRILL_REMOVAL, Drill};
use crate::value::{Duration, Value as _};

/// Seconds that a drill may begin late, or wait for a node.
const LATE: u64 = 3600;

pub(super) fn alerts(database: &Database) -> Vec<Alert> {
    let Some(drill) = &database.drill else { return Vec::new() };
    stale(database, drill).into_iter().chain(slow(database, drill)).collect()
}

fn text(seconds: u64) -> String {
    Duration::from_seconds(seconds).text().into_owned()
}

/// The longest time between two drills, and what the second of them may take.
fn stale(database: &Database, drill: &Drill) -> Option<Alert> {
    let takes = drill.timeout.get().seconds_ceil().saturating_add(DRILL_REMOVAL).saturating_add(LATE);
    let limit = drill.longest_period()?.saturating_add(takes);
    // one that never was good counts from the day on which it was asked for
    let newest = drill.last_good().op("or", drill.made()).by("max", &["cronjob"]);
    let age = Expr::Time.op("-", newest).op(">", Expr::Number(limit));
    let (name, namespace) = (database.object.get(), drill.namespace.get());
    Some(Alert {
        name: "DrillStale",
        hold: "1h",
        severity: "warning",
        expr: age.op("or", drill.made().call("absent")),
        summary: format!("no backup of {name} was restored in the last {}", text(limit)),
        action: format!(
            "Until one is, nobody knows whether a restore works. See what the last drill said: kubectl -n {namespace} logs -l \
             app.kubernetes.io/name={} --tail=50. Mend that and run one by hand, as the runbook says. If drills are good, see \
             whether kube-state-metrics tells of {namespace}.",
            drill.object.get()
        ),
        why: vec![database.drill_because, drill.timeout.origin(), Origin::rule(ALERT_DRILL)],
    })
}

/// The newest drill, good or not, took more than what is left of the promise when the time to notice is over.
fn slow(database: &Database, drill: &Drill) -> Option<Alert> {
    let limit = drill.limit.as_ref()?;
    let newest = drill.began().op("==", drill.began().by("max", &[]).call("scalar"));
    let took = drill.ended().op("-", newest).by("max", &["pod"]);
    let (name, namespace) = (database.object.get(), drill.namespace.get());
    Some(Alert {
        name: "DrillSlow",
        hold: "5m",
        severity: "warning",
        expr: took.op(">", Expr::Number(limit.get().seconds_ceil())),
        summary: format!("the last drill of {name} took longer than {}", limit.get().text()),
        action: format!(
            "A real restore would break the promise of rto. See what took the time: kubectl -n {namespace} logs {{{{ $labels.pod }}}}. \
             Make base backups more often if it was the log, give the database more CPU or a faster volume if it was the copy, or \
             write a longer rto for {name} in the spec."
        ),
        why: vec![database.drill_because, limit.origin(), Origin::rule(ALERT_DRILL_TIME)],
    })
}
