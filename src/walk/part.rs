//! An object as data that can be changed: everything that a walk tells, origins and reasons included.
//!
//! For objects that somebody wrote by hand, in whole or in part. [`Tree`](super::Tree) keeps only what a reader of the
//! printed object reads.

use super::{Atom, Scalar, Visit, Walk};
use crate::origin::Origin;
use crate::text::Text;

/// A value of an object with the reasons why it is there.
#[derive(Clone, Debug)]
pub struct Part {
    /// why it is there, outermost first
    pub because: Vec<Origin>,
    /// the kind of object that it names, for a name that must exist
    pub refers: Option<&'static str>,
    /// the value
    pub body: Body,
}

/// The value of a [`Part`].
#[derive(Clone, Debug)]
pub enum Body {
    /// keys with their values, in order
    Map(Vec<(Text, Part)>),
    /// items with their names where they have some
    Seq(Vec<(Option<Text>, Part)>),
    /// a leaf
    Leaf(Atom, Origin),
    /// nothing, for this reason
    Absent(Origin),
}

impl From<Body> for Part {
    fn from(body: Body) -> Self {
        Part { because: Vec::new(), refers: None, body }
    }
}

impl Part {
    /// What `object` tells.
    pub fn of(object: &dyn Walk) -> Self {
        let mut builder = Builder::default();
        object.walk(&mut builder);
        builder.done.unwrap_or_else(|| Body::Map(Vec::new()).into())
    }

    /// A leaf.
    pub fn leaf(atom: Atom, origin: Origin) -> Self {
        Body::Leaf(atom, origin).into()
    }

    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Part> {
        let Body::Map(fields) = &self.body else { return None };
        fields.iter().find(|(known, _)| known == key).map(|(_, part)| part)
    }

    /// The value at the end of a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Part> {
        path.iter().try_fold(self, |part, key| part.get(key))
    }

    /// The items, if it is a list.
    pub fn items(&self) -> impl Iterator<Item = (Option<&Text>, &Part)> {
        let items = if let Body::Seq(items) = &self.body { items.as_slice() } else { &[] };
        items.iter().map(|(name, part)| (name.as_ref(), part))
    }

    /// The keys with their values, if it is a map.
    pub fn fields(&self) -> impl Iterator<Item = (&Text, &Part)> {
        let fields = if let Body::Map(fields) = &self.body { fields.as_slice() } else { &[] };
        fields.iter().map(|(key, part)| (key, part))
    }

    /// The string, if it is one.
    pub fn text(&self) -> Option<&Text> {
        if let Body::Leaf(Atom::Str(text), _) = &self.body { Some(text) } else { None }
    }

    /// The number, if it is a whole one.
    pub fn int(&self) -> Option<i64> {
        if let Body::Leaf(Atom::Int(number), _) = &self.body { Some(*number) } else { None }
    }

    /// `true` or `false`, if it is one of them.
    pub fn truth(&self) -> Option<bool> {
        if let Body::Leaf(Atom::Bool(truth), _) = &self.body { Some(*truth) } else { None }
    }

    /// Where its first leaf came from.
    pub fn origin(&self) -> Option<Origin> {
        match &self.body {
            Body::Leaf(_, origin) => Some(*origin),
            Body::Absent(_) => None,
            Body::Map(fields) => fields.iter().find_map(|(_, part)| part.origin()),
            Body::Seq(items) => items.iter().find_map(|(_, part)| part.origin()),
        }
    }
}

impl Walk for Part {
    fn walk(&self, v: &mut dyn Visit) {
        self.because.iter().for_each(|because| v.because(*because));
        match &self.body {
            Body::Map(fields) => {
                v.map();
                for (key, part) in fields {
                    match part.body {
                        Body::Absent(because) => v.absent(key, because),
                        _ => {
                            v.chosen(key);
                            part.walk(v);
                        }
                    }
                }
                v.end();
            }
            Body::Seq(items) => {
                v.seq();
                for (name, part) in items {
                    match (&part.body, name) {
                        (Body::Absent(because), Some(name)) => v.absent_item(name, *because),
                        (Body::Absent(_), None) => {}
                        (_, Some(name)) => {
                            v.named(name);
                            part.walk(v);
                        }
                        (_, None) => {
                            v.item(None);
                            part.walk(v);
                        }
                    }
                }
                v.end();
            }
            Body::Leaf(atom, origin) => {
                if let Some(kind) = self.refers {
                    v.refers(kind);
                }
                match atom {
                    Atom::Str(text) => v.text(text, *origin),
                    other => v.leaf(other.as_scalar(), *origin),
                }
            }
            Body::Absent(_) => {}
        }
    }

