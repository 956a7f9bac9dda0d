//! `specc explain ENV --reverse FILE:LINE`: every field of the output that a line of the spec has a part in.

use super::{Explainer, Unknown, push};
use crate::origin::NodeId;
use crate::source::SourceId;
use crate::walk::Leaves;

/// Lists the fields that the nodes on a line produce, by object.
///
/// # Errors
/// The file was not read, or nothing stands on the line.
pub fn line(explainer: &Explainer<'_>, file: &str, line: usize) -> Result<String, Unknown> {
    let source = explainer.sources.find(file).ok_or_else(|| Unknown {
        what: format!("`{file}` is not a file of this environment"),
        help: Some(
            "give the path relative to the project's root, such as `services/orders.toml:12`".to_owned(),
        ),
    })?;
    let nodes = nodes_on(explainer, source, line);
    if nodes.is_empty() {
        return Err(Unknown {
            what: format!("nothing on line {line} of `{file}` reaches this environment"),
            help: Some("the line is empty, a comment, or overridden by a later layer".to_owned()),
        });
    }
    let mut out = String::new();
    for node in &nodes {
        push(&mut out, 0, &explainer.environment.nodes.path(*node));
    }
    let mut some = false;
    for emitted in &explainer.environment.bundle().objects {
        let leaves = Leaves::of(emitted.object.as_walk());
        let rows = explainer.environment.tracer.with(|trace| {
            let named = leaves.rows.iter().filter(|row| nodes.iter().any(|node| row.names(*node, trace)));
            named.map(super::field).collect::<Vec<_>>()
        });
        if !rows.is_empty() {
            some = true;
            let name = emitted.object.metadata().name.get();
            push(&mut out, 1, &format!("{}/{name}  ({})", emitted.object.kind(), emitted.id.path()));
            for row in rows {
                push(&mut out, 2, &row);
            }
        }
    }
    if !some {
        push(&mut out, 1, "reaches no field of the output");
    }
    Ok(out)
}

/// The leaves, or else the tables, whose key or value begins on the line.
fn nodes_on(explainer: &Explainer<'_>, source: SourceId, line: usize) -> Vec<NodeId> {
    let nodes = &explainer.environment.nodes;
    let on_line = |id: &NodeId| {
        let place = nodes.key_place(*id).filter(|place| place.source == source);
        place.is_some_and(|place| explainer.sources.position(place).line == line)
    };
    let found: Vec<NodeId> = nodes.ids().filter(on_line).collect();
    let holds_another =
        |id: &NodeId| found.iter().any(|other| nodes.get(*other).and_then(|i| i.parent) == Some(*id));
    found.iter().copied().filter(|id| !holds_another(id)).collect()
}
