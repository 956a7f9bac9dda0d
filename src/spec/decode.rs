//! From a merged tree to typed tables, with every mistake of a table in one pass.
//!
//! `table!` declares a TOML table once: the struct, its decoding and its JSON Schema come from the same list of fields, so
//! the three cannot differ. A key that no field claims is an error with the nearest known key; a field that fails is
//! reported and its siblings are read all the same. Nothing is defaulted here: unset stays `None`.
//!
//! Knows no particular table and no rule that needs two keys at once; those are checks.

mod declare;
mod elsewhere;
mod mistake;

use std::sync::Arc;

use serde_json::{Value as Json, json};

pub(crate) use self::declare::{choices, default_text, key_name, table};
pub(crate) use self::mistake::listed;
use self::mistake::{
    invalid_key, invalid_value, looks_secret, missing_key, unknown_choice, unknown_key, unsaid, wrong_type,
};
use super::schema::Defs;
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Diagnostic, Sink};
use crate::node::{Kind, Node};
use crate::origin::{NodeId, Origin, Traced};
use crate::table::Table;
use crate::text::Text;
use crate::value::{Invalid, Value};

/// What decoding needs beside the tree: where to report, and the path of the table being read.
pub struct Decoder<'a> {
    sink: &'a mut Sink,
    path: String,
}

impl<'a> Decoder<'a> {
    /// A decoder that reports into `sink`.
    pub fn new(sink: &'a mut Sink) -> Self {
        Decoder { sink, path: String::new() }
    }

    /// Decodes a whole file's tree.
    pub fn file<T: Decode>(&mut self, root: &Node) -> Option<T> {
        self.path.clear();
        T::decode(root, self)
    }

    /// The dotted path of what is being read.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Reports a mistake. Where secrets are named, a value that does not belong there may be one.
    pub fn report(&mut self, found: Diagnostic) {
        self.sink.push(if self.is_guarded() { found.secret() } else { found });
    }

    /// Whether what is being read may be a secret that somebody wrote out, so that no message may repeat it.
    fn is_guarded(&self) -> bool {
        let mut parts = self.path.split(['.', '[', '"']);
        parts.any(|part| part.starts_with("secret") || crate::secret::is_secret_name(part))
    }

    /// Reports that the value at `node` should have been `want` ("a string"); the result is for the caller to return.
    pub fn wrong_type<T>(&mut self, node: &Node, want: &str) -> Option<T> {
        let found = wrong_type(node, &self.path, want);
        self.report(found);
        None
    }

    /// Reports that the value at `node` does not fit.
    pub fn invalid<T>(&mut self, node: &Node, why: Invalid) -> Option<T> {
        let hidden = self.is_guarded() || looks_secret(node);
        let found = invalid_value(node, &self.path, if hidden { unsaid() } else { why });
        self.report(if hidden { found.secret() } else { found });
        None
    }

    /// Runs `f` one key deeper.
    pub fn within<R>(&mut self, key: &str, f: impl FnOnce(&mut Self) -> R) -> R {
        let len = self.path.len();
        if len > 0 && !key.starts_with('[') {
            self.path.push('.');
        }
        if key.bytes().any(|byte| matches!(byte, b'.' | b'/' | b' ')) {
            self.path.push('"');
            self.path.push_str(key);
            self.path.push('"');
        } else {
            self.path.push_str(key);
        }
        let result = f(self);
        self.path.truncate(len);
        result
    }

    /// The table at `node`, after every key in it was found among `known`; `schema` is that of the table.
    pub fn table<'n>(
        &mut self,
        node: &'n Node,
        known: &[&'static str],
        schema: fn(&mut Defs) -> Json,
    ) -> Option<&'n Table<Node>> {
        let Some(table) = node.table() else {
            self.report(
                wrong_type(node, &self.path, "a table").help(format!("its keys are {}", listed(known))),
            );
            return None;
        };
        let mut clean = true;
        for (key, child) in table {
            if !known.contains(&key.as_str()) {
                clean = false;
                let found = unknown_key(key, child, &self.path, known, schema);
                self.report(found);
            }
        }
        clean.then_some(table)
    }

    fn missing<T>(&mut self, table: &Node, key: &str, want: &str) -> Option<T> {
        let found = missing_key(table, &self.path, key, want);
        self.report(found);
        None
    }
}

