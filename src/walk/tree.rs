//! A visitor that keeps an object as a tree: for whoever compares objects, or looks at one more than once.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Scalar, Visit, Walk};
use crate::origin::Origin;
use crate::text::Text;

/// A [`Scalar`] that owns its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Atom {
    /// a string
    Str(Text),
    /// a whole number
    Int(i64),
    /// any other number, in the digits of JSON
    Number(Text),
    /// `true` or `false`
    Bool(bool),
    /// `{}` that means something
    EmptyMap,
}

impl Atom {
    /// The value that a visitor hears, kept.
    pub fn of(value: Scalar<'_>) -> Self {
        match value {
            Scalar::Str(text) => Atom::Str(shared(text)),
            Scalar::Int(number) => Atom::Int(number),
            Scalar::Number(digits) => Atom::Number(shared(digits)),
            Scalar::Bool(truth) => Atom::Bool(truth),
            Scalar::EmptyMap => Atom::EmptyMap,
        }
    }

    /// The value as a visitor hears it.
    pub fn as_scalar(&self) -> Scalar<'_> {
        match self {
            Atom::Str(text) => Scalar::Str(text),
            Atom::Int(number) => Scalar::Int(*number),
            Atom::Number(digits) => Scalar::Number(digits),
            Atom::Bool(truth) => Scalar::Bool(*truth),
            Atom::EmptyMap => Scalar::EmptyMap,
        }
    }
}

/// An object, or a part of one, in emission order.
///
/// Two trees are equal if whoever reads the printed objects reads the same: origins, names of items and the order of keys do
/// not count.
#[derive(Clone, Debug)]
pub enum Tree {
    /// keys, each once, with their values
    Map(Vec<(Text, Tree)>),
    /// items, with their names where they have some
    Seq(Vec<(Option<Text>, Tree)>),
    /// a value with its origin
    Leaf(Atom, Origin),
}

impl Tree {
    /// What `object` tells.
    pub fn of(object: &dyn Walk) -> Self {
        let mut builder = Builder::default();
        object.walk(&mut builder);
        builder.done.unwrap_or(Tree::Map(Vec::new()))
    }
}

impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Tree::Map(a), Tree::Map(b)) => a == b || (a.len() == b.len() && by_key(a) == by_key(b)),
            (Tree::Seq(a), Tree::Seq(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|((_, a), (_, b))| a == b)
            }
            (Tree::Leaf(a, _), Tree::Leaf(b, _)) => a == b,
            _ => false,
        }
    }
}
impl Eq for Tree {}

fn by_key(fields: &[(Text, Tree)]) -> BTreeMap<&str, &Tree> {
    fields.iter().map(|(key, value)| (key.as_str(), value)).collect()
}

impl Walk for Tree {
    fn walk(&self, v: &mut dyn Visit) {
        match self {
            Tree::Map(fields) => {
                v.map();
                for (key, value) in fields {
                    v.chosen(key);
                    value.walk(v);
                }
                v.end();
            }
            Tree::Seq(items) => {
                v.seq();
                for (name, item) in items {
                    v.item(name.as_deref());
                    item.walk(v);
                }
                v.end();
            }
            Tree::Leaf(atom, origin) => v.leaf(atom.as_scalar(), *origin),
        }
    }
}

/// A map or list that has begun, with the key or name of what comes next.
enum Open {
    Map(Vec<(Text, Tree)>, Text),
    Seq(Vec<(Option<Text>, Tree)>, Option<Text>),
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    done: Option<Tree>,
}

impl Builder {
    fn add(&mut self, tree: Tree) {
        match self.open.last_mut() {
            Some(Open::Map(fields, key)) => fields.push((std::mem::replace(key, Text::Literal("")), tree)),
            Some(Open::Seq(items, name)) => items.push((name.take(), tree)),
            None => self.done = Some(tree),
        }
    }
}

fn shared(text: &str) -> Text {
    Text::Shared(Arc::from(text))
}

impl Visit for Builder {
    fn map(&mut self) {
        self.open.push(Open::Map(Vec::new(), Text::Literal("")));
    }
    fn key(&mut self, key: &str) {
        if let Some(Open::Map(_, next)) = self.open.last_mut() {
            *next = shared(key);
        }
    }
    fn field(&mut self, key: &'static str) {
        self.chosen(&Text::Literal(key));
    }
    fn chosen(&mut self, key: &Text) {
        if let Some(Open::Map(_, next)) = self.open.last_mut() {
            *next = key.clone();
        }
    }
    fn named(&mut self, name: &Text) {
        if let Some(Open::Seq(_, next)) = self.open.last_mut() {
            *next = Some(name.clone());
        }
    }
    fn text(&mut self, text: &Text, origin: Origin) {
        self.add(Tree::Leaf(Atom::Str(text.clone()), origin));
    }
    fn seq(&mut self) {
        self.open.push(Open::Seq(Vec::new(), None));
    }
    fn item(&mut self, key: Option<&str>) {
        if let Some(Open::Seq(_, next)) = self.open.last_mut() {
            *next = key.map(shared);
        }
    }
    fn end(&mut self) {
        match self.open.pop() {
            Some(Open::Map(fields, _)) => self.add(Tree::Map(fields)),
            Some(Open::Seq(items, _)) => self.add(Tree::Seq(items)),
            None => {}
        }
    }
    fn leaf(&mut self, value: Scalar<'_>, origin: Origin) {
        self.add(Tree::Leaf(Atom::of(value), origin));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::origin::{GRACE, HISTORY};

    fn leaf(number: i64) -> Tree {
        Tree::Leaf(Atom::Int(number), Origin::rule(GRACE))
    }

    #[test]
    fn a_tree_is_what_was_told_and_tells_the_same() {
        let list = Tree::Seq(vec![
            (Some("a".into()), leaf(1)),
            (None, Tree::Map(vec![("y".into(), leaf(2)), ("x".into(), Tree::Seq(vec![(None, leaf(3))]))])),
        ]);
        let tree = Tree::Map(vec![("list".into(), list), ("last".into(), leaf(4))]);
        assert_eq!(format!("{:?}", Tree::of(&tree)), format!("{tree:?}"));
    }

    #[test]
    fn only_what_a_reader_reads_counts() {
        assert_eq!(leaf(1), Tree::Leaf(Atom::Int(1), Origin::rule(HISTORY)));
        assert_ne!(leaf(1), leaf(2));
        let list = |items: [(Option<&'static str>, i64); 2]| {
            Tree::Seq(items.map(|(name, number)| (name.map(Text::from), leaf(number))).into())
        };
        assert_eq!(list([(Some("a"), 1), (None, 2)]), list([(None, 1), (None, 2)]));
        assert_ne!(list([(Some("a"), 1), (None, 2)]), list([(None, 2), (Some("a"), 1)]));
        let map = |fields: [(&'static str, i64); 2]| {
            Tree::Map(fields.map(|(key, number)| (key.into(), leaf(number))).into())
        };
        assert_eq!(map([("a", 1), ("b", 2)]), map([("b", 2), ("a", 1)]));
        assert_ne!(map([("a", 1), ("b", 2)]), map([("a", 1), ("c", 2)]));
    }
}
