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
}

impl Table {
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
    /// The definition of a table, made once under its name; the result refers to it.
    pub fn table(
        &mut self,
        name: &'static str,
        doc: &[&str],
        fields: impl FnOnce(&mut Defs, &mut Table),
    ) -> Json {
        if !self.defs.contains_key(name) {
            self.defs.insert(name.to_owned(), Json::Null);
            let mut table = Table { partial: self.partial, properties: Map::new(), required: Vec::new() };
            fields(self, &mut table);
            let mut schema = json!({
                "type": "object",
                "description": sentence(doc),
                "properties": table.properties,
                "additionalProperties": false,
            });
            if let (false, Json::Object(schema)) = (table.required.is_empty(), &mut schema) {
                schema.insert("required".to_owned(), json!(table.required));
            }
            self.defs.insert(name.to_owned(), schema);
        }
        json!({ "$ref": format!("#/$defs/{name}") })
    }
}

/// Doc lines as one line of prose.
fn sentence(doc: &[&str]) -> String {
    doc.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// The schema of a typed value: its pattern, or its list of words.
pub(crate) fn of_value<T: Value>(_: &mut Defs) -> Json {
    match T::choices() {
        Some(words) => json!({ "type": "string", "enum": words, "examples": T::EXAMPLES }),
        None => json!({
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

/// The schema of a file whose tree decodes into `T`.
///
/// `partial` leaves out what is required, for overlays; `layered` adds the keys `remove` and `final`, which merging
/// consumes before decoding.
pub fn of_file<T: Decode>(title: &str, partial: bool, layered: bool) -> Json {
    let mut defs = Defs { partial, defs: BTreeMap::new() };
    let root = T::schema(&mut defs);
    let name = root.get("$ref").and_then(Json::as_str).and_then(|r| r.rsplit('/').next()).unwrap_or_default();
    let mut root = defs.defs.remove(name).unwrap_or(Json::Null);
    if let (true, Some(properties)) = (layered, root.get_mut("properties").and_then(Json::as_object_mut)) {
        let paths = |doc: &str| json!({ "type": "array", "items": { "type": "string" }, "description": doc });
        properties.insert(
            "remove".to_owned(),
            paths("Dotted paths of inherited values to take away before this file's own values apply."),
        );
        properties.insert("final".to_owned(), paths("Dotted paths that no later layer may mention."));
    }
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".to_owned(), json!(title));
    if let Json::Object(root) = root {
        schema.extend(root);
    }
    if !defs.defs.is_empty() {
        schema.insert("$defs".to_owned(), json!(defs.defs));
    }
    Json::Object(schema)
}

/// What the docs say of a key that may be set at `path` below the root `root` of a file: a service's name, `environment`,
/// `images` or `specc`.
pub fn documented(root: &str, path: &[String]) -> Option<String> {
    let schema = match root {
        "environment" => of_file::<super::environment::EnvironmentFile>("", true, false),
        "images" => of_file::<super::images::ImagesFile>("", true, false),
        "specc" => of_file::<super::project::ProjectFile>("", true, false),
        _ => of_file::<super::service::ServiceFile>("", true, false),
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
