//! Fields of the API that somebody wrote by hand, against what the API has.
//!
//! Source: the published definitions of each Kubernetes version and of the add-ons, as [`crate::api`] has them.

use crate::api::{Field, Form, Kind, Shape, Type};
use crate::diagnostic::suggest::nearest;
use crate::k8s::KINDS;
use crate::node::{Kind as Value, Node};
use crate::origin::NodeId;
use crate::text::Text;

/// Something that the API would not take.
pub(super) struct Problem {
    /// the node
    pub(super) at: NodeId,
    /// whether its key is wrong rather than its value
    pub(super) is_key: bool,
    /// what is wrong: a sentence about `path` of the kind
    pub(super) title: String,
    /// what to see there
    pub(super) label: String,
    /// what to write instead
    pub(super) help: Option<String>,
    /// for a field that other versions serve: `needs Kubernetes 1.34`
    pub(super) version: Option<String>,
}

/// How the fields are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// over those of an emitted object: incomplete, lists with keys as tables
    Patch,
    /// as the API takes them, complete
    Whole,
}

/// Judges the fields of one object.
pub(super) struct Judge<'k> {
    kind: &'k str,
    minor: u8,
    style: Style,
    path: String,
    found: Vec<Problem>,
}

/// The kind that the name of an emitted object's file stands for: `deployment`, or with a role `service-public`.
pub(super) fn kind_of_file(stem: &str) -> Option<Kind> {
    let is_it = |name: &str| {
        let rest = stem.strip_prefix(&name.to_ascii_lowercase())?;
        (rest.is_empty() || rest.starts_with('-')).then_some(())
    };
    let (name, version) = KINDS.iter().find(|(name, _)| is_it(name).is_some())?;
    crate::api::kind(version, name)
}

/// Judges `fields` of an object of `kind` for the version `1.<minor>`.
pub(super) fn judge<'n>(
    kind: Kind,
    minor: u8,
    style: Style,
    fields: impl Iterator<Item = (&'n Text, &'n Node)>,
) -> Vec<Problem> {
    let mut judge = Judge { kind: kind.name, minor, style, path: String::new(), found: Vec::new() };
    judge.fields(kind.object, fields);
    judge.found
}

/// Judges a whole object for the version `1.<minor>`.
pub(super) fn judge_whole(kind: Kind, minor: u8, root: &Node) -> Vec<Problem> {
    let mut judge =
        Judge { kind: kind.name, minor, style: Style::Whole, path: String::new(), found: Vec::new() };
    let written = || root.table().into_iter().flatten().filter(|(key, _)| *key != "status");
    if !kind.served.by(minor) {
        let field = Field { name: kind.name, required: false, form: Form::ANY, served: kind.served };
        judge.path.push_str("kind");
        judge.other_version(root.get("kind").unwrap_or(root), &field);
        return judge.found;
    }
    judge.fields(kind.object, written());
    judge.found
}

/// What a kind that is in no table was most likely meant to be; none for one of a group that nobody here knows.
pub(super) fn known_otherwise(api_version: &str, name: &str) -> Option<String> {
    let group = crate::api::group(api_version);
    let of_group: Vec<Kind> =
        crate::api::kinds().filter(|kind| crate::api::group(kind.api_version) == group).collect();
    // groups of custom resources have a dot
    if of_group.is_empty() && group.contains('.') {
        return None;
    }
    let moved = crate::api::kinds().find(|kind| kind.name == name);
    if let Some(moved) = moved {
        return Some(format!("`{name}` is of `{}`", moved.api_version));
    }
    let near = nearest(name, of_group.iter().map(|kind| kind.name));
    Some(near.map_or_else(
        || "look the kind and its version up in the reference of the API".to_owned(),
        |near| format!("did you mean `{near}`?"),
    ))
}

