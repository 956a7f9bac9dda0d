//! `values.schema.json`: what Helm accepts as values, closed and typed (JSON Schema draft 7, which Helm 3 and 4 read).

use serde_json::{Map, Value, json};

use super::slot::Slot;
use super::template::{Entry, Template};
use super::{ENABLED, VALUE};

/// The properties of a group of values, and which of them must be there.
#[derive(Default)]
struct Group {
    properties: Map<String, Value>,
    required: Vec<Value>,
}

impl Group {
    fn add(&mut self, name: &str, schema: Value) {
        self.properties.insert(name.to_owned(), schema);
        self.required.push(name.into());
    }

    fn schema(self) -> Value {
        json!({
            "type": "object",
            "properties": self.properties,
            "required": self.required,
            "additionalProperties": false,
        })
    }
}

/// The schema of the whole file. `groups` are its nouns, each with its objects: the key of the object, its path in the
/// output tree, whether an environment lacks it, and its template.
pub(super) fn schema<'p>(groups: impl Iterator<Item = (&'p str, Vec<Object<'p>>)>) -> Value {
    let mut root = Group::default();
    for (noun, objects) in groups {
        let mut group = Group::default();
        for object in objects {
            let place = Place { object: object.path, field: String::new() };
            let schema = if object.optional {
                Some(switched(object.body, &place))
            } else {
                schema_of(object.body, &place)
            };
            if let Some(schema) = schema {
                group.add(object.key, schema);
            }
        }
        if !group.required.is_empty() {
            root.add(noun, group.schema());
        }
    }
    let says = "set by Helm where the chart is a dependency of another";
    root.properties.insert("global".to_owned(), json!({ "type": "object", "description": says }));
    let mut schema = root.schema();
    if let Some(fields) = schema.as_object_mut() {
        fields.shift_insert(0, "$schema".to_owned(), "http://json-schema.org/draft-07/schema#".into());
    }
    schema
}

/// An object as the schema needs it.
pub(super) struct Object<'p> {
    /// key under its noun
    pub(super) key: &'p str,
    /// path of its file in the output tree
    pub(super) path: &'p str,
    /// whether an environment lacks it
    pub(super) optional: bool,
    /// its template
    pub(super) body: &'p Template<'p>,
}

/// Where a value goes.
struct Place<'p> {
    object: &'p str,
    field: String,
}

impl Place<'_> {
    fn key(&self, key: &str) -> Self {
        let quote = if key.contains(['.', '/', '[', ']']) { "\"" } else { "" };
        let dot = if self.field.is_empty() { "" } else { "." };
        Place { object: self.object, field: format!("{}{dot}{quote}{key}{quote}", self.field) }
    }

    fn item(&self, name: &str) -> Self {
        Place { object: self.object, field: format!("{}[{name}]", self.field) }
    }

    fn says(&self, prefix: &str) -> String {
        if self.field.is_empty() {
            format!("{prefix}{}", self.object)
        } else {
            format!("{prefix}`{}` in {}", self.field, self.object)
        }
    }
}

/// The schema of the values of `template`, if it has any.
fn schema_of(template: &Template<'_>, place: &Place<'_>) -> Option<Value> {
    match template {
        Template::Slot(slot) => Some(leaf(slot, &place.says(""))),
        _ => group_of(template, place).map(Group::schema),
    }
}

fn group_of(template: &Template<'_>, place: &Place<'_>) -> Option<Group> {
    let (entries, go): (_, fn(&Place<'_>, &str) -> String) = match template {
        Template::Fixed(_) | Template::Slot(_) => return None,
        Template::Map(entries) => (entries, |place, name| place.key(name).field),
        Template::Seq(entries, _) => (entries, |place, name| place.item(name).field),
    };
    let mut group = Group::default();
    for Entry { name, body, optional } in entries {
        let inner = Place { object: place.object, field: go(place, name) };
        let schema = if *optional { Some(switched(body, &inner)) } else { schema_of(body, &inner) };
        if let Some(schema) = schema {
            group.add(name, schema);
        }
    }
    (!group.required.is_empty()).then_some(group)
}

/// The schema of a part that may be switched off: its values are required only while it is on.
fn switched(body: &Template<'_>, place: &Place<'_>) -> Value {
    let mut inner = Group::default();
    if body.has_room_for_enabled() {
        inner = group_of(body, place).unwrap_or_default();
    } else if let Some(schema) = schema_of(body, place) {
        inner.add(VALUE, schema);
    }
    let mut group = Group::default();
    group.add(ENABLED, json!({ "type": "boolean", "description": place.says("whether there is ") }));
    group.properties.extend(inner.properties);
    let mut schema = group.schema();
    if let Some(fields) = schema.as_object_mut().filter(|_| !inner.required.is_empty()) {
        fields.insert("if".to_owned(), json!({ "properties": { ENABLED: { "const": true } } }));
        fields.insert("then".to_owned(), json!({ "required": inner.required }));
    }
    schema
}

fn leaf(slot: &Slot, says: &str) -> Value {
    match slot {
        Slot::Text => json!({ "type": "string", "description": says }),
        Slot::Integer => json!({ "type": "integer", "description": says }),
        Slot::Boolean => json!({ "type": "boolean", "description": says }),
        Slot::Plain { types, items } => {
            let mut schema = json!({ "type": types, "description": says });
            if let Some(fields) = schema.as_object_mut().filter(|_| !items.is_empty()) {
                fields.insert("items".to_owned(), json!({ "type": items }));
            }
            schema
        }
        Slot::Json => json!({ "type": "string", "description": format!("{says}, as JSON") }),
    }
}
