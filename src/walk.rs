//! The one traversal of emitted objects, and the visitors' side of it.
//!
//! An object tells a [`Visit`]or its keys, items and leaves in emission order, each leaf with its [`Origin`]. The YAML
//! emitter, `explain`, the link check, the charts and the diff are visitors; none of them knows a kind. Presence is told
//! as well: [`Visit::because`] says why what follows is there, [`Visit::absent`] why a field was left out.
//!
//! The module knows no kind and no format.

mod both;
mod leaves;
mod part;
mod tree;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use both::Both;
pub use leaves::{Leaves, Omission, Row};
pub use part::{Body, Part};
pub use tree::{Atom, Tree};

use crate::origin::{Origin, Traced};
use crate::text::Text;
use crate::value::Value;

/// A leaf value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar<'a> {
    /// a string
    Str(&'a str),
    /// a whole number
    Int(i64),
    /// any other number, in the digits of JSON; only objects that somebody wrote by hand hold one
    Number(&'a str),
    /// `true` or `false`
    Bool(bool),
    /// `{}` that means something, such as a selector of everything
    EmptyMap,
}

/// Receives an object, piece by piece. Containers are never empty: an empty one is left out, or is a leaf of its own.
pub trait Visit {
    /// a map begins
    fn map(&mut self);
    /// the next key of the innermost map
    fn key(&mut self, key: &str);
    /// the next key of the innermost map, which is a field of the API
    fn field(&mut self, key: &'static str) {
        self.key(key);
    }
    /// a list begins
    fn seq(&mut self);
    /// the next item of the innermost list; `key` names it among its siblings where it has a name
    fn item(&mut self, key: Option<&str>);
    /// the innermost map or list ends
    fn end(&mut self);
    /// a leaf
    fn leaf(&mut self, value: Scalar<'_>, origin: Origin);
    /// the next key of the innermost map, which somebody chose: a [`Visit::key`] for whoever keeps it
    fn chosen(&mut self, key: &Text) {
        self.key(key);
    }
    /// the next item of the innermost list, which has a name: a [`Visit::item`] for whoever keeps it
    fn named(&mut self, name: &Text) {
        self.item(Some(name));
    }
    /// a leaf that is a string: a [`Visit::leaf`] for whoever keeps it
    fn text(&mut self, text: &Text, origin: Origin) {
        self.leaf(Scalar::Str(text), origin);
    }
    /// why the value after the last key or item is there
    fn because(&mut self, _origin: Origin) {}
    /// why the innermost map has no `key`
    fn absent(&mut self, _key: &str, _origin: Origin) {}
    /// why the innermost list has no item `key`
    fn absent_item(&mut self, _key: &str, _origin: Origin) {}
    /// the next leaf is the name of an object of this kind, which must exist
    fn refers(&mut self, _kind: &'static str) {}
}

/// The key of a value in a map.
#[derive(Clone, Copy, Debug)]
pub enum Key<'a> {
    /// a field of the API: a word in camel case that no format takes for anything else
    Field(&'static str),
    /// a key that somebody chose
    Text(&'a Text),
}

impl<'a> Key<'a> {
    /// The characters.
    pub fn as_str(self) -> &'a str {
        match self {
            Key::Field(key) => key,
            Key::Text(key) => key,
        }
    }

    fn tell(self, v: &mut dyn Visit) {
        match self {
            Key::Field(key) => v.field(key),
            Key::Text(key) => v.chosen(key),
        }
    }
}

/// Something that can be visited.
pub trait Walk {
    /// Tells `v` the whole value.
    fn walk(&self, v: &mut dyn Visit);

    /// Whether there is nothing to tell, so that the field is left out.
    fn is_absent(&self) -> bool {
        false
    }

    /// As a field under `key`. A union overrides it to write the key of its variant.
    fn put(&self, key: Key<'_>, v: &mut dyn Visit) {
        if !self.is_absent() {
            key.tell(v);
            self.walk(v);
        }
    }
}

/// A type whose value is a leaf.
pub trait Leaf {
    /// Tells `v` the leaf.
    fn leaf(&self, origin: Origin, v: &mut dyn Visit);
}

impl<T: Leaf> Walk for Traced<T> {
    fn walk(&self, v: &mut dyn Visit) {
        self.get().leaf(self.origin(), v);
    }
}

impl<T: Walk> Walk for Option<T> {
    fn walk(&self, v: &mut dyn Visit) {
        if let Some(inner) = self {
            inner.walk(v);
        }
    }
    fn is_absent(&self) -> bool {
        self.as_ref().is_none_or(Walk::is_absent)
    }
    fn put(&self, key: Key<'_>, v: &mut dyn Visit) {
        if let Some(inner) = self {
            inner.put(key, v);
        }
    }
}

impl<T: Walk + ?Sized> Walk for Arc<T> {
    fn walk(&self, v: &mut dyn Visit) {
        (**self).walk(v);
    }
    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
}

/// A list whose items have no name, such as the words of a command: identity is the position.
impl<T: Walk> Walk for Vec<T> {
    fn walk(&self, v: &mut dyn Visit) {
        v.seq();
        for item in self {
            v.item(None);
            item.walk(v);
        }
        v.end();
    }
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Walk> Walk for BTreeMap<Text, T> {
    fn walk(&self, v: &mut dyn Visit) {
        v.map();
        for (key, value) in self {
            value.put(Key::Text(key), v);
        }
        v.end();
    }
    fn is_absent(&self) -> bool {
        self.values().all(Walk::is_absent)
    }
}

/// A part that a decision of the spec or of a rule puts there or leaves out; both have a reason.
#[derive(Clone, Debug)]
pub struct Maybe<T> {
    because: Origin,
    value: Option<T>,
}

impl<T> Maybe<T> {
    /// There, because of `because`.
    pub fn some(because: Origin, value: T) -> Self {
        Maybe { because, value: Some(value) }
    }
    /// Left out, because of `because`.
    pub fn none(because: Origin) -> Self {
        Maybe { because, value: None }
    }
    /// There if `value` is.
    pub fn from_option(because: Origin, value: Option<T>) -> Self {
        Maybe { because, value }
    }
    /// The part, if it is there.
    pub fn get(&self) -> Option<&T> {
        self.value.as_ref()
    }
    /// Why it is there or not.
    pub fn origin(&self) -> Origin {
        self.because
    }
}

impl<T: Walk> Walk for Maybe<T> {
    fn walk(&self, v: &mut dyn Visit) {
        if let Some(value) = &self.value {
            v.because(self.because);
            value.walk(v);
        }
    }
    fn is_absent(&self) -> bool {
        self.value.as_ref().is_none_or(Walk::is_absent)
    }
    fn put(&self, key: Key<'_>, v: &mut dyn Visit) {
        match &self.value {
            Some(value) if !value.is_absent() => {
                key.tell(v);
                v.because(self.because);
                value.walk(v);
            }
            _ => v.absent(key.as_str(), self.because),
        }
    }
}

/// An item of a list that is there for a reason and has a name among its siblings: what `explain` and the diff call it.
#[derive(Clone, Debug)]
pub struct Item<T> {
    /// the name: a merge key of the API where it has one, else what the item is for
    pub key: Text,
    /// why it is there
    pub because: Origin,
    /// the item
    pub value: T,
}

/// A list of named items, and of those that are left out for a reason.
#[derive(Clone, Debug)]
pub struct Items<T> {
    items: Vec<Item<T>>,
    left_out: Vec<(Text, Origin)>,
}

impl<T> Default for Items<T> {
    fn default() -> Self {
        Items { items: Vec::new(), left_out: Vec::new() }
    }
}

impl<T> Items<T> {
    /// Adds an item at the end.
    pub fn push(&mut self, key: impl Into<Text>, because: Origin, value: T) {
        self.items.push(Item { key: key.into(), because, value });
    }
    /// Says why there is no item `key`.
    pub fn leave_out(&mut self, key: impl Into<Text>, because: Origin) {
        self.left_out.push((key.into(), because));
    }
    /// The items in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Item<T>> {
        self.items.iter()
    }
    /// The items in order, to be changed.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Item<T>> {
        self.items.iter_mut()
    }
    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
    /// A list of one.
    pub fn one(key: impl Into<Text>, because: Origin, value: T) -> Self {
        Items { items: vec![Item { key: key.into(), because, value }], left_out: Vec::new() }
    }
}

impl<'a, T> IntoIterator for &'a Items<T> {
    type Item = &'a Item<T>;
    type IntoIter = std::slice::Iter<'a, Item<T>>;
    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<T: Walk> Walk for Items<T> {
    fn walk(&self, v: &mut dyn Visit) {
        v.seq();
        for item in &self.items {
            v.named(&item.key);
            v.because(item.because);
            item.value.walk(v);
        }
        for (key, because) in &self.left_out {
            v.absent_item(key, *because);
        }
        v.end();
    }
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
    fn put(&self, key: Key<'_>, v: &mut dyn Visit) {
        if self.is_empty() {
            self.left_out.iter().for_each(|(_, because)| v.absent(key.as_str(), *because));
        } else {
            key.tell(v);
            self.walk(v);
        }
    }
}

macro_rules! int_leaves {
    ($($t:ty)*) => { $(impl Leaf for $t {
        fn leaf(&self, origin: Origin, v: &mut dyn Visit) { v.leaf(Scalar::Int(i64::from(*self)), origin) }
    })* };
}
int_leaves!(u16 u32 i32 i64);

impl Leaf for bool {
    fn leaf(&self, origin: Origin, v: &mut dyn Visit) {
        v.leaf(Scalar::Bool(*self), origin);
    }
}
impl Leaf for Text {
    fn leaf(&self, origin: Origin, v: &mut dyn Visit) {
        v.text(self, origin);
    }
}
/// A typed value of the spec is written in its canonical form.
impl<T: Value> Leaf for T {
    fn leaf(&self, origin: Origin, v: &mut dyn Visit) {
        v.leaf(Scalar::Str(&self.text()), origin);
    }
}

/// `{}` that means something: `podSelector: {}` selects all, `emptyDir: {}` is a volume.
#[derive(Clone, Copy, Debug)]
pub struct Empty;
impl Leaf for Empty {
    fn leaf(&self, origin: Origin, v: &mut dyn Visit) {
        v.leaf(Scalar::EmptyMap, origin);
    }
}

/// Kubernetes' `IntOrString`.
#[derive(Clone, Debug)]
pub enum IntOrString {
    /// a number
    Int(i32),
    /// a name, or a percentage
    Text(Text),
}
impl From<i32> for IntOrString {
    fn from(number: i32) -> Self {
        Self::Int(number)
    }
}
impl From<u16> for IntOrString {
    fn from(number: u16) -> Self {
        Self::Int(number.into())
    }
}
impl From<Text> for IntOrString {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}
impl From<&'static str> for IntOrString {
    fn from(text: &'static str) -> Self {
        Self::Text(Text::Literal(text))
    }
}
impl Leaf for IntOrString {
    fn leaf(&self, origin: Origin, v: &mut dyn Visit) {
        match self {
            Self::Int(number) => number.leaf(origin, v),
            Self::Text(text) => text.leaf(origin, v),
        }
    }
}