impl Judge<'_> {
    fn within(&mut self, key: &str, f: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        let is_item = key.starts_with('[');
        if length > 0 && !is_item {
            self.path.push('.');
        }
        if !is_item && key.contains(['.', '/']) {
            self.path.push_str(&format!("\"{key}\""));
        } else {
            self.path.push_str(key);
        }
        f(self);
        self.path.truncate(length);
    }

    fn problem(&mut self, at: NodeId, title: String, label: impl Into<String>, help: Option<String>) {
        let label = label.into();
        self.found.push(Problem { at, is_key: false, title, label, help, version: None });
    }

    fn fields<'n>(&mut self, fields: Type, written: impl Iterator<Item = (&'n Text, &'n Node)>) {
        for (key, node) in written {
            self.within(key, |judge| match fields.field(key) {
                Some(field) if !field.served.by(judge.minor) => judge.other_version(node, &field),
                Some(field) => judge.value(node, field.form),
                None if fields.is_open() => {}
                None => judge.unknown(key, node, fields),
            });
        }
    }

    fn other_version(&mut self, node: &Node, field: &Field) {
        let needs = match (field.served.since, field.served.until) {
            (Some(since), _) if self.minor < since => format!("needs Kubernetes 1.{since}"),
            (_, Some(until)) => format!("is served up to Kubernetes 1.{until}"),
            _ => return,
        };
        self.found.push(Problem {
            at: node.id,
            is_key: true,
            title: format!("`{}` of `{}`", self.path, self.kind),
            label: String::new(),
            help: None,
            version: Some(needs),
        });
    }

    fn unknown(&mut self, key: &str, node: &Node, fields: Type) {
        let served = || fields.fields().filter(|field| field.served.by(self.minor)).map(|field| field.name);
        let help = if key == "status" && self.path == "status" {
            "the cluster writes it, nobody else".to_owned()
        } else if let Some(near) = nearest(key, served()) {
            format!("did you mean `{near}`?")
        } else {
            let mut names: Vec<&str> = served().collect();
            let more = names.len().saturating_sub(12);
            names.truncate(12);
            let listed = super::context::listed(&names);
            if more > 0 {
                format!("there are {listed}, and {more} more")
            } else {
                format!("there are {listed}")
            }
        };
        let title = format!("`{}` has no field `{}`", self.kind, self.path);
        let (at, label) = (node.id, "not a field of the API".to_owned());
        self.found.push(Problem { at, is_key: true, title, label, help: Some(help), version: None });
    }

    fn wrong(&mut self, node: &Node, want: &str, help: Option<String>) {
        let found = node.kind.describe();
        let title = format!("`{}` of `{}` must be {want}, not {found}", self.path, self.kind);
        self.problem(node.id, title, format!("{found}, where {want} belongs"), help);
    }

    fn value(&mut self, node: &Node, form: Form) {
        let quoted = |text: &dyn std::fmt::Display| Some(format!("put it in quotes: `\"{text}\"`"));
        let fits = match form.shape() {
            Shape::Any => true,
            Shape::Text | Shape::Bytes => matches!(node.kind, Value::String(_)),
            Shape::Integer => matches!(node.kind, Value::Integer(_)),
            Shape::Number | Shape::Quantity => matches!(node.kind, Value::Integer(_) | Value::Float(_)),
            Shape::Truth => matches!(node.kind, Value::Boolean(_)),
            Shape::IntOrText => matches!(node.kind, Value::Integer(_) | Value::String(_)),
            _ => false,
        };
        match (form.shape(), &node.kind) {
            _ if fits => {}
            (Shape::Text | Shape::Bytes, Value::Integer(number)) => {
                self.wrong(node, "a string", quoted(number));
            }
            (Shape::Text | Shape::Bytes, Value::Float(number)) => {
                self.wrong(node, "a string", quoted(number));
            }
            (Shape::Text | Shape::Bytes, Value::Boolean(truth)) => {
                self.wrong(node, "a string", quoted(truth));
            }
            (Shape::Text | Shape::Bytes, _) => self.wrong(node, "a string", None),
            (Shape::Words(words), Value::String(text)) => self.word(node, words, text),
            (Shape::Words(words), _) => self.wrong(node, &format!("one of {}", listed(words)), None),
            (Shape::Quantity, Value::String(text)) => self.quantity(node, text),
            (Shape::Quantity, _) => self.wrong(node, "an amount, such as `\"500m\"` or `\"64Mi\"`", None),
            (Shape::Integer, Value::String(text)) if text.parse::<i64>().is_ok() => {
                self.wrong(node, "a whole number", Some(format!("write it without quotes: `{text}`")));
            }
            (Shape::Integer, _) => self.wrong(node, "a whole number", None),
            (Shape::Number, _) => self.wrong(node, "a number", None),
            (Shape::Truth, Value::String(text)) if matches!(text.as_str(), "true" | "false") => {
                self.wrong(node, "`true` or `false`", Some(format!("write it without quotes: `{text}`")));
            }
            (Shape::Truth, _) => self.wrong(node, "`true` or `false`", None),
            (Shape::IntOrText | Shape::Any, _) => self.wrong(node, "a whole number or a string", None),
            (Shape::Map(inner), Value::Table(table)) => {
                for (key, child) in table {
                    self.within(key, |judge| judge.value(child, inner));
                }
            }
            (Shape::Object(fields), Value::Table(table)) => {
                self.fields(fields, table.iter());
                if self.style == Style::Whole {
                    self.complete(node, fields);
                }
            }
            (Shape::Map(_) | Shape::Object(_), _) => self.wrong(node, "a table", None),
            (Shape::Keyed(key, item), Value::Table(table)) if self.style == Style::Patch => {
                for (name, child) in table {
                    self.within(&format!("[{name}]"), |judge| judge.keyed(child, key, name, item));
                }
            }
            (Shape::List(item) | Shape::Keyed(_, item), Value::Array(items)) => {
                for (index, child) in items.iter().enumerate() {
                    self.within(&format!("[{index}]"), |judge| {
                        // an item of an array is all that there will be of it
                        let style = std::mem::replace(&mut judge.style, Style::Whole);
                        judge.value(child, item);
                        judge.style = style;
                    });
                }
            }
            (Shape::Keyed(key, _), _) if self.style == Style::Patch => {
                let help =
                    format!("write a table for each item under its `{key}`, or an array for the whole list");
                self.wrong(node, "a table or a list", Some(help));
            }
            (Shape::List(_) | Shape::Keyed(..), _) => {
                let help = match self.style {
                    Style::Patch => "write an array, which replaces the whole list".to_owned(),
                    Style::Whole => "put `- ` before each item".to_owned(),
                };
                self.wrong(node, "a list", Some(help));
            }
        }
    }

    fn keyed(&mut self, node: &Node, key: &str, name: &str, item: Form) {
        self.value(node, item);
        let Some(own) = node.get(key) else { return };
        let is_same = match &own.kind {
            Value::String(text) => text.as_str() == name,
            Value::Integer(number) => number.to_string() == name,
            _ => true,
        };
        if !is_same {
            let title = format!("`{}.{key}` of `{}` differs from the key of its table", self.path, self.kind);
            let help = format!("delete the line: the key of the table is the `{key}` of the item");
            self.problem(own.id, title, "another one", Some(help));
        }
    }

    fn complete(&mut self, node: &Node, fields: Type) {
        let lacking: Vec<&str> = fields
            .fields()
            .filter(|field| field.required && field.served.by(self.minor) && node.get(field.name).is_none())
            .map(|field| field.name)
            .collect();
        if !lacking.is_empty() {
            let lacking = super::context::listed(&lacking);
            let title = format!("`{}` of `{}` lacks {lacking}", self.path, self.kind);
            self.problem(node.id, title, "must be there", None);
        }
    }

    fn word(&mut self, node: &Node, words: &str, text: &str) {
        if words.split(' ').any(|word| word == text) {
            return;
        }
        let found = crate::value::quoted(text);
        let title = format!("`{}` of `{}` is one of {}, not {found}", self.path, self.kind, listed(words));
        let near = nearest(text, words.split(' ')).map(|near| format!("did you mean `\"{near}\"`?"));
        self.problem(node.id, title, "not one of them", near);
    }

    /// Source: Kubernetes API conventions, `resource.Quantity`.
    fn quantity(&mut self, node: &Node, text: &str) {
        const SUFFIXES: &[&str] =
            &["", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
        let digits = text.trim_start_matches(['+', '-']);
        let end = digits.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(digits.len());
        let (number, suffix) = digits.split_at(end);
        let exponent = suffix.strip_prefix(['e', 'E']).is_some_and(|power| power.parse::<i8>().is_ok());
        if number.parse::<f64>().is_ok() && (SUFFIXES.contains(&suffix) || exponent) {
            return;
        }
        let found = crate::value::quoted(text);
        let title = format!("`{}` of `{}`: {found} is not an amount", self.path, self.kind);
        let help = "write a number with a unit of Kubernetes: `\"500m\"`, `\"64Mi\"`, `\"2\"`".to_owned();
        self.problem(node.id, title, "does not fit", Some(help));
    }
}

fn listed(words: &str) -> String {
    super::context::listed(&words.split(' ').collect::<Vec<_>>())
}
