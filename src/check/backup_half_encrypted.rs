//! A folder of backups, in a manifest taken along, of which only a part is encrypted.

use super::{Check, Context, Found};
use crate::origin::Origin;

pub(super) const CHECK: Check = check!("backup-half-encrypted", Deny, One(run));

fn run(cx: &Context<'_>, found: &mut Found) {
    for document in cx.system.services.iter().flat_map(|s| &s.manifests).flat_map(|m| &m.documents) {
        if document.kind != "ObjectStore" || !document.api_version.starts_with("barmancloud.cnpg.io/") {
            continue;
        }
        let spec = document.root.get("spec").and_then(|spec| spec.get("configuration"));
        let Some(configuration) = spec else { continue };
        let asked = |part: &str| configuration.get(part).and_then(|part| part.get("encryption"));
        let (with, without, at) = match (asked("data"), asked("wal")) {
            (Some(data), None) => ("base backups", "the log", data),
            (None, Some(wal)) => ("the log", "base backups", wal),
            _ => continue,
        };
        let missing = if with == "the log" { "data" } else { "wal" };
        found.push(
            cx.find(&CHECK, format!("`ObjectStore/{}` asks to encrypt {with} and not {without}", document.name))
                .at(Origin::spec(at.id), format!("{with} alone"))
                .note("the log holds every row that was changed, and base backups hold all of them: one in plain text shows what the other hides")
                .help(format!("write the same `encryption` below `{missing}`")),
        );
    }
}
