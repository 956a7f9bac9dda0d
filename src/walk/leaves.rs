//! A visitor that lists every leaf with its path, value and origins: the ground of `explain`, tests and the diff.

use super::{Scalar, Visit, Walk};
use crate::origin::{Origin, Trace};

/// One leaf of an object.
#[derive(Clone, Debug)]
pub struct Row {
    /// dotted path; list items by their name, `spec.containers[api].image`; keys with dots or slashes in quotes
    pub path: String,
    /// the value as text: strings without quotes
    pub value: String,
    /// where the value came from
    pub origin: Origin,
    /// why the parts that hold the leaf are there, outermost first
    pub presence: Vec<Origin>,
}

impl Row {
    /// Every origin that answers for the leaf: the value's first, then the parts' from the inside out.
    pub fn origins(&self) -> impl Iterator<Item = Origin> {
        std::iter::once(self.origin).chain(self.presence.iter().rev().copied())
    }

    /// Whether the spec node is behind the value or behind the presence of a part that holds it.
    pub fn names(&self, node: crate::origin::NodeId, trace: &Trace) -> bool {
        self.origins().any(|o| o.names(node, trace))
    }
}

/// A field that was left out on purpose.
#[derive(Clone, Debug)]
pub struct Omission {
    /// the path that the field would have
    pub path: String,
    /// why it is not there
    pub origin: Origin,
}

struct Level {
    path_len: usize,
    next_index: usize,
    presence_len: usize,
}

/// Collects [`Row`]s and [`Omission`]s.
#[derive(Default)]
pub struct Leaves {
    path: String,
    levels: Vec<Level>,
    presence: Vec<Origin>,
    /// the leaves in emission order
    pub rows: Vec<Row>,
    /// the fields left out on purpose, in emission order
    pub omissions: Vec<Omission>,
}

impl Leaves {
    /// The leaves and omissions of `object`.
    pub fn of(object: &dyn Walk) -> Self {
        let mut leaves = Leaves::default();
        object.walk(&mut leaves);
        leaves
    }

    fn open(&mut self) {
        let level = Level { path_len: self.path.len(), next_index: 0, presence_len: self.presence.len() };
        self.levels.push(level);
    }

    /// Back to the path of the innermost container.
    fn rewind(&mut self) {
        if let Some(level) = self.levels.last() {
            self.path.truncate(level.path_len);
            self.presence.truncate(level.presence_len);
        }
    }

    fn push_key(&mut self, key: &str) {
        if !self.path.is_empty() {
            self.path.push('.');
        }
        if key.contains(['.', '/', '[', ']']) {
            self.path.push('"');
            self.path.push_str(key);
            self.path.push('"');
        } else {
            self.path.push_str(key);
        }
    }
}

impl Visit for Leaves {
    fn map(&mut self) {
        self.open();
    }
    fn seq(&mut self) {
        self.open();
    }
    fn key(&mut self, key: &str) {
        self.rewind();
        self.push_key(key);
    }
    fn item(&mut self, key: Option<&str>) {
        self.rewind();
        let index = self.levels.last_mut().map_or(0, |level| {
            level.next_index += 1;
            level.next_index - 1
        });
        self.path.push('[');
        match key {
            Some(key) => self.path.push_str(key),
            None => self.path.push_str(&index.to_string()),
        }
        self.path.push(']');
    }
    fn end(&mut self) {
        self.rewind();
        self.levels.pop();
    }
    fn because(&mut self, origin: Origin) {
        self.presence.push(origin);
    }
    fn absent(&mut self, key: &str, origin: Origin) {
        self.rewind();
        self.push_key(key);
        self.omissions.push(Omission { path: self.path.clone(), origin });
    }
    fn absent_item(&mut self, key: &str, origin: Origin) {
        self.rewind();
        self.omissions.push(Omission { path: format!("{}[{key}]", self.path), origin });
    }
    fn leaf(&mut self, value: Scalar<'_>, origin: Origin) {
        let value = match value {
            Scalar::Str(text) => text.to_owned(),
            Scalar::Int(number) => number.to_string(),
            Scalar::Number(digits) => digits.to_owned(),
            Scalar::Bool(truth) => truth.to_string(),
            Scalar::EmptyMap => "{}".to_owned(),
        };
        self.rows.push(Row { path: self.path.clone(), value, origin, presence: self.presence.clone() });
    }
}
