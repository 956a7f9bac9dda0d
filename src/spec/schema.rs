//! JSON Schemas of the spec's files, made from the declarations that decode them.
//!
//! Draft 2020-12. A schema describes one file as written; what needs two keys, two files or the whole system is a check.
//! Overlays have the shape of their base with nothing required, so every schema comes in a whole and a partial form.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::decode::{Choice, Decode};
use crate::value::Value;

/// The definitions collected while a schema is made.
pub struct Defs {
    partial: bool,
    defs: BTreeMap<String, Json>,
}

/// The fields of a table, in the order of their declaration.
pub struct Table {
    partial: bool,
    properties: Map<String, Json>,
    required: Vec<&'static str>,
    open: bool,
}

impl Table {
    /// Lets the table have further keys, of any kind.
    pub fn open(&mut self) {
        self.open = true;
    }

    /// Adds a key.
    pub fn field(
        &mut self,
        key: &'static str,
        required: bool,
        doc: &[&str],
        default: Option<&'static str>,
        mut schema: Json,
    ) {
        if let Json::Object(fields) = &mut schema {
            let mut doc = sentence(doc);
            if let Some(default) = default {
                doc = format!("{doc} Default: {default}.");
                if let Some(value) = literal(default) {
                    fields.insert("default".to_owned(), value);
                }
            }
            fields.insert("description".to_owned(), Json::String(doc));
        }
        self.properties.insert(key.to_owned(), schema);
        if required && !self.partial {
            self.required.push(key);
        }
    }
}

impl Defs {
    /// Whether nothing is required, as in overlays.
    pub fn is_partial(&self) -> bool {
        self.partial
    }

    /// The definition of a table, made once under its name; the result refers to it.
    pub fn table(
        &mut self,
        name: &'static str,
        doc: &[&str],
        fields: impl FnOnce(&mut Defs, &mut Table),
    ) -> Json {
        if !self.defs.contains_key(name) {
            self.defs.insert(name.to_owned(), Json::Null);
            let mut table =
                Table { partial: self.partial, properties: Map::new(), required: Vec::new(), open: false };
            fields(self, &mut table);
            let mut schema = json!({
                "type": "object",
                "description": sentence(doc),
                "properties": table.properties,
                "additionalProperties": table.open,
            });
            if let (false, Json::Object(schema)) = (table.required.is_empty(), &mut schema) {
                schema.insert("required".to_owned(), json!(table.required));
            }
            self.defs.insert(name.to_owned(), schema);
        }
        json!({ "$ref": format!("#/$defs/{name}") })
    }
}

/// The value of a documented default that is one literal, the same in every case: "`8000`" or "`false`: no chart".
fn literal(default: &str) -> Option<Json> {
    let (value, rest) = default.strip_prefix('`')?.split_once('`')?;
    (rest.is_empty() || rest.starts_with(':')).then(|| serde_json::from_str(value).ok())?
}

