//! Charts of hand-made and of random objects.

mod property;
mod text;

use super::*;
use crate::bundle::Scope;

/// A leaf.
fn leaf(atom: Atom) -> Tree {
    Tree::Leaf(atom, because())
}

fn text(text: &str) -> Tree {
    leaf(Atom::Str(text.to_owned().into()))
}

fn int(number: i64) -> Tree {
    leaf(Atom::Int(number))
}

fn map<const N: usize>(fields: [(&'static str, Tree); N]) -> Tree {
    Tree::Map(fields.map(|(key, value)| (key.into(), value)).into())
}

fn named<const N: usize>(items: [(&'static str, Tree); N]) -> Tree {
    Tree::Seq(items.map(|(name, item)| (Some(name.into()), item)).into())
}

fn list<const N: usize>(items: [Tree; N]) -> Tree {
    Tree::Seq(items.map(|item| (None, item)).into())
}

fn id(noun: &'static str) -> ObjectId {
    ObjectId {
        scope: Scope::Service { service: "orders".into(), noun: noun.into() },
        kind: "Deployment".into(),
        role: None,
    }
}

fn printed(part: &Part<'_>) -> String {
    print::print(&[part.noun, &part.key], part.optional, &part.body)
}
