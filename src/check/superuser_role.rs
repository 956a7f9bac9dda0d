//! A role of PostgreSQL, in a manifest taken along, that no grant and no policy of rows binds.

use super::context::Finding;
use super::{Check, Context, Found};
use crate::attach::Document;
use crate::node::{Kind, Node};
use crate::origin::Origin;

pub(super) const CHECK: Check = check!("superuser-role", Deny, One(run));

/// What must not be `true`, and what it would mean.
const RIGHTS: [(&str, &str); 2] =
    [("superuser", "no grant binds it"), ("bypassrls", "no policy of rows binds it")];

fn powerful<'c>(
    cx: &'c Context<'c>,
    document: &Document,
    (right, what): (&str, &str),
    at: &Node,
) -> Finding<'c> {
    let (kind, name) = (&document.kind, &document.name);
    cx.find(&CHECK, format!("`{kind}/{name}` makes a role with `{right}`"))
        .at(Origin::spec(at.id), what)
        .note("whoever has its password has all databases of the server, and a `superuser` the files of its pods as well")
        .help("delete the line, and grant the role what it is for")
}

/// The roles that an object of CloudNativePG makes.
fn roles(document: &Document) -> Vec<&Node> {
    let Some(spec) = document.root.get("spec") else { return Vec::new() };
    match document.kind.as_str() {
        "DatabaseRole" => vec![spec],
        "Cluster" => {
            let listed = spec.get("managed").and_then(|managed| managed.get("roles"));
            match listed.map(|roles| &roles.kind) {
                Some(Kind::Array(roles)) => roles.iter().collect(),
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for document in cx.system.services.iter().flat_map(|s| &s.manifests).flat_map(|m| &m.documents) {
        if !document.api_version.starts_with("postgresql.cnpg.io/") {
            continue;
        }
        for role in roles(document) {
            for right in RIGHTS {
                if let Some(at) = role.get(right.0).filter(|node| matches!(node.kind, Kind::Boolean(true))) {
                    found.push(powerful(cx, document, right, at));
                }
            }
        }
    }
}
