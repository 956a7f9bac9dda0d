//! A migration that waits for locks as long as it takes.

use super::migrations::{ByHand, Problem, by_hand, instead};
use super::{Check, Context, Found};

pub(super) const CHECK: Check = check!("migration-unguarded", Deny, One(run));

fn run(cx: &Context<'_>, found: &mut Found) {
    for run in by_hand(cx).iter().filter(|run| run.problem == Some(Problem::Unguarded)) {
        let ByHand { path, tool, .. } = run;
        found.push(
            cx.find(&CHECK, format!("`{path}` runs `{tool}` without a `lock_timeout`"))
                .at(run.at, "changes the schema")
                .note("an `ALTER TABLE` that waits for a long query lets every later query wait behind it: the service stands still")
                .help(instead(run))
                .help("or keep it, and set `PGOPTIONS = \"-c lock_timeout=5s\"` in its `env`, if its driver is built on libpq"),
        );
    }
}
