//! An object that is taken along into a namespace which specc does not manage.

use super::context::{Finding, listed};
use super::{Check, Context, Found};
use crate::attach::Document;
use crate::origin::Origin;
use crate::system::Service;

pub(super) const CHECK: Check = check!("manifest-namespace", Deny, One(run));

fn elsewhere<'c>(
    cx: &'c Context<'c>,
    service: &Service,
    document: &Document,
    (namespace, at): (&str, Origin),
) -> Finding<'c> {
    let (kind, name) = (&document.kind, &document.name);
    let mut known: Vec<&str> = cx.system.services.iter().map(|s| s.namespace.get().as_str()).collect();
    known.sort_unstable();
    known.dedup();
    cx.find(&CHECK, format!("`{kind}/{name}` goes into the namespace `{namespace}`, which specc does not manage"))
        .at(at, format!("the services live in {}", listed(&known)))
        .note("nothing there is closed by a network policy or a level of Pod Security, and pruning may not reach it")
        .help(format!(
            "delete the line: without it the object goes into `{}`, where its service is",
            service.namespace.get()
        ))
}

fn without_any<'c>(cx: &'c Context<'c>, document: &Document, at: Origin) -> Finding<'c> {
    let (kind, name) = (&document.kind, &document.name);
    cx.find(&CHECK, format!("`{kind}/{name}` is of the whole cluster and has a namespace"))
        .at(at, "no namespace can hold it")
        .note("the API server refuses such an object")
        .help("delete the line")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for document in service.manifests.iter().flat_map(|manifests| &manifests.documents) {
            let node = document.root.get("metadata").and_then(|metadata| metadata.get("namespace"));
            let (Some(node), Some(namespace)) = (node, &document.namespace) else { continue };
            let at = Origin::spec(node.id);
            let known = crate::api::kind(&document.api_version, &document.kind);
            if known.is_some_and(|kind| !kind.namespaced) {
                found.push(without_any(cx, document, at));
            } else if !cx.system.services.iter().any(|s| s.namespace.get() == namespace) {
                found.push(elsewhere(cx, service, document, (namespace, at)));
            }
        }
    }
}
