//! `specc explain ENV Kind/name [FIELD]`: why an object or a field of it is there, is not there, or has its value.

use super::{Explainer, Unknown, push};
use crate::bundle::{Absent, Emitted};
use crate::diagnostic::suggest::nearest;
use crate::walk::{Leaves, Row};

/// Explains an object, or the fields of it that `field` names or holds.
///
/// # Errors
/// There is no such object and none could be there, the name is ambiguous without a namespace, or it has no such field.
pub fn object(
    explainer: &Explainer<'_>,
    kind: &str,
    name: &str,
    namespace: Option<&str>,
    field: Option<&str>,
) -> Result<String, Unknown> {
    let bundle = explainer.environment.bundle();
    let matches = |emitted: &&Emitted| {
        let metadata = emitted.object.metadata();
        let own = metadata.namespace.as_ref().map(|n| n.get().as_str());
        emitted.object.kind().eq_ignore_ascii_case(kind)
            && metadata.name.get() == name
            && namespace.is_none_or(|wanted| own == Some(wanted))
    };
    let found: Vec<&Emitted> = bundle.objects.iter().filter(matches).collect();
    match (found.as_slice(), field) {
        ([], _) => absent(explainer, &bundle.absent, &bundle.objects, kind, name),
        ([one], None) => Ok(existence(explainer, one)),
        ([one], Some(field)) => fields(explainer, one, field),
        (several, _) => {
            let namespaces = several.iter().filter_map(|e| e.object.metadata().namespace.as_ref());
            let names: Vec<&str> = namespaces.map(|n| n.get().as_str()).collect();
            Err(Unknown {
                what: format!("`{kind}/{name}` is ambiguous"),
                help: Some(format!("say which with `-n`: {}", names.join(", "))),
            })
        }
    }
}

fn existence(explainer: &Explainer<'_>, emitted: &Emitted) -> String {
    let mut out = String::new();
    let metadata = emitted.object.metadata();
    push(&mut out, 0, &format!("{}/{} exists", emitted.object.kind(), metadata.name.get()));
    push(&mut out, 1, &format!("in {}", emitted.id.path()));
    explainer.origin(emitted.object.because(), 1, &mut out);
    out
}

/// A conditional object that was left out, or nothing at all.
fn absent(
    explainer: &Explainer<'_>,
    left_out: &[Absent],
    objects: &[Emitted],
    kind: &str,
    name: &str,
) -> Result<String, Unknown> {
    let mut out = String::new();
    for absent in left_out.iter().filter(|a| a.id.kind.eq_ignore_ascii_case(kind) && a.name == *name) {
        push(&mut out, 0, &format!("{}/{name} is absent", absent.id.kind));
        explainer.origin(absent.because, 1, &mut out);
    }
    if !out.is_empty() {
        return Ok(out);
    }
    let all: Vec<String> =
        objects.iter().map(|e| format!("{}/{}", e.object.kind(), e.object.metadata().name.get())).collect();
    let near = nearest(&format!("{kind}/{name}"), all.iter().map(String::as_str));
    Err(Unknown {
        what: format!("there is no object `{kind}/{name}`"),
        help: near.map(|near| format!("did you mean `{near}`?")),
    })
}

fn fields(explainer: &Explainer<'_>, emitted: &Emitted, field: &str) -> Result<String, Unknown> {
    let leaves = Leaves::of(emitted.object.as_walk());
    let below = |path: &str| {
        path.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    let mut out = String::new();
    for row in leaves.rows.iter().filter(|row| below(&row.path)) {
        value(explainer, row, &mut out);
    }
    for omission in leaves.omissions.iter().filter(|o| below(&o.path) || parent(&o.path, field)) {
        push(&mut out, 0, &format!("{} is left out", omission.path));
        explainer.origin(omission.origin, 1, &mut out);
    }
    if !out.is_empty() {
        return Ok(out);
    }
    let near = nearest(field, leaves.rows.iter().map(|row| row.path.as_str()));
    Err(Unknown {
        what: format!(
            "`{}/{}` has no field `{field}`",
            emitted.object.kind(),
            emitted.object.metadata().name.get()
        ),
        help: near.map(|near| format!("did you mean `{near}`?")),
    })
}

/// Whether `path` holds `field`: a part that was left out explains every field of it.
fn parent(path: &str, field: &str) -> bool {
    field.strip_prefix(path).is_some_and(|rest| rest.starts_with(['.', '[']))
}

fn value(explainer: &Explainer<'_>, row: &Row, out: &mut String) {
    push(out, 0, &super::field(row));
    explainer.origin(row.origin, 1, out);
    // the innermost reason for the part that holds the value, unless it is the same one
    if let Some(because) = row.presence.last().filter(|because| **because != row.origin) {
        push(out, 1, "there because of");
        explainer.origin(*because, 2, out);
    }
}
