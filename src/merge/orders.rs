//! What a layer orders at its top beside its values: `remove` and `final`.

use super::path;
use crate::diagnostic::{Diagnostic, Sink};
use crate::node::{Kind, Node};
use crate::source::Place;
use crate::text::Text;

/// The key of paths to take away.
pub(super) const REMOVE: &str = "remove";
/// The key of paths that later layers may not mention.
pub(super) const FINAL: &str = "final";

/// One path of an order.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) path: Vec<Text>,
    /// the item of the array
    pub(super) at: Place,
}

/// The orders of one layer.
#[derive(Debug, Default)]
pub(super) struct Orders {
    pub(super) remove: Vec<Order>,
    pub(super) seal: Vec<Order>,
}

fn not_a_list(key: &str, node: &Node) -> Diagnostic {
    Diagnostic::error("bad-path", format!("`{key}` takes an array of paths, not {}", node.kind.describe()))
        .at(node.mention.value, "not an array of paths")
        .help(format!("write `{key} = [\"workloads.api\"]`, at the top of the file"))
}

fn not_a_path(key: &str, item: &Node) -> Diagnostic {
    let is = match &item.kind {
        Kind::String(text) => format!("`{text}` is not a path"),
        other => format!("`{key}` takes paths as strings, not {}", other.describe()),
    };
    Diagnostic::error("bad-path", is)
        .at(item.mention.value, "not a path")
        .note("a path is the names of tables and keys with dots between them; items of arrays have none")
        .help("write it as in `workloads.api.scale`; a name with other characters than letters, digits, `-` and `_` stands in quotes: `'workloads.api.env.\"A.B\"'`")
}

impl Orders {
    /// The orders of `layer`; what cannot be understood is reported and left out.
    pub(super) fn read(layer: &Node, sink: &mut Sink) -> Self {
        Orders { remove: list(layer, REMOVE, sink), seal: list(layer, FINAL, sink) }
    }
}

fn list(layer: &Node, key: &str, sink: &mut Sink) -> Vec<Order> {
    let Some(node) = layer.get(key) else { return Vec::new() };
    let Kind::Array(items) = &node.kind else {
        sink.push(not_a_list(key, node));
        return Vec::new();
    };
    let mut orders = Vec::with_capacity(items.len());
    for item in items {
        match item.string().and_then(|text| path::parse(text)) {
            Some(path) => orders.push(Order { path, at: item.mention.value }),
            None => sink.push(not_a_path(key, item)),
        }
    }
    orders
}
