//! A TOML value in which every key and value knows its place, its layer, and what it overrode.
//!
//! Trees of single layers have no ids; [`number`] gives the merged tree of an environment ids that are unique in it and
//! moves what the ids stand for into [`Nodes`], the table that origins are resolved with. Knows no schema.

use std::sync::Arc;

use crate::origin::NodeId;
use crate::source::Place;
use crate::table::Table;
use crate::text::Text;

/// Which layer of a chain a value was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Layer(pub u16);

impl Layer {
    /// The base file of a service, or the only layer of a file that has none.
    pub const BASE: Layer = Layer(0);
}

/// One mention of a key: in which layer, and where its key and its value stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// the layer
    pub layer: Layer,
    /// the key, without the `=`; for an item of an array the value itself
    pub key: Place,
    /// the value; for a table its header or braces
    pub value: Place,
}

/// A value with its history.
#[derive(Clone, Debug)]
pub struct Node {
    /// meaningless until [`number`] ran
    pub id: NodeId,
    /// the mention that won
    pub mention: Mention,
    /// mentions that were overridden, oldest first; shared, since most values have none
    pub earlier: Option<Arc<Vec<Mention>>>,
    /// the value itself
    pub kind: Kind,
}

/// The value of a [`Node`].
#[derive(Clone, Debug)]
pub enum Kind {
    /// a string
    String(Text),
    /// an integer
    Integer(i64),
    /// a float
    Float(f64),
    /// `true` or `false`
    Boolean(bool),
    /// a date, time or both, as written
    Datetime(Text),
    /// an array
    Array(Vec<Node>),
    /// a table; sorted by key, so that no order of writing reaches the output
    Table(Table<Node>),
}

impl Kind {
    /// What a person calls it, with its article.
    pub fn describe(&self) -> &'static str {
        match self {
            Kind::String(_) => "a string",
            Kind::Integer(_) => "an integer",
            Kind::Float(_) => "a float",
            Kind::Boolean(_) => "a boolean",
            Kind::Datetime(_) => "a date",
            Kind::Array(_) => "an array",
            Kind::Table(_) => "a table",
        }
    }
}

impl Node {
    /// The table, if it is one.
    pub fn table(&self) -> Option<&Table<Node>> {
        if let Kind::Table(table) = &self.kind { Some(table) } else { None }
    }
    /// The value under `key`, if this is a table that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.table()?.get(key)
    }
    /// The string, if it is one.
    pub fn string(&self) -> Option<&Text> {
        if let Kind::String(text) = &self.kind { Some(text) } else { None }
    }
    /// Mentions that were overridden, oldest first.
    pub fn earlier(&self) -> &[Mention] {
        self.earlier.as_ref().map_or(&[], |m| m.as_slice())
    }
}

/// The files that make one tree, in the order in which they apply.
#[derive(Clone, Debug)]
pub struct Layers<'n> {
    /// what the others change
    pub base: (Layer, &'n Node),
    /// what changes it, the last word last
    pub overlays: Vec<(Layer, &'n Node)>,
}

/// What a [`NodeId`] stands for.
#[derive(Clone, Debug)]
pub struct Info {
    /// the table or array that holds it; none for the root of a file chain
    pub parent: Option<NodeId>,
    /// its key in the parent table; for items of arrays the index as text; for a root the name of the chain
    pub key: Text,
    /// the mention that won
    pub mention: Mention,
    /// what it overrode, oldest first
    pub earlier: Option<Arc<Vec<Mention>>>,
}

/// All nodes of one environment, by id.
#[derive(Debug, Default)]
pub struct Nodes {
    /// pieces of [`PIECE`], but for the last: a large project has too many nodes to move them whenever there are more
    pieces: Vec<Vec<Info>>,
}

/// Nodes of one piece of a [`Nodes`].
const PIECE: usize = 16384;

impl Nodes {
    /// What `id` stands for.
    pub fn get(&self, id: NodeId) -> Option<&Info> {
        self.pieces.get(id.index() / PIECE)?.get(id.index() % PIECE)
    }

    fn len(&self) -> usize {
        self.pieces.last().map_or(0, |last| (self.pieces.len() - 1) * PIECE + last.len())
    }

    fn push(&mut self, info: Info) {
        match self.pieces.last_mut().filter(|last| last.len() < PIECE) {
            Some(last) => last.push(info),
            None => self.pieces.push(vec![info]),
        }
    }

    /// Every id, in the order of numbering.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> {
        (0..u32::try_from(self.len()).unwrap_or(u32::MAX)).map(NodeId::new)
    }

    /// The dotted path from the root's name on: `orders.workloads.api.scale.max`.
    pub fn path(&self, id: NodeId) -> String {
        let mut parts = Vec::new();
        let mut at = Some(id);
        while let Some(info) = at.and_then(|id| self.get(id)) {
            let is_item =
                info.key.as_bytes().first().is_some_and(u8::is_ascii_digit) && info.parent.is_some();
            parts.push(if is_item {
                format!("[{}]", info.key)
            } else if info.key.contains(['.', '/', ' ']) {
                format!("\"{}\"", info.key)
            } else {
                info.key.to_string()
            });
            at = info.parent;
        }
        parts.reverse();
        parts.join(".").replace(".[", "[")
    }

    /// Where the value stands.
    pub fn value_place(&self, id: NodeId) -> Option<Place> {
        self.get(id).map(|info| info.mention.value)
    }

    /// Where the key stands.
    pub fn key_place(&self, id: NodeId) -> Option<Place> {
        self.get(id).map(|info| info.mention.key)
    }
}

/// Gives `root` and everything below it ids, and records what they stand for under the name `name`.
pub fn number(root: &mut Node, name: impl Into<Text>, nodes: &mut Nodes) {
    fn visit(node: &mut Node, parent: Option<NodeId>, key: Text, nodes: &mut Nodes) {
        let id = NodeId::new(u32::try_from(nodes.len()).unwrap_or(u32::MAX));
        node.id = id;
        let earlier = node.earlier.clone();
        nodes.push(Info { parent, key, mention: node.mention, earlier });
        match &mut node.kind {
            Kind::Table(table) => {
                for (key, child) in table.iter_mut() {
                    visit(child, Some(id), key.clone(), nodes);
                }
            }
            Kind::Array(items) => {
                for (index, child) in items.iter_mut().enumerate() {
                    visit(child, Some(id), Text::from(index.to_string()), nodes);
                }
            }
            _ => {}
        }
    }
    visit(root, None, name.into(), nodes);
}
