//! The way out for whole objects: manifests that exist already, in the order and style of everything else.
//!
//! A namespace that is not said is the service's; what the cluster writes (`status`) and what says nothing goes away.
//! Nothing else is added or changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::patch::value;
use crate::api::{self, Form};
use crate::attach::Document;
use crate::bundle::{Bundle, Scope};
use crate::k8s::{Metadata, Written};
use crate::node::Node;
use crate::origin::{KIND, Origin, Traced};
use crate::system::{Manifests, Service};
use crate::text::Text;
use crate::walk::{Body, Part};

use super::Cx;

pub(super) fn lower(cx: &Cx<'_>, service: &Service, manifests: &Manifests, bundle: &mut Bundle) {
    let scope = Scope::Service {
        service: service.name.get().clone(),
        noun: Text::from(format!("manifests-{}", manifests.name.get())),
    };
    let because = cx.tracer.because(KIND, &manifests.because);
    for document in &manifests.documents {
        let object = object(service, document, &manifests.because, because);
        // RBAC allows colons in names, file systems do not
        let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
        let mut role: String = document.name.chars().map(plain).collect();
        let taken = |role: &str| {
            bundle.objects.iter().any(|emitted| {
                emitted.id.scope == scope
                    && emitted.id.kind.eq_ignore_ascii_case(&object.kind)
                    && emitted.id.role.as_ref().is_some_and(|known| known == role)
            })
        };
        if taken(&role) {
            // kinds of several groups, or namespaces, may have objects of one name
            let namespace =
                object.metadata.namespace.as_ref().map_or("", |namespace| namespace.get().as_str());
            role = format!("{role}-{}-{namespace}", api::group(&object.api_version));
        }
        bundle.push_as(&scope, Some(Text::from(role)), object);
    }
}

/// Whether objects of the kind live in a namespace; custom resources that nobody knows mostly do.
pub(crate) fn is_namespaced(document: &Document) -> bool {
    api::kind(&document.api_version, &document.kind).is_none_or(|kind| kind.namespaced)
}

fn object(service: &Service, document: &Document, reasons: &[Origin], because: Origin) -> Written {
    let origin = |node: Option<&Node>| node.map_or(because, |node| Origin::spec(node.id));
    let metadata = document.root.get("metadata");
    let written = metadata.and_then(|metadata| metadata.get("namespace"));
    let namespace = match &document.namespace {
        Some(namespace) => Some(Traced::because(namespace.clone(), origin(written))),
        None => is_namespaced(document).then(|| service.namespace.clone()),
    };
    let name = metadata.and_then(|metadata| metadata.get("name"));
    Written {
        because,
        kind: document.kind.clone(),
        api_version: document.api_version.clone(),
        content: content(document, namespace.as_ref(), reasons),
        metadata: Metadata {
            name: Traced::because(document.name.clone(), origin(name)),
            namespace,
            labels: Arc::default(),
            annotations: BTreeMap::new(),
        },
        of: None,
    }
}

/// The fields in the usual order, each with its line.
fn content(document: &Document, namespace: Option<&Traced<Text>>, reasons: &[Origin]) -> Part {
    let known = api::kind(&document.api_version, &document.kind).map(|kind| kind.object);
    let form = |key: &str| known.and_then(|fields| fields.field(key)).map_or(Form::ANY, |field| field.form);
    let mut fields = Vec::new();
    for (key, node) in document.root.table().into_iter().flatten() {
        let mut part = value(node, form(key));
        if *key == "metadata" {
            if let (Body::Map(fields), Some(namespace)) = (&mut part.body, namespace)
                && document.namespace.is_none()
            {
                let atom = crate::walk::Atom::Str(namespace.get().clone());
                fields.push((Text::Literal("namespace"), Part::leaf(atom, namespace.origin())));
            }
            in_order(&mut part, &["name", "namespace", "labels", "annotations"]);
        }
        if *key != "status" {
            fields.push((key.clone(), part));
        }
    }
    let mut content: Part = Body::Map(fields).into();
    in_order(&mut content, &["apiVersion", "kind", "metadata", "spec"]);
    content.because = reasons.to_vec();
    content
}

/// Puts the keys that readers look for first before the others, which stay sorted.
fn in_order(part: &mut Part, first: &[&str]) {
    if let Body::Map(fields) = &mut part.body {
        let rank = |key: &Text| first.iter().position(|known| *key == *known).unwrap_or(first.len());
        fields.sort_by(|(a, _), (b, _)| rank(a).cmp(&rank(b)).then_with(|| a.cmp(b)));
    }
}
