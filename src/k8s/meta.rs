//! What many kinds share: metadata, selectors, names of other objects.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::model::{closed, object};
use crate::origin::{Origin, Traced};
use crate::text::Text;
use crate::walk::{Empty, Items, Leaf, Visit, Walk};

/// A map of labels, made once and shared by all who carry or select them.
pub type Labels = Arc<BTreeMap<Text, Traced<Text>>>;

object! {
    /// `ObjectMeta` of a whole object.
    pub struct Metadata {
        name: Traced<Text>,
        /// Absent for cluster-scoped kinds alone.
        namespace: Option<Traced<Text>>,
        labels: Labels,
        annotations: BTreeMap<Text, Traced<Text>>,
    }

    /// `ObjectMeta` of a template: what is stamped from it gets its name elsewhere.
    pub struct TemplateMetadata {
        labels: Labels,
        annotations: BTreeMap<Text, Traced<Text>>,
    }

    /// `LabelSelector`: both parts must hold. For a selector of everything see [`Selects`].
    pub struct LabelSelector {
        match_labels: Labels,
        match_expressions: Items<Requirement>,
    }

    /// `LabelSelectorRequirement`.
    pub struct Requirement {
        key: Traced<Text>,
        operator: Traced<Operator>,
        /// Empty for `Exists` and `DoesNotExist`, and for them alone.
        values: Items<Traced<Text>>,
    }
}

closed! {
    /// How a [`Requirement`] compares.
    pub enum Operator {
        /// the label has one of the values
        In,
        /// the label has none of the values, or is not there
        NotIn,
        /// the label is there
        Exists,
        /// the label is not there
        DoesNotExist,
    }
}

/// A selector where `{}` is meant: everything, or what labels say.
#[derive(Clone, Debug)]
pub enum Selects {
    /// `{}`
    All(Traced<Empty>),
    /// by labels
    Matching(LabelSelector),
}

impl Walk for Selects {
    fn walk(&self, v: &mut dyn Visit) {
        match self {
            Selects::All(all) => all.walk(v),
            Selects::Matching(selector) => selector.walk(v),
        }
    }
}

/// The name of another object, which must exist: the link check hears of its kind through [`Visit::refers`]. An object
/// that somebody else makes is [`NameOf::foreign`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameOf {
    /// the kind of the object; empty for one that somebody else makes
    pub kind: &'static str,
    /// its name
    pub name: Text,
}

impl NameOf {
    /// The name of an object of `kind`.
    pub fn new(kind: &'static str, name: impl Into<Text>) -> Self {
        NameOf { kind, name: name.into() }
    }

    /// The name as a reference to an object of `kind`: same text, same origin.
    pub fn of(kind: &'static str, name: &Traced<Text>) -> Traced<Self> {
        Traced::because(NameOf { kind, name: name.get().clone() }, name.origin())
    }

    /// The name of an object that somebody else makes: nobody here can say whether it is there.
    pub fn foreign(name: &Traced<Text>) -> Traced<Self> {
        Self::of("", name)
    }

    /// Whether somebody else makes the object.
    pub fn is_foreign(&self) -> bool {
        self.kind.is_empty()
    }
}

impl Leaf for NameOf {
    fn leaf(&self, origin: Origin, v: &mut dyn Visit) {
        if !self.is_foreign() {
            v.refers(self.kind);
        }
        v.text(&self.name, origin);
    }
}
