//! A configuration file that lacks a key which it has in an earlier environment.

use super::context::{listed, path_of};
use super::{Check, Context, Found};
use crate::system::workload::File;
use crate::system::{Service, Workload};

pub(super) const CHECK: Check = check!("file-key-missing", Deny, All(run));

/// Keys that one finding names.
const SHOWN: usize = 5;

fn differs(
    (cx, file): (&Context<'_>, &File),
    (later, theirs): (&Context<'_>, &File),
    (service, workload): (&Service, &Workload),
    found: &mut Found,
) {
    let (Some(shape), Some(other)) = (&file.shape, &theirs.shape) else { return };
    let (here, there) = (cx.environment(), later.environment());
    let what = format!("`{}` of `{}`", file.path.get(), path_of(service, workload));
    let beyond = shape.beyond(other);
    let missing: Vec<&str> = beyond.iter().filter(|key| key.2.is_none()).map(|key| key.0).collect();
    if !missing.is_empty() {
        let shown: Vec<&str> = missing.iter().copied().take(SHOWN).collect();
        let more = missing.len() - shown.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        found.push(
            later
                .find(&CHECK, format!("{what} lacks {}{more} in `{there}`", listed(&shown)))
                .at(theirs.content.origin(), format!("the file in `{there}`"))
                .also_key_in(cx, file.content.origin(), format!("the file in `{here}` has it"))
                .note("a program that was tried with the key runs without it after the promotion")
                .help(format!("add the key to the file of `{there}`, with the value that holds there")),
        );
    }
    for (key, kind, their_kind) in
        beyond.iter().filter_map(|(key, kind, theirs)| Some((key, kind, (*theirs)?)))
    {
        let title = format!("`{key}` in {what} is {} in `{there}`", their_kind.describe());
        found.push(
            later
                .find(&CHECK, title)
                .at(theirs.content.origin(), format!("the file in `{there}`"))
                .also_key_in(cx, file.content.origin(), format!("{} in `{here}`", kind.describe()))
                .note("a program that reads the one may not read the other")
                .help("write the same kind of value in both files"),
        );
    }
}

fn run(contexts: &[Context<'_>], found: &mut Found) {
    for (index, cx) in contexts.iter().enumerate() {
        // each pair of neighbours is enough: what the next has as well is compared from there
        let Some(later) = contexts.get(index + 1) else { continue };
        for (service, workload) in cx.system.workloads() {
            let Some(theirs) = later.same(service, workload) else { continue };
            for file in workload.all_files() {
                if let Some(other) = theirs.all_files().find(|other| other.key.get() == file.key.get()) {
                    differs((cx, file), (later, other), (service, workload), found);
                }
            }
        }
    }
}