    fn is_absent(&self) -> bool {
        matches!(self.body, Body::Absent(_))
    }
}

/// A map or list that has begun: what is known of it, and of what comes next in it.
struct Open {
    because: Vec<Origin>,
    body: Body,
    next: Option<Text>,
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    /// what was said of the value that comes next
    because: Vec<Origin>,
    refers: Option<&'static str>,
    done: Option<Part>,
}

impl Builder {
    fn begin(&mut self, body: Body) {
        self.open.push(Open { because: std::mem::take(&mut self.because), body, next: None });
    }

    fn add(&mut self, part: Part) {
        match self.open.last_mut() {
            Some(Open { body: Body::Map(fields), next, .. }) => {
                fields.push((next.take().unwrap_or(Text::Literal("")), part));
            }
            Some(Open { body: Body::Seq(items), next, .. }) => items.push((next.take(), part)),
            _ => self.done = Some(part),
        }
    }

    fn next(&mut self, name: Option<Text>) {
        if let Some(open) = self.open.last_mut() {
            open.next = name;
        }
    }

    fn put(&mut self, atom: Atom, origin: Origin) {
        let (because, refers) = (std::mem::take(&mut self.because), self.refers.take());
        self.add(Part { because, refers, body: Body::Leaf(atom, origin) });
    }

    fn leave_out(&mut self, key: &str, origin: Origin) {
        self.next(Some(Text::from(key.to_owned())));
        self.add(Body::Absent(origin).into());
    }
}

impl Visit for Builder {
    fn map(&mut self) {
        self.begin(Body::Map(Vec::new()));
    }
    fn seq(&mut self) {
        self.begin(Body::Seq(Vec::new()));
    }
    fn key(&mut self, key: &str) {
        self.next(Some(Text::from(key.to_owned())));
    }
    fn field(&mut self, key: &'static str) {
        self.next(Some(Text::Literal(key)));
    }
    fn chosen(&mut self, key: &Text) {
        self.next(Some(key.clone()));
    }
    fn item(&mut self, key: Option<&str>) {
        self.next(key.map(|key| Text::from(key.to_owned())));
    }
    fn named(&mut self, name: &Text) {
        self.next(Some(name.clone()));
    }
    fn end(&mut self) {
        if let Some(open) = self.open.pop() {
            self.add(Part { because: open.because, refers: None, body: open.body });
        }
    }
    fn leaf(&mut self, value: Scalar<'_>, origin: Origin) {
        self.put(Atom::of(value), origin);
    }
    fn text(&mut self, text: &Text, origin: Origin) {
        self.put(Atom::Str(text.clone()), origin);
    }
    fn because(&mut self, origin: Origin) {
        self.because.push(origin);
    }
    fn absent(&mut self, key: &str, origin: Origin) {
        self.leave_out(key, origin);
    }
    fn absent_item(&mut self, key: &str, origin: Origin) {
        self.leave_out(key, origin);
    }
    fn refers(&mut self, kind: &'static str) {
        self.refers = Some(kind);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Item, Items, Leaves, Maybe};
    use super::*;
    use crate::origin::{GRACE, HISTORY, Traced, rule};

    #[test]
    fn a_part_tells_what_it_was_told() {
        let mut items = Items::default();
        items.push("a", Origin::rule(GRACE), rule::<u32, u32>(HISTORY, 1));
        items.leave_out("b", Origin::rule(HISTORY));
        let object =
            std::collections::BTreeMap::from([(Text::from("list"), Maybe::some(Origin::rule(GRACE), items))]);
        let part = Part::of(&object);
        let (own, told) = (Leaves::of(&part), Leaves::of(&object));
        assert_eq!(
            format!("{:?}{:?}", own.rows, own.omissions),
            format!("{:?}{:?}", told.rows, told.omissions)
        );
        assert_eq!(format!("{:?}", Part::of(&part)), format!("{part:?}"));
        let first = part.get("list").unwrap().items().next().unwrap();
        assert_eq!((first.0.unwrap().as_str(), first.1.int()), ("a", Some(1)));
        let _: Option<Item<Traced<u32>>> = None;
    }
}
