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

/// An object that is taken along.
#[derive(Serialize)]
pub(super) struct Taken {
    object: String,
    file: String,
    reason: String,
    checked: &'static str,
}

/// Every object that is taken along as it is.
pub(super) fn taken(system: &System) -> Vec<Taken> {
    let mut rows = Vec::new();
    for service in &system.services {
        for manifests in &service.manifests {
            rows.extend(manifests.documents.iter().map(|document| Taken {
                object: format!("{} {}", document.kind, document.name),
                file: document.file.to_string(),
                reason: manifests.reason.as_ref().map(|reason| reason.get().to_string()).unwrap_or_default(),
                checked: match crate::api::kind(&document.api_version, &document.kind) {
                    Some(_) => "yes",
                    None => "not checked: its definition is not known here",
                },
            }));
        }
    }
    rows
}
