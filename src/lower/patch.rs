//! The way out for single fields: what `[….kubernetes.<object>]` says, put over the emitted object.
//!
//! Tables merge; a value replaces; a list whose items the API tells apart by a key takes a table under those keys, and any
//! list takes an array as a whole. What does not fit is a check's finding, so here it only must not get lost.

use crate::api::{self, Form, Shape};
use crate::bundle::Bundle;
use crate::k8s::{Object, Written};
use crate::node::{Kind, Node};
use crate::origin::Origin;
use crate::system::Patch;
use crate::text::Text;
use crate::walk::{Atom, Body, Part};

/// Puts the patches of a service over its objects.
pub(super) fn apply(patches: &[Patch], bundle: &mut Bundle) {
    for patch in patches {
        let is_meant = |id: &crate::bundle::ObjectId| {
            id.noun().is_some_and(|noun| *noun == patch.noun) && id.stem() == patch.object.get().as_str()
        };
        let found = bundle.objects.iter_mut().find(|emitted| is_meant(&emitted.id));
        if let Some(emitted) = found {
            emitted.object = patched(&emitted.object, patch);
        }
    }
}

fn patched(object: &Object, patch: &Patch) -> Object {
    let (kind, api_version) = (object.kind(), object.api_version());
    let known = api::kind(&api_version, &kind).map(|kind| kind.object);
    let mut content = Part::of(object.as_walk());
    for (key, node) in patch.table.fields() {
        let form = known.and_then(|fields| fields.field(key)).map_or(Form::ANY, |field| field.form);
        put(&mut content, key, node, form);
    }
    let (because, metadata) = (object.because(), object.metadata().clone());
    Written { because, kind, api_version, metadata, content, of: Some(object.own().clone()) }.into()
}

/// Puts a value under a key of a map; what is no map yet becomes one.
fn put(into: &mut Part, key: &Text, node: &Node, form: Form) {
    if !matches!(into.body, Body::Map(_)) {
        into.body = Body::Map(Vec::new());
    }
    let Body::Map(fields) = &mut into.body else { return };
    match fields.iter_mut().find(|(known, _)| known == key) {
        Some((_, part)) => merge(part, node, form),
        None => fields.push((key.clone(), value(node, form))),
    }
}

fn merge(part: &mut Part, node: &Node, form: Form) {
    match (&node.kind, form.shape()) {
        (Kind::Table(table), Shape::Keyed(key, item)) => {
            for (name, child) in table {
                put_item(part, (key, name), child, item);
            }
        }
        (Kind::Table(table), _) if !table.is_empty() => {
            for (key, child) in table {
                put(part, key, child, form.under(key).unwrap_or(Form::ANY));
            }
        }
        // an empty table asks for nothing where there is a table already
        (Kind::Table(_), _) if matches!(part.body, Body::Map(_)) => {}
        _ => *part = value(node, form),
    }
}

/// Puts the fields of one item of a list, which `key` tells apart by `name`; there may be none yet.
fn put_item(list: &mut Part, (key, name): (&str, &Text), node: &Node, form: Form) {
    if !matches!(list.body, Body::Seq(_)) {
        list.body = Body::Seq(Vec::new());
    }
    let Body::Seq(items) = &mut list.body else { return };
    let is_it = |item: &Part| match item.get(key).map(|part| &part.body) {
        Some(Body::Leaf(Atom::Str(text), _)) => text == name,
        Some(Body::Leaf(Atom::Int(number), _)) => number.to_string() == name.as_str(),
        _ => false,
    };
    let index = items.iter().position(|(_, item)| is_it(item)).unwrap_or_else(|| {
        let atom = match form.under(key).map(Form::shape) {
            Some(Shape::Integer) => name.parse().map_or_else(|_| Atom::Str(name.clone()), Atom::Int),
            _ => Atom::Str(name.clone()),
        };
        let identity = Part::leaf(atom, Origin::spec(node.id));
        let body = Body::Map(vec![(Text::from(key.to_owned()), identity)]);
        items.push((Some(name.clone()), there(node, body)));
        items.len() - 1
    });
    if let Some((_, item)) = items.get_mut(index) {
        for (key, child) in node.table().into_iter().flatten() {
            put(item, key, child, form.under(key).unwrap_or(Form::ANY));
        }
    }
}

/// A part that is there because a node is.
fn there(node: &Node, body: Body) -> Part {
    Part { because: vec![Origin::spec(node.id)], refers: None, body }
}

/// What a node is in an object.
pub(super) fn value(node: &Node, form: Form) -> Part {
    let origin = Origin::spec(node.id);
    let atom = match &node.kind {
        Kind::String(text) | Kind::Datetime(text) => Atom::Str(text.clone()),
        Kind::Integer(number) => Atom::Int(*number),
        Kind::Float(number) => Atom::Number(Text::from(number.to_string())),
        Kind::Boolean(truth) => Atom::Bool(*truth),
        Kind::Array(items) => {
            let name = |part: &Part| match form.shape() {
                Shape::Keyed(key, _) => part.get(key).and_then(Part::text).cloned(),
                _ => None,
            };
            let item = |item: &Node| {
                let part = value(item, form.item());
                (name(&part), part)
            };
            return Body::Seq(items.iter().map(item).collect()).into();
        }
        Kind::Table(table) => {
            if let Shape::Keyed(key, item) = form.shape() {
                let mut list: Part = Body::Seq(Vec::new()).into();
                table.iter().for_each(|(name, child)| put_item(&mut list, (key, name), child, item));
                return list;
            }
            if !table.is_empty() {
                let field = |(key, child): (&Text, &Node)| {
                    (key.clone(), value(child, form.under(key).unwrap_or(Form::ANY)))
                };
                return there(node, Body::Map(table.iter().map(field).collect()));
            }
            Atom::EmptyMap
        }
    };
    Part::leaf(atom, origin)
}