/// A type that a value of the spec decodes into.
pub trait Decode: Sized {
    /// Reads `node`; `None` after a mistake was reported.
    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self>;
    /// The JSON Schema of what `decode` accepts.
    fn schema(defs: &mut Defs) -> Json;
    /// What a person calls it, with its article: "a string".
    fn what() -> String;
}

/// A type that a key of a table may have: required, optional, or empty when absent.
pub trait Field: Sized {
    /// whether the key must be there
    const REQUIRED: bool;
    /// Reads the key from its table; the outer `None` after a mistake was reported.
    fn field(child: Option<&Node>, table: &Node, key: &'static str, cx: &mut Decoder<'_>) -> Option<Self>;
    /// The value of a key that is not there; none for one that must be.
    fn unset() -> Option<Self>;
    /// The JSON Schema of the value.
    fn schema(defs: &mut Defs) -> Json;
}

/// A leaf of the spec: what `Traced` can hold.
pub trait Scalar: Sized {
    /// Reads the value alone.
    fn scalar(node: &Node, cx: &mut Decoder<'_>) -> Option<Self>;
    /// The JSON Schema of what `scalar` accepts.
    fn schema(defs: &mut Defs) -> Json;
    /// What a person calls it, with its article.
    fn what() -> String;
}

impl<T: Scalar> Decode for Traced<T> {
    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        T::scalar(node, cx).map(|value| Traced::spec(value, node.id))
    }
    fn schema(defs: &mut Defs) -> Json {
        T::schema(defs)
    }
    fn what() -> String {
        T::what()
    }
}

impl<T: Scalar> Field for Traced<T> {
    const REQUIRED: bool = true;
    fn unset() -> Option<Self> {
        None
    }
    fn field(child: Option<&Node>, table: &Node, key: &'static str, cx: &mut Decoder<'_>) -> Option<Self> {
        match child {
            Some(child) => cx.within(key, |cx| Self::decode(child, cx)),
            None => cx.missing(table, key, &T::what()),
        }
    }
    fn schema(defs: &mut Defs) -> Json {
        T::schema(defs)
    }
}

impl<T: Decode> Field for Option<T> {
    const REQUIRED: bool = false;
    fn unset() -> Option<Self> {
        Some(None)
    }
    fn field(child: Option<&Node>, _: &Node, key: &'static str, cx: &mut Decoder<'_>) -> Option<Self> {
        match child {
            Some(child) => cx.within(key, |cx| T::decode(child, cx)).map(Some),
            None => Some(None),
        }
    }
    fn schema(defs: &mut Defs) -> Json {
        T::schema(defs)
    }
}

/// An array of leaves. Absent and empty differ only in `at`.
#[derive(Clone, Debug)]
pub struct List<T> {
    /// the array itself, if it was written
    pub at: Option<NodeId>,
    /// its items in order
    pub items: Vec<Traced<T>>,
}

impl<T> List<T> {
    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
    /// The items in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Traced<T>> {
        self.items.iter()
    }
}

impl<'a, T> IntoIterator for &'a List<T> {
    type Item = &'a Traced<T>;
    type IntoIter = std::slice::Iter<'a, Traced<T>>;
    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<T: Scalar> Decode for List<T> {
    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let Kind::Array(nodes) = &node.kind else { return cx.wrong_type(node, "an array") };
        let read = |(index, node): (usize, &Node), cx: &mut Decoder<'_>| {
            cx.within(&format!("[{index}]"), |cx| Traced::<T>::decode(node, cx))
        };
        // every item is read, so that all mistakes are reported, before the first failure ends it
        let items: Vec<Option<Traced<T>>> = nodes.iter().enumerate().map(|n| read(n, cx)).collect();
        Some(List { at: Some(node.id), items: items.into_iter().collect::<Option<_>>()? })
    }
    fn schema(defs: &mut Defs) -> Json {
        json!({ "type": "array", "items": T::schema(defs) })
    }
    fn what() -> String {
        "an array".to_owned()
    }
}