/// Doc lines as one line of prose.
fn sentence(doc: &[&str]) -> String {
    doc.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// The schema of a typed value: its pattern, or its list of words.
pub(crate) fn of_value<T: Value>(_: &mut Defs) -> Json {
    match T::choices() {
        Some(words) => json!({ "title": T::WHAT, "type": "string", "enum": words, "examples": T::EXAMPLES }),
        None => json!({
            "title": T::WHAT,
            "type": "string",
            "pattern": T::pattern(),
            "maxLength": T::MAX_LEN,
            "examples": T::EXAMPLES,
        }),
    }
}

/// The schema of a closed set of words, each with its meaning for editors.
pub(crate) fn of_choice<T: Choice>(doc: &[&str]) -> Json {
    let words: Vec<Json> =
        T::WORDS.iter().map(|(word, doc)| json!({ "const": word, "description": doc.trim() })).collect();
    json!({ "description": sentence(doc), "oneOf": words })
}

/// How a file takes part in a chain of layers, which decides what its schema asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// it stands alone: everything that is required must be in it, and it has no orders
    Alone,
    /// the first layer: everything that is required must be in it; it may declare paths `final`
    Base,
    /// a later layer: nothing is required; it may `remove` paths and declare them `final`
    Overlay,
    /// first without `extends`, else later: the key is required unless the file has `extends`
    Link(&'static str),
}

/// The schema of a file whose tree decodes into `T`.
///
/// What only other files can tell is not in it: whether a later layer's table is complete, and whether the paths of
/// `remove` and `final` lead anywhere.
pub fn of_file<T: Decode>(title: &str, role: Role) -> Json {
    let partial = matches!(role, Role::Overlay | Role::Link(_));
    let mut defs = Defs { partial, defs: BTreeMap::new() };
    let root = T::schema(&mut defs);
    let name = root.get("$ref").and_then(Json::as_str).and_then(|r| r.rsplit('/').next()).unwrap_or_default();
    let mut root = defs.defs.remove(name).unwrap_or(Json::Null);
    if let Some(properties) = root.get_mut("properties").and_then(Json::as_object_mut) {
        if partial {
            let doc = "Dotted paths of inherited values to take away before this file's own values apply.";
            properties.insert("remove".to_owned(), paths(doc));
        }
        if role != Role::Alone {
            let doc = "Dotted paths that no later layer may mention.";
            properties.insert("final".to_owned(), paths(doc));
        }
    }
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".to_owned(), json!(title));
    if let Json::Object(root) = root {
        schema.extend(root);
    }
    if let Role::Link(key) = role {
        schema.insert("anyOf".to_owned(), json!([{ "required": [key] }, { "required": ["extends"] }]));
    }
    if !defs.defs.is_empty() {
        schema.insert("$defs".to_owned(), json!(defs.defs));
    }
    Json::Object(schema)
}

/// The schema of one table with the definitions that it refers to.
pub(super) fn of_table(table: fn(&mut Defs) -> Json) -> Json {
    let mut defs = Defs { partial: true, defs: BTreeMap::new() };
    let root = table(&mut defs);
    let name = root.get("$ref").and_then(Json::as_str).and_then(|r| r.rsplit('/').next()).unwrap_or_default();
    let mut schema = defs.defs.get(name).cloned().unwrap_or(root.clone());
    if let Json::Object(schema) = &mut schema {
        schema.insert("$defs".to_owned(), json!(defs.defs));
    }
    schema
}

/// The schema of `remove` and `final`.
fn paths(doc: &str) -> Json {
    json!({
        "description": doc,
        "type": "array",
        "items": { "type": "string", "pattern": crate::merge::PATH_PATTERN, "examples": ["workloads.api.scale"] },
    })
}

/// What the docs say of a key that may be set at `path` below the root `root` of a file: a service's name, `environment`,
/// `images` or `specc`.
pub fn documented(root: &str, path: &[String]) -> Option<String> {
    let schema = match root {
        "environment" => of_file::<super::environment::EnvironmentFile>("", Role::Overlay),
        "images" => of_file::<super::images::ImagesFile>("", Role::Overlay),
        "specc" => of_file::<super::project::ProjectFile>("", Role::Overlay),
        _ => of_file::<super::service::ServiceFile>("", Role::Overlay),
    };
    let resolve = |node: &Json| -> Option<Json> {
        match node.get("$ref").and_then(Json::as_str).and_then(|r| r.strip_prefix("#/")) {
            Some(pointer) => schema.pointer(&format!("/{pointer}")).cloned(),
            None => Some(node.clone()),
        }
    };
    let (mut at, mut doc) = (schema.clone(), None);
    for key in path {
        let table = resolve(&at)?;
        let next =
            table.get("properties").and_then(|p| p.get(key)).or_else(|| table.get("additionalProperties"))?;
        if next.is_boolean() {
            return None;
        }
        doc = next.get("description").and_then(Json::as_str).map(str::to_owned).or(doc);
        at = next.clone();
    }
    doc
}
