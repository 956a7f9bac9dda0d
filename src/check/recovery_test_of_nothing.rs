//! Something that people are to try out, and that is not there.

use super::{Check, Context, Found};
use crate::system::rehearsal::Kind;

pub(super) const CHECK: Check = check!("recovery-test-of-nothing", Error, One(run));

/// What a test needs of some database, and what gives it.
fn needs(kind: Kind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        Kind::Failover => ("has a standby", "write `instances = 3` for a database"),
        Kind::Site => ("has another site", "write `standby` or `replica_of` for a database"),
        Kind::Restore => ("is backed up", "declare `object_store` below `[platform]`"),
        Kind::Rebuild => return None,
    })
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for rehearsal in cx.system.rehearsals() {
        let Some((lacks, instead)) = needs(rehearsal.kind) else { continue };
        if cx.system.rehearsed(rehearsal.kind).next().is_none() {
            let word = rehearsal.kind.word();
            let title =
                format!("`{}` is to try out `{word}`, and no database here {lacks}", cx.environment());
            found.push(
                cx.find(&CHECK, title)
                    .at(rehearsal.because, "there is nothing to try out")
                    .note("a test that always passes, because there is nothing to do, is worse than none")
                    .help(format!("{instead}, or delete `{word}`")),
            );
        }
    }
}
