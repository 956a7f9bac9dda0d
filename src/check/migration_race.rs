//! A migration that several pods run at once.

use super::migrations::{ByHand, Problem, by_hand, instead};
use super::{Check, Context, Found};
use crate::system::Replicas;

pub(super) const CHECK: Check = check!("migration-race", Deny, One(run));

fn run(cx: &Context<'_>, found: &mut Found) {
    for run in by_hand(cx).iter().filter(|run| run.problem == Some(Problem::Race)) {
        let ByHand { path, tool, workload, .. } = run;
        let (pods, origin) = match &workload.replicas {
            Replicas::Fixed(count) => (count.get().to_string(), count.origin()),
            Replicas::Auto { max, .. } => (format!("up to {}", max.get()), max.origin()),
            Replicas::None(because) => ("one on every node".to_owned(), *because),
        };
        let title = format!("`{path}` runs `{tool}` in each of several pods");
        found.push(
            cx.find(&CHECK, title)
                .at(run.at, "runs at the start of each pod")
                .also(origin, format!("pods: {pods}"))
                .note("pods that start together change the schema together: one fails half-way, or both do")
                .note("a pod that starts later, on a new node or at more load, runs it again, of an old version as well")
                .help(instead(run)),
        );
    }
}
