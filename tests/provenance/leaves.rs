//! What of the example's texts has effect: every value, array item and table, with where it is written.

use std::collections::BTreeMap;
use std::ops::Range;

use specc::node::{Kind, Mention, Node};

use super::snapshot::{Environment, Snapshot};

/// Where something is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    pub(super) file: String,
    /// start of its key; of an array's item, of the item
    pub(super) key: usize,
    /// start and end of its value
    pub(super) value: (usize, usize),
}

/// Something written in a file, and what it is in the environments.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) spot: Spot,
    /// the dotted path of its node
    pub(super) path: String,
    /// the path of the table or array that it is in
    pub(super) parent: String,
    pub(super) shape: Shape,
    /// whether it stands in an array
    pub(super) item: bool,
    /// by environment, whether it holds there: no later layer overrides it
    pub(super) holds: Vec<bool>,
    /// by environment, whether it is part of it, overridden or not
    pub(super) there: Vec<bool>,
}

/// What it is.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    Text(String),
    Number(i64),
    Truth(bool),
    Day,
    Array,
    /// a table in braces
    Braces,
    /// a table with a header
    Section,
}

/// Everything that is written in the files and holds in some environment, and every header, by place.
pub(super) fn written(snapshot: &Snapshot) -> Vec<Written> {
    let mut all = BTreeMap::new();
    for (index, environment) in snapshot.environments.iter().enumerate() {
        let mut collector = Collector { snapshot, environment, index, all: &mut all };
        for (name, tree) in &environment.trees {
            collector.below(&tree.root, name);
        }
    }
    all.into_values().collect()
}

struct Collector<'a> {
    snapshot: &'a Snapshot,
    environment: &'a Environment,
    index: usize,
    all: &'a mut BTreeMap<Spot, Written>,
}

impl Collector<'_> {
    fn below(&mut self, node: &Node, path: &str) {
        match &node.kind {
            Kind::Table(table) => {
                for (key, child) in table {
                    let quoted = key.contains(['.', '/', ' ']);
                    let part = if quoted { format!("\"{key}\"") } else { key.to_string() };
                    self.node(child, path, &format!("{path}.{part}"), false);
                }
            }
            Kind::Array(items) => {
                for (index, child) in items.iter().enumerate() {
                    self.node(child, path, &format!("{path}[{index}]"), true);
                }
            }
            _ => {}
        }
    }

    fn node(&mut self, node: &Node, parent: &str, path: &str, item: bool) {
        assert!(self.environment.nodes.contains_key(path), "no node `{path}`");
        for (holds, mention) in node.earlier().iter().map(|m| (false, m)).chain([(true, &node.mention)]) {
            if let Some(shape) = self.shape(*mention, &node.kind, path, holds) {
                self.add(*mention, parent, path, shape, item, holds);
            }
        }
        self.below(node, path);
    }

    /// What stands at a mention; none for what is no statement of its own, or is listed where it holds.
    fn shape(&self, mention: Mention, kind: &Kind, path: &str, holds: bool) -> Option<Shape> {
        let text = self.snapshot.sources.excerpt(mention.value);
        match kind {
            Kind::Table(_) if text.starts_with('{') => Some(Shape::Braces),
            // other headers imply the tables on their way
            Kind::Table(_) => (header(text) == Some(path_in_file(path))).then_some(Shape::Section),
            _ if !holds => None,
            Kind::Array(_) => Some(Shape::Array),
            Kind::String(text) => Some(Shape::Text(text.to_string())),
            Kind::Integer(number) => Some(Shape::Number(*number)),
            Kind::Boolean(truth) => Some(Shape::Truth(*truth)),
            Kind::Datetime(_) => Some(Shape::Day),
            Kind::Float(_) => panic!("`{path}` is a float, which no key takes"),
        }
    }

    fn add(&mut self, mention: Mention, parent: &str, path: &str, shape: Shape, item: bool, holds: bool) {
        let sources = &self.snapshot.sources;
        let (key, value) = (sources.range(mention.key).start, sources.range(mention.value));
        let file = sources.path(mention.value.source).to_owned();
        let spot = Spot { file, key, value: (value.start, value.end) };
        let nowhere = vec![false; self.snapshot.environments.len()];
        let written = self.all.entry(spot.clone()).or_insert_with(|| Written {
            spot,
            path: path.to_owned(),
            parent: parent.to_owned(),
            shape,
            item,
            holds: nowhere.clone(),
            there: nowhere,
        });
        written.there[self.index] = true;
        if holds {
            written.holds[self.index] = true;
        }
    }
}

/// The path of a header, `[a.b]`.
fn header(text: &str) -> Option<&str> {
    text.strip_prefix('[')?.strip_suffix(']').map(str::trim)
}

/// A path without the name of its tree.
fn path_in_file(path: &str) -> &str {
    path.split_once('.').map_or("", |(_, rest)| rest)
}

impl Written {
    pub(super) fn range(&self) -> Range<usize> {
        self.spot.value.0..self.spot.value.1
    }

    /// Whether it is a single value.
    pub(super) fn is_leaf(&self) -> bool {
        matches!(self.shape, Shape::Text(_) | Shape::Number(_) | Shape::Truth(_) | Shape::Day)
    }

    /// The name of its tree: of a service, or `environment`, `images`, `specc`.
    pub(super) fn tree(&self) -> &str {
        self.path.split('.').next().unwrap_or("")
    }
}
