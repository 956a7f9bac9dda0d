//! What the report says of objects that are written by hand, in whole or in part.

use serde::Serialize;

use crate::system::System;

/// A field that the spec sets past the language.
#[derive(Serialize)]
pub(super) struct Field {
    file: String,
    path: String,
    place: String,
    reason: String,
    applied: bool,
}

/// Every such field; `paths` are the files of the objects that there are.
pub(super) fn fields(system: &System, paths: &[String]) -> Vec<Field> {
    let mut rows = Vec::new();
    for service in &system.services {
        for patch in &service.patches {
            let object = patch.object.get();
            let file = format!("services/{}/{}/{object}.yaml", service.name.get(), patch.noun);
            let applied = paths.contains(&file);
            let reason =
                patch.table.reason.as_ref().map(|reason| reason.get().to_string()).unwrap_or_default();
            rows.extend(patch.written.iter().map(|(path, toml)| Field {
                file: file.clone(),
                path: path.clone(),
                place: format!("{toml}: {}.kubernetes.{object}", patch.path),
                reason: reason.clone(),
                applied,
            }));
        }
    }
    rows
}
