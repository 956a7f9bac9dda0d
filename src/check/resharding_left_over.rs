//! A word about another number of shards that is about no change any more.

use super::context::noun;
use super::history::shards_of;
use super::reshard_unacknowledged::{acknowledged, both};
use super::{Check, Context, Found};

pub(super) const CHECK: Check = check!("resharding-left-over", Warn, Past(run));

fn run(now: &Context<'_>, past: &Context<'_>, found: &mut Found) {
    for (service, database, _) in both(now, past) {
        let count = |cx| shards_of(cx, &service.stem, database.name.get());
        let Some(said) = acknowledged(service, database).filter(|_| count(now) == count(past)) else {
            continue;
        };
        let path = noun(service, "databases", database.name.get());
        found.push(
            now.find(
                &CHECK,
                format!("`{path}` says that its rows were moved, and has as many shards as before"),
            )
            .at(said, "is about an earlier change")
            .note("left where it is, it would let the next change pass that nobody meant")
            .help("delete `resharding`"),
        );
    }
}
