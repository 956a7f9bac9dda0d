//! A Secret with its values in a manifest. No message shows a value.

use super::context::Finding;
use super::{Check, Context, Found};
use crate::attach::Document;
use crate::origin::Origin;
use crate::system::Service;

pub(super) const CHECK: Check = check!("manifest-secret", Error, One(run));

fn with_values<'c>(cx: &'c Context<'c>, service: &Service, document: &Document, at: Origin) -> Finding<'c> {
    let name = &document.name;
    cx.find(&CHECK, format!("`Secret/{name}` has its values in a file of the project"))
        .at_key(at, "values of a secret")
        .secret()
        .note("what was committed once stays in the history of the repository and in every copy of it; base64 hides nothing")
        .note("if they are real, replace them where they are valid; deleting the lines is not enough")
        .help(format!(
            "put the values into the platform's secret store, and declare `[secrets.<name>]` with `keys` in the file of `{}`",
            service.stem
        ))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for document in service.manifests.iter().flat_map(|manifests| &manifests.documents) {
            if document.kind != "Secret" || document.api_version != "v1" {
                continue;
            }
            for key in ["data", "stringData"] {
                let values = document.root.get(key).filter(|node| node.table().is_none_or(|t| !t.is_empty()));
                if let Some(values) = values {
                    found.push(with_values(cx, service, document, Origin::spec(values.id)));
                }
            }
        }
    }
}
