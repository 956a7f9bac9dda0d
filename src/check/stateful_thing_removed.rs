//! Something that holds data and is gone, or has another name, without a word about it.

use super::context::Finding;
use super::history::{Stateful, What, all, is_retired, shards_of};
use super::{Check, Context, Found};

pub(super) const CHECK: Check = check!("stateful-thing-removed", Deny, Past(run));

/// Whether a database of now says that it was restored from the cluster that is gone.
fn is_source(now: &Context<'_>, gone: &Stateful<'_>) -> bool {
    let What::Database(database) = &gone.what else { return false };
    let near = now.system.services.iter().filter(|s| s.namespace.get() == gone.service.namespace.get());
    near.flat_map(|service| &service.databases)
        .filter_map(|other| other.restored.as_ref())
        .any(|restored| restored.from.get() == database.object.get())
}

/// Whether another finding says it: that of the first shard, or that there are more or fewer of them.
fn is_said(now: &Context<'_>, past: &Context<'_>, gone: &Stateful<'_>, present: &[Stateful<'_>]) -> bool {
    let What::Database(database) = &gone.what else { return false };
    let (name, stem) = (database.name.get(), &gone.service.stem);
    if let Some(count) = shards_of(now, stem, name)
        && Some(count) != shards_of(past, stem, name)
    {
        return true;
    }
    let is_first = |thing: &Stateful<'_>| match &thing.what {
        What::Database(other) => other.is_first() && other.name.get() == name && thing.service.stem == *stem,
        What::Disk(..) => false,
    };
    let of_first = all(past.system).into_iter().find(is_first);
    let first_stays =
        of_first.is_some_and(|first| present.iter().any(|thing| thing.identity() == first.identity()));
    !database.is_first() && !first_stays
}

fn removed<'c>(
    now: &'c Context<'c>,
    past: &Context<'_>,
    gone: &Stateful<'_>,
    successor: Option<&Stateful<'_>>,
) -> Finding<'c> {
    let (namespace, name) = gone.identity();
    let stays = match &gone.what {
        What::Database(_) => "its cluster stays with its volumes, and nothing here looks after it any more",
        What::Disk(..) => "its claim stays with its data, and nothing here mounts it any more",
    };
    let said = format!(
        "or say that it is gone for good: `\"{}\" = \"<why>\"` below `[retired]` in `specc.toml`",
        gone.path
    );
    let place = format!("{name} in namespace {namespace} then");
    match successor {
        Some(new) => {
            let (namespace, name) = new.identity();
            let finding = now
                .find(&CHECK, format!("`{}` is another thing than it was, and begins empty", new.path))
                .at_key(new.origin(), format!("{name} in namespace {namespace} now"))
                .also_key_in(past, gone.origin(), place)
                .note(stays);
            let finding = match (&gone.what, &new.what) {
                (What::Database(old), What::Database(_)) if old.backup.is_some() && gone.service.namespace.get() == new.service.namespace.get() => finding.help(format!(
                    "to keep the data write `{} = {{ name = \"{}\", from = \"{}\" }}`, and restore it as the runbook says",
                    old.shard.map_or_else(|| "restored".to_owned(), |_| format!("restored_shards.{}", old.stack.get())),
                    old.next_name(),
                    old.object.get()
                )),
                _ => finding.help("give back the names of the service, of the thing and of the namespace that it had"),
            };
            finding.help(said)
        }
        None => now
            .find(&CHECK, format!("`{}` is gone, and it held data", gone.path))
            .also_key_in(past, gone.origin(), place)
            .note(stays)
            .help("put it back")
            .help(said),
    }
}

fn run(now: &Context<'_>, past: &Context<'_>, found: &mut Found) {
    let present = all(now.system);
    for gone in all(past.system) {
        let stays = present.iter().any(|thing| thing.identity() == gone.identity());
        if stays
            || is_source(now, &gone)
            || is_retired(now.system, &gone.path).is_some()
            || is_said(now, past, &gone, &present)
        {
            continue;
        }
        let successor = present.iter().find(|thing| thing.path == gone.path);
        found.push(removed(now, past, &gone, successor));
    }
}
