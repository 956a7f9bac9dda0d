//! The shape of a configuration file: which keys it has, and what kind of value each holds.

use std::collections::BTreeMap;

use super::yaml::{self, Data};
use super::{Flaw, Format};

/// What a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// nothing, which stands for any kind
    Null,
    /// `true` or `false`
    Truth,
    /// a number
    Number,
    /// a text
    Text,
    /// a date or a time
    Date,
    /// a list
    List,
    /// a table
    Table,
}

impl Kind {
    /// What a person calls it, with its article.
    pub fn describe(self) -> &'static str {
        match self {
            Kind::Null => "nothing",
            Kind::Truth => "a boolean",
            Kind::Number => "a number",
            Kind::Text => "a string",
            Kind::Date => "a date",
            Kind::List => "a list",
            Kind::Table => "a table",
        }
    }
}

/// The keys of a file by their dotted path; items of lists are not looked into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape(BTreeMap<String, Kind>);

/// Levels of tables that are looked into; deeper ones are lists of data, not settings.
const DEEPEST: usize = 16;

impl Shape {
    /// The shape of a text.
    ///
    /// # Errors
    /// The text is not of that format.
    pub fn of(text: &str, format: Format) -> Result<Shape, Flaw> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut shape = Shape::default();
        match format {
            Format::Toml => shape.toml("", &toml::Value::Table(toml_of(text)?), 0),
            Format::Json => shape.json("", &json_of(text)?, 0),
            Format::Yaml => yaml::documents(text)?.iter().for_each(|document| shape.yaml("", document, 0)),
        }
        Ok(shape)
    }

    /// What `other` lacks of this, each key with what it holds here and there. A table that is missing stands for its keys.
    pub fn beyond(&self, other: &Shape) -> Vec<(&str, Kind, Option<Kind>)> {
        let mut beyond: Vec<(&str, Kind, Option<Kind>)> = Vec::new();
        for (path, kind) in &self.0 {
            let theirs = other.0.get(path).copied();
            let is_same = theirs == Some(*kind)
                || theirs == Some(Kind::Null)
                || *kind == Kind::Null && theirs.is_some();
            let is_told = |(told, _, _): &(&str, Kind, Option<Kind>)| {
                path.strip_prefix(told).is_some_and(|rest| rest.starts_with('.'))
            };
            if !is_same && !beyond.iter().any(is_told) {
                beyond.push((path, *kind, theirs));
            }
        }
        beyond
    }

    /// Every key with what it holds.
    pub fn keys(&self) -> impl Iterator<Item = (&str, Kind)> {
        self.0.iter().map(|(path, kind)| (path.as_str(), *kind))
    }

    fn put(&mut self, path: &str, key: &str, kind: Kind) -> String {
        let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        self.0.insert(path.clone(), kind);
        path
    }

    fn toml(&mut self, path: &str, value: &toml::Value, depth: usize) {
        let Some(table) = value.as_table().filter(|_| depth < DEEPEST) else { return };
        for (key, value) in table {
            let kind = match value {
                toml::Value::String(_) => Kind::Text,
                toml::Value::Integer(_) | toml::Value::Float(_) => Kind::Number,
                toml::Value::Boolean(_) => Kind::Truth,
                toml::Value::Datetime(_) => Kind::Date,
                toml::Value::Array(_) => Kind::List,
                toml::Value::Table(_) => Kind::Table,
            };
            let path = self.put(path, key, kind);
            self.toml(&path, value, depth + 1);
        }
    }

    fn json(&mut self, path: &str, value: &serde_json::Value, depth: usize) {
        let Some(table) = value.as_object().filter(|_| depth < DEEPEST) else { return };
        for (key, value) in table {
            let kind = match value {
                serde_json::Value::Null => Kind::Null,
                serde_json::Value::Bool(_) => Kind::Truth,
                serde_json::Value::Number(_) => Kind::Number,
                serde_json::Value::String(_) => Kind::Text,
                serde_json::Value::Array(_) => Kind::List,
                serde_json::Value::Object(_) => Kind::Table,
            };
            let path = self.put(path, key, kind);
            self.json(&path, value, depth + 1);
        }
    }

    fn yaml(&mut self, path: &str, data: &Data, depth: usize) {
        let yaml::Value::Map(fields) = &data.value else { return };
        if depth >= DEEPEST {
            return;
        }
        for field in fields {
            let kind = match &field.data.value {
                yaml::Value::Null => Kind::Null,
                yaml::Value::Bool(_) => Kind::Truth,
                yaml::Value::Int(_) | yaml::Value::Float(_) => Kind::Number,
                yaml::Value::Str(_) => Kind::Text,
                yaml::Value::Seq(_) => Kind::List,
                yaml::Value::Map(_) => Kind::Table,
            };
            let path = self.put(path, &field.key, kind);
            self.yaml(&path, &field.data, depth + 1);
        }
    }
}

fn toml_of(text: &str) -> Result<toml::Table, Flaw> {
    text.parse::<toml::Table>()
        .map_err(|error| Flaw { at: error.span().unwrap_or(0..0), what: error.message().to_owned() })
}

fn json_of(text: &str) -> Result<serde_json::Value, Flaw> {
    serde_json::from_str(text).map_err(|error| {
        let what = error.to_string();
        let what = what.rsplit_once(" at line ").map_or(what.as_str(), |(what, _)| what);
        Flaw::at_line(text, error.line(), error.column(), what.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_formats_have_one_shape() {
        let toml = Shape::of("a = 1\nl = [1]\n[t]\nb = \"x\"\nc = true\n", Format::Toml).unwrap();
        let json = Shape::of(r#"{"a": 1.5, "l": [], "t": {"b": "x", "c": false}}"#, Format::Json).unwrap();
        let yaml = Shape::of("a: 7\nl: []\nt:\n  b: x\n  c: true\n", Format::Yaml).unwrap();
        assert_eq!((&toml, &toml), (&json, &yaml));
    }

    #[test]
    fn what_is_missing_or_of_another_kind() {
        let shape = |text| Shape::of(text, Format::Yaml).unwrap();
        let (base, other) = (shape("a: 1\nt: {x: 1, y: 2}\nn: 1"), shape("a: one\nn:\nz: 1"));
        assert_eq!(base.beyond(&other), [("a", Kind::Number, Some(Kind::Text)), ("t", Kind::Table, None)]);
    }

    #[test]
    fn flaws_have_a_place() {
        let flaw = |text, format| {
            let flaw = Shape::of(text, format).unwrap_err();
            flaw.position(text)
        };
        assert_eq!(flaw("{\n  \"a\": 1,\n}\n", Format::Json).0, 3);
        assert_eq!(flaw("a = 1\nb = = 2\n", Format::Toml).0, 2);
        assert_eq!(flaw("a: 1\nb: [1, 2\n", Format::Yaml).0, 2);
    }
}
