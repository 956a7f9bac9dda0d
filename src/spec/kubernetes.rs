//! `[….kubernetes.<object>]`: fields of an emitted object, written as the API has them.
//!
//! What the fields are called and hold is the API's business: a check judges them. Here they stay as they were written.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::decode::{Decode, Decoder, Field};
use super::schema::Defs;
use crate::node::{Kind, Node};
use crate::origin::{NodeId, Traced};
use crate::text::Text;

/// Fields that are put over those of one emitted object.
#[derive(Clone, Debug)]
pub struct Patch {
    /// the table itself
    pub at: NodeId,
    /// why they are needed, as the report says it
    pub reason: Option<Traced<Text>>,
    node: Arc<Node>,
}

const REASON: &str = "reason";

impl Patch {
    /// The fields of the object, by name: all keys but `reason`, which no emitted kind has.
    pub fn fields(&self) -> impl Iterator<Item = (&Text, &Node)> {
        self.node.table().into_iter().flatten().filter(|(key, _)| *key != REASON)
    }

    /// Every value in it that holds no other, with the keys that lead there; items of arrays stand for their array.
    pub fn leaves(&self) -> Vec<(Vec<Text>, &Node)> {
        fn visit<'n>(node: &'n Node, path: &mut Vec<Text>, into: &mut Vec<(Vec<Text>, &'n Node)>) {
            match &node.kind {
                Kind::Table(table) if !table.is_empty() => {
                    for (key, child) in table {
                        path.push(key.clone());
                        visit(child, path, into);
                        path.pop();
                    }
                }
                _ => into.push((path.clone(), node)),
            }
        }
        let mut leaves = Vec::new();
        for (key, child) in self.fields() {
            visit(child, &mut vec![key.clone()], &mut leaves);
        }
        leaves
    }
}

impl Decode for Patch {
    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let Some(table) = node.table() else { return cx.wrong_type(node, "a table of the object's fields") };
        let reason = Option::<Traced<Text>>::field(table.get(REASON), node, REASON, cx)?;
        Some(Patch { at: node.id, reason, node: Arc::new(node.clone()) })
    }
    fn schema(defs: &mut Defs) -> Json {
        defs.table(
            "Patch",
            &["Fields that are put over those of one emitted object, as the API of Kubernetes has them."],
            |_, table| {
                table.field(
                    REASON,
                    false,
                    &["Why they are needed, for the report."],
                    None,
                    json!({ "type": "string" }),
                );
                table.open();
            },
        )
    }
    fn what() -> String {
        "a table of the object's fields".to_owned()
    }
}
