//! A volume that lacks what its kind needs, or says what its kind does not read.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::spec::decode::Choice;
use crate::spec::workload::VolumeKind;
use crate::system::{Service, Volume, Workload};
use crate::value::Value;

pub(super) const CHECK: Check = check!("volume-incomplete", Error, One(run));

fn lacking<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    volume: &Volume,
    (key, example): (&str, &str),
) -> Finding<'c> {
    let (path, kind) = (path_of(service, workload), volume.kind.get().word());
    cx.find(
        &CHECK,
        format!("the volume `{}` of `{path}` is of kind `{kind}` and has no `{key}`", volume.name.get()),
    )
    .at_key(Origin::spec(volume.table.at), format!("no `{key}`"))
    .also(volume.kind.origin(), format!("kind `{kind}`"))
    .help(format!("write `{key} = {example}`"))
}

fn unread<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    volume: &Volume,
    (key, at): (&str, Origin),
) -> Finding<'c> {
    let (path, kind) = (path_of(service, workload), volume.kind.get().word());
    cx.find(&CHECK, format!("`{key}` means nothing for the volume `{}` of `{path}`", volume.name.get()))
        .at_key(at, format!("not read for kind `{kind}`"))
        .also(volume.kind.origin(), format!("kind `{kind}`"))
        .help("delete the key, or write the `kind` that it belongs to")
}

fn twice<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    volume: &Volume,
    (item, key, path): (Origin, Origin, &str),
) -> Finding<'c> {
    let of = path_of(service, workload);
    cx.find(&CHECK, format!("the volume `{}` of `{of}` has the file `{path}` twice", volume.name.get()))
        .at_key(item, "a file of that name")
        .also(key, "becomes a file of that name as well")
        .note("the API server refuses the pod")
        .help("delete one of them, or give the item another path")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    use VolumeKind::{Claim, ConfigMap, Empty, Ephemeral, ExistingClaim, HostPath, Memory, Secret, Token};
    for (service, workload) in cx.system.workloads() {
        for volume in &workload.volumes {
            let (kind, table) = (*volume.kind.get(), &volume.table);
            let needed = match kind {
                Claim | Ephemeral if table.size.is_none() => Some(("size", "\"10Gi\"")),
                ExistingClaim | ConfigMap | Secret if table.name.is_none() => Some(("name", "\"its-name\"")),
                HostPath if table.path.is_none() => Some(("path", "\"/proc\"")),
                Token if table.audience.is_none() => Some(("audience", "\"vault\"")),
                _ => None,
            };
            if let Some(needed) = needed {
                found.push(lacking(cx, (service, workload), volume, needed));
            }
            let written = [
                ("size", table.size.as_ref().map(Traced::origin), &[Empty, Memory, Claim, Ephemeral][..]),
                ("storage_class", table.storage_class.as_ref().map(Traced::origin), &[Claim, Ephemeral]),
                ("access", table.access.as_ref().map(Traced::origin), &[Claim, Ephemeral]),
                ("name", table.name.as_ref().map(Traced::origin), &[ExistingClaim, ConfigMap, Secret]),
                ("keys", table.keys.at.map(Origin::spec), &[ConfigMap, Secret]),
                (
                    "items",
                    table.items.iter().next().map(|(_, entry)| entry.key.origin()),
                    &[ConfigMap, Secret],
                ),
                ("optional", table.optional.as_ref().map(Traced::origin), &[ConfigMap, Secret]),
                ("path", table.path.as_ref().map(Traced::origin), &[HostPath]),
                ("mode", table.mode.as_ref().map(Traced::origin), &[ConfigMap, Secret]),
                ("audience", table.audience.as_ref().map(Traced::origin), &[Token]),
                ("expires", table.expires.as_ref().map(Traced::origin), &[Token]),
            ];
            let names = |path: &str| table.keys.iter().find(|key| key.get().text() == path);
            for (path, entry) in table.items.iter() {
                if let Some(key) = names(path) {
                    found.push(twice(
                        cx,
                        (service, workload),
                        volume,
                        (entry.key.origin(), key.origin(), path),
                    ));
                }
            }
            for (key, at, kinds) in written {
                if let (Some(at), false) = (at, kinds.contains(&kind)) {
                    found.push(unread(cx, (service, workload), volume, (key, at)));
                }
            }
        }
    }
}
