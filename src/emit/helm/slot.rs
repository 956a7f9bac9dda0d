//! One value of a chart: which type it has, how it stands in a values file, and how the template puts it in.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use crate::walk::{Atom, Tree};

/// Helm reads every number as a double, which holds whole numbers up to here.
const LARGEST_EXACT: u64 = 1 << 53;

/// The type of a value, by what it is in the environments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// a string
    Text,
    /// a whole number
    Integer,
    /// `true` or `false`
    Boolean,
    /// of several types, or a list
    Plain {
        /// names of the types in JSON Schema
        types: BTreeSet<&'static str>,
        /// and of the items of lists
        items: BTreeSet<&'static str>,
    },
    /// text that is JSON: for what Helm would change on the way, which is to merge maps and to round large numbers
    Json,
}

impl Slot {
    /// The slot for all of `trees`.
    pub(super) fn of(trees: &[&Tree]) -> Self {
        if trees.iter().any(|tree| is_map(tree) || has_inexact(tree)) {
            return Slot::Json;
        }
        let types: BTreeSet<_> = trees.iter().map(|tree| type_of(tree)).collect();
        match types.first() {
            Some(&"string") if types.len() == 1 => Slot::Text,
            Some(&"integer") if types.len() == 1 => Slot::Integer,
            Some(&"boolean") if types.len() == 1 => Slot::Boolean,
            _ => {
                let lists = trees.iter().filter_map(|tree| match tree {
                    Tree::Seq(items) => Some(items),
                    _ => None,
                });
                Slot::Plain { types, items: lists.flatten().map(|(_, item)| type_of(item)).collect() }
            }
        }
    }

    /// `tree` as it stands in a values file.
    pub(super) fn value(&self, tree: &Tree) -> Tree {
        match self {
            Slot::Json => Tree::Leaf(Atom::Str(json_text(tree).into()), super::because()),
            _ => tree.clone(),
        }
    }

    /// What a template calls to print the value of `expression`.
    ///
    /// Only `toJson` writes each string so that it is read as the same string, and only `int64` takes a number back from
    /// a double without an exponent.
    pub(super) fn action(&self, expression: &str) -> String {
        match self {
            Slot::Integer => format!("{{{{ {expression} | int64 }}}}"),
            Slot::Json => format!("{{{{ {expression} }}}}"),
            Slot::Text | Slot::Boolean | Slot::Plain { .. } => format!("{{{{ {expression} | toJson }}}}"),
        }
    }
}

/// The name of the type in JSON Schema.
fn type_of(tree: &Tree) -> &'static str {
    match tree {
        Tree::Map(_) | Tree::Leaf(Atom::EmptyMap, _) => "object",
        Tree::Seq(_) => "array",
        Tree::Leaf(Atom::Str(_), _) => "string",
        Tree::Leaf(Atom::Int(_), _) => "integer",
        Tree::Leaf(Atom::Number(_), _) => "number",
        Tree::Leaf(Atom::Bool(_), _) => "boolean",
    }
}

fn is_map(tree: &Tree) -> bool {
    type_of(tree) == "object"
}

fn has_inexact(tree: &Tree) -> bool {
    match tree {
        Tree::Map(fields) => fields.iter().any(|(_, value)| has_inexact(value)),
        Tree::Seq(items) => items.iter().any(|(_, item)| has_inexact(item)),
        Tree::Leaf(Atom::Int(number), _) => number.unsigned_abs() > LARGEST_EXACT,
        // a double may be printed in other digits than it was written in
        Tree::Leaf(Atom::Number(_), _) => true,
        Tree::Leaf(..) => false,
    }
}

/// What a reader makes of `tree`.
pub(super) fn json(tree: &Tree) -> Value {
    match tree {
        Tree::Map(fields) => fields.iter().map(|(key, value)| (key.to_string(), json(value))).collect(),
        Tree::Seq(items) => items.iter().map(|(_, item)| json(item)).collect(),
        Tree::Leaf(Atom::Str(text), _) => text.as_str().into(),
        Tree::Leaf(Atom::Int(number), _) => (*number).into(),
        Tree::Leaf(Atom::Number(digits), _) => serde_json::from_str(digits).unwrap_or_default(),
        Tree::Leaf(Atom::Bool(truth), _) => (*truth).into(),
        Tree::Leaf(Atom::EmptyMap, _) => Value::Object(serde_json::Map::new()),
    }
}

/// JSON on one line that is YAML as well: there a DEL, or one of the line breaks outside ASCII, needs an escape.
fn json_text(tree: &Tree) -> String {
    let mut text = String::new();
    for character in json(tree).to_string().chars() {
        match u32::from(character) {
            // Writing to a String cannot fail.
            code @ 0x7f..=0xffff => drop(write!(text, "\\u{code:04x}")),
            _ => text.push(character),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(atom: Atom) -> Tree {
        Tree::Leaf(atom, super::super::because())
    }

    #[test]
    fn the_type_is_that_of_all_environments() {
        let (text, number, truth) = (leaf(Atom::Str("1".into())), leaf(Atom::Int(1)), leaf(Atom::Bool(true)));
        assert_eq!(Slot::of(&[&text, &text]), Slot::Text);
        assert_eq!(Slot::of(&[&number, &leaf(Atom::Int(-(1 << 53)))]), Slot::Integer);
        assert_eq!(Slot::of(&[&truth]), Slot::Boolean);
        let types = ["integer", "string"].into();
        assert_eq!(Slot::of(&[&text, &number]), Slot::Plain { types, items: BTreeSet::new() });
        let list = Tree::Seq(vec![(None, text.clone()), (None, truth)]);
        let (types, items) = (["array"].into(), ["boolean", "string"].into());
        assert_eq!(Slot::of(&[&list, &list]), Slot::Plain { types, items });
    }

    #[test]
    fn what_helm_would_change_travels_as_text() {
        let large = leaf(Atom::Int(i64::MAX));
        assert_eq!(Slot::of(&[&leaf(Atom::Int(1)), &large]), Slot::Json);
        assert_eq!(Slot::Json.value(&large), leaf(Atom::Str("9223372036854775807".into())));
        assert_eq!(Slot::of(&[&leaf(Atom::EmptyMap), &large]), Slot::Json);
        let map = Tree::Map(vec![("a\"".into(), leaf(Atom::Str("é\u{2028}\u{1f600}\u{7f}\n".into())))]);
        let text = "{\"a\\\"\":\"\\u00e9\\u2028\u{1f600}\\u007f\\n\"}";
        assert_eq!(Slot::Json.value(&map), leaf(Atom::Str(text.to_owned().into())));
    }

    #[test]
    fn each_type_is_printed_by_what_keeps_it() {
        assert_eq!(Slot::Text.action(".Values.a"), "{{ .Values.a | toJson }}");
        assert_eq!(Slot::Integer.action(".Values.a"), "{{ .Values.a | int64 }}");
        assert_eq!(Slot::Json.action(".Values.a"), "{{ .Values.a }}");
    }
}