impl<T: Scalar> Field for List<T> {
    const REQUIRED: bool = false;
    fn unset() -> Option<Self> {
        Some(List { at: None, items: Vec::new() })
    }
    fn field(child: Option<&Node>, _: &Node, key: &'static str, cx: &mut Decoder<'_>) -> Option<Self> {
        match child {
            Some(child) => cx.within(key, |cx| Self::decode(child, cx)),
            None => Some(List { at: None, items: Vec::new() }),
        }
    }
    fn schema(defs: &mut Defs) -> Json {
        <Self as Decode>::schema(defs)
    }
}

/// An entry of a [`Map`].
#[derive(Clone, Debug)]
pub struct Entry<K, V> {
    /// the key; its origin is the entry
    pub key: Traced<K>,
    /// the value
    pub value: V,
}

/// A table whose keys the user chooses, each of which is a typed value; sorted by key. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Map<K, V> {
    /// the table, if there is one
    pub at: Option<NodeId>,
    entries: Arc<[(Text, Entry<K, V>)]>,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Map { at: None, entries: Arc::default() }
    }
}

impl<K, V> Map<K, V> {
    /// The entry with this key.
    pub fn get(&self, key: &str) -> Option<&Entry<K, V>> {
        let index = self.entries.binary_search_by(|(known, _)| known.as_str().cmp(key)).ok()?;
        self.entries.get(index).map(|(_, entry)| entry)
    }
    /// The entries, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&Text, &Entry<K, V>)> {
        self.entries.iter().map(|(key, entry)| (key, entry))
    }
    /// The keys, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(key, _)| key.as_str())
    }
    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }
}

impl<K: Value, V: Decode> Decode for Map<K, V> {
    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let Some(table) = node.table() else { return cx.wrong_type(node, "a table") };
        let (mut entries, mut clean) = (Vec::with_capacity(table.len()), true);
        for (key, child) in table {
            let typed = K::parse(key).map_err(|why| {
                let found = invalid_key(child, cx.path(), why);
                cx.report(found);
            });
            let value = cx.within(key, |cx| V::decode(child, cx));
            match (typed, value) {
                (Ok(typed), Some(value)) => {
                    let key_of = Traced::because(typed, Origin::spec(child.id));
                    entries.push((key.clone(), Entry { key: key_of, value }));
                }
                _ => clean = false,
            }
        }
        clean.then(|| Map { at: Some(node.id), entries: entries.into() })
    }
    fn schema(defs: &mut Defs) -> Json {
        json!({
            "type": "object",
            "propertyNames": super::schema::of_value::<K>(defs),
            "additionalProperties": V::schema(defs),
        })
    }
    fn what() -> String {
        "a table".to_owned()
    }
}

impl<K: Value, V: Decode> Field for Map<K, V> {
    const REQUIRED: bool = false;
    fn unset() -> Option<Self> {
        Some(Map::default())
    }
    fn field(child: Option<&Node>, _: &Node, key: &'static str, cx: &mut Decoder<'_>) -> Option<Self> {
        match child {
            Some(child) => cx.within(key, |cx| Self::decode(child, cx)),
            None => Some(Map::default()),
        }
    }
    fn schema(defs: &mut Defs) -> Json {
        <Self as Decode>::schema(defs)
    }
}

/// A table that must be there.
#[derive(Clone, Debug)]
pub struct Required<T>(pub T);

impl<T> std::ops::Deref for Required<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Decode> Field for Required<T> {
    const REQUIRED: bool = true;
    fn unset() -> Option<Self> {
        None
    }
    fn field(child: Option<&Node>, table: &Node, key: &'static str, cx: &mut Decoder<'_>) -> Option<Self> {
        match child {
            Some(child) => cx.within(key, |cx| T::decode(child, cx)).map(Required),
            None => cx.missing(table, key, &T::what()),
        }
    }
    fn schema(defs: &mut Defs) -> Json {
        T::schema(defs)
    }
}

impl<T: Value> Scalar for T {
    fn scalar(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let Kind::String(text) = &node.kind else {
            let example = T::EXAMPLES.first().copied().unwrap_or_default();
            return cx.wrong_type(node, &format!("{} in quotes, such as `\"{example}\"`", T::WHAT));
        };
        match T::parse(text) {
            Ok(value) => Some(value),
            Err(why) => {
                let near = T::choices().and_then(|all| nearest(text, all.iter().copied()));
                let help = near.map(|near| format!("did you mean `\"{near}\"`?")).or(why.help);
                cx.invalid(node, Invalid { what: why.what, help })
            }
        }
    }
    fn schema(defs: &mut Defs) -> Json {
        super::schema::of_value::<T>(defs)
    }
    fn what() -> String {
        T::WHAT.to_owned()
    }
}

impl Scalar for Text {
    fn scalar(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        node.string().cloned().or_else(|| cx.wrong_type(node, "a string"))
    }
    fn schema(_: &mut Defs) -> Json {
        json!({ "type": "string" })
    }
    fn what() -> String {
        "a string".to_owned()
    }
}

impl Scalar for bool {
    fn scalar(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        if let Kind::Boolean(truth) = node.kind {
            Some(truth)
        } else {
            cx.wrong_type(node, "`true` or `false`")
        }
    }
    fn schema(_: &mut Defs) -> Json {
        json!({ "type": "boolean" })
    }
    fn what() -> String {
        "`true` or `false`".to_owned()
    }
}

/// A whole number between two bounds, both included: the type of counts, ports and percentages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> Count<MIN, MAX> {
    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }
    /// The number, if it lies between the bounds.
    pub fn new(number: u32) -> Option<Self> {
        (MIN..=MAX).contains(&number).then_some(Count(number))
    }
}

impl<const MIN: u32, const MAX: u32> Scalar for Count<MIN, MAX> {
    fn scalar(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let Kind::Integer(number) = node.kind else { return cx.wrong_type(node, "a whole number") };
        match u32::try_from(number).ok().and_then(Self::new) {
            Some(count) => Some(count),
            None => cx.invalid(
                node,
                Invalid { what: format!("{number} is not between {MIN} and {MAX}"), help: None },
            ),
        }
    }
    fn schema(_: &mut Defs) -> Json {
        json!({ "type": "integer", "minimum": MIN, "maximum": MAX })
    }
    fn what() -> String {
        format!("a whole number from {MIN} to {MAX}")
    }
}

/// A closed set of words; `choice!` makes it.
pub trait Choice: Sized + Copy + 'static {
    /// each word with its meaning, in the order of the declaration
    const WORDS: &'static [(&'static str, &'static str)];
    /// The value that the word stands for.
    fn from_word(word: &str) -> Option<Self>;
    /// The word.
    fn word(self) -> &'static str;
}

/// Reads one word of a closed set.
pub(crate) fn choice<T: Choice>(node: &Node, cx: &mut Decoder<'_>) -> Option<T> {
    let Kind::String(text) = &node.kind else { return cx.wrong_type(node, "a string") };
    T::from_word(text).or_else(|| {
        let words: Vec<&'static str> = T::WORDS.iter().map(|(word, _)| *word).collect();
        let text = if cx.is_guarded() || looks_secret(node) { "this" } else { text.as_str() };
        let found = unknown_choice(node, cx.path(), text, &words);
        cx.report(found);
        None
    })
}
