//! Manifests that exist already: YAML documents to objects, each value with its place in the YAML.
//!
//! What the fields are called is the API's business; here a document is only known to be an object, with a kind and a name.

use std::sync::Arc;

use super::yaml::{self, Data};
use super::{Flaw, place};
use crate::diagnostic::{Diagnostic, Sink};
use crate::load::Load;
use crate::node::{self, Kind, Layer, Mention, Node, Nodes};
use crate::origin::{NodeId, Traced};
use crate::source::{Place, SourceId};
use crate::table::Table;
use crate::text::Text;
use crate::value::FilePath;

/// An object of a file.
#[derive(Clone, Debug)]
pub struct Document {
    /// `group/version`, or `v1` for the core group
    pub api_version: Text,
    /// its kind
    pub kind: Text,
    /// its name
    pub name: Text,
    /// its namespace, if it says one
    pub namespace: Option<Text>,
    /// all of it
    pub root: Arc<Node>,
    /// path of the file, from the project's root
    pub file: Text,
}

fn syntax(path: &str, flaw: &Flaw, at: Place, named: Place) -> Diagnostic {
    let found = Diagnostic::error("manifest-syntax", format!("`{path}` is not valid YAML: {}", flaw.what))
        .at(at, "here")
        .also(named, "named here");
    let is_tab = flaw.what.split(|c: char| !c.is_alphabetic()).any(|word| matches!(word, "tab" | "tabs"));
    found.note("a reader that guesses would deploy something else than what was meant").help(if is_tab {
        "YAML is indented with spaces"
    } else {
        "correct it there"
    })
}

fn no_object(path: &str, what: &str, at: Place, named: Place) -> Diagnostic {
    Diagnostic::error("manifest-not-object", format!("a document of `{path}` is no object: {what}"))
        .at(at, "this document")
        .also(named, "named here")
        .note("each document of a manifest is one object, with `apiVersion`, `kind` and `metadata.name`")
        .help("add what is missing; a file of another kind belongs into `files` of a workload")
}

fn nothing_there(path: &str, named: Place) -> Diagnostic {
    Diagnostic::error("manifest-not-object", format!("`{path}` has no manifest"))
        .at(named, "named here")
        .note("of a folder its own files that end in `.yaml` or `.yml` are taken, not those of folders below it")
        .help("name a file or folder with at least one object, or delete the table")
}

/// The objects of a file or folder, and the files that were read.
pub(super) fn read(
    source: &Traced<FilePath>,
    folder_of: impl Fn(SourceId, &Load) -> String,
    nodes: &mut Nodes,
    load: &mut Load,
    sink: &mut Sink,
) -> Option<(Vec<Document>, Vec<SourceId>)> {
    let named = place(source.origin(), nodes)?;
    let path = source.get().below(&folder_of(named.source, load));
    let is_yaml = |name: &String| name.ends_with(".yaml") || name.ends_with(".yml");
    let files = match load.list(&path) {
        Ok(names) => names.iter().filter(|name| is_yaml(name)).map(|name| format!("{path}/{name}")).collect(),
        // no folder, so a file: reading it says what is wrong with it
        Err(_) => vec![path.clone()],
    };
    let before = sink.len();
    let (mut documents, mut sources) = (Vec::new(), Vec::new());
    for file in files {
        let Some(id) = load.read_text(&file, Some(named), sink) else { continue };
        sources.push(id);
        let path = load.sources().path(id).to_owned();
        match yaml::documents(load.sources().text(id)) {
            Ok(all) => {
                for data in all {
                    let mut reader = Reader { path: &path, source: id, named, nodes, sink };
                    reader.document(&data, &mut documents);
                }
            }
            Err(flaw) => sink.push(syntax(&path, &flaw, Place::new(id, flaw.at.clone()), named)),
        }
    }
    if documents.is_empty() && sink.len() == before {
        sink.push(nothing_there(&path, named));
    }
    Some((documents, sources))
}

struct Reader<'r> {
    path: &'r str,
    source: SourceId,
    named: Place,
    nodes: &'r mut Nodes,
    sink: &'r mut Sink,
}

impl Reader<'_> {
    fn document(&mut self, data: &Data, into: &mut Vec<Document>) {
        let at = self.short(data);
        if data.get("kind").and_then(Data::text).is_some_and(|kind| *kind == "List") {
            // what `kubectl get -o yaml` prints: the items are the objects
            if let Some(yaml::Value::Seq(items)) = data.get("items").map(|items| &items.value) {
                for item in items {
                    self.document(item, into);
                }
                return;
            }
        }
        let Some(mut root) = self.node(data, at) else { return };
        let text = |path: &[&str]| -> Option<Text> {
            path.iter().try_fold(&root, |node, key| node.get(key))?.string().cloned()
        };
        let name = text(&["metadata", "name"]);
        let (Some(api_version), Some(kind), Some(name)) = (text(&["apiVersion"]), text(&["kind"]), name)
        else {
            let lacking = [&["apiVersion"][..], &["kind"], &["metadata", "name"]];
            let lacking: Vec<String> = lacking
                .iter()
                .filter(|path| text(path).is_none())
                .map(|path| format!("`{}`", path.join(".")))
                .collect();
            let what = match root.kind {
                Kind::Table(_) => format!("it has no {}, as a string", lacking.join(" and no ")),
                _ => format!("it is {}", root.kind.describe()),
            };
            self.sink.push(no_object(self.path, &what, at, self.named));
            return;
        };
        let namespace = text(&["metadata", "namespace"]);
        node::number(&mut root, Text::from(self.path.to_owned()), self.nodes);
        let file = Text::from(self.path.to_owned());
        into.push(Document { api_version, kind, name, namespace, root: Arc::new(root), file });
    }

    fn place(&self, at: &std::ops::Range<usize>) -> Place {
        Place::new(self.source, at.clone())
    }

    /// The first key of a table, in whose place all of it would be shown.
    fn short(&self, data: &Data) -> Place {
        match &data.value {
            yaml::Value::Map(fields) if !fields.is_empty() => {
                fields.first().map_or_else(|| self.place(&data.at), |field| self.place(&field.key_at))
            }
            _ => self.place(&data.at),
        }
    }

    /// The value as a node under a key; none for nothing, which means the same as no key at all.
    fn node(&mut self, data: &Data, key: Place) -> Option<Node> {
        let kind = match &data.value {
            yaml::Value::Null => return None,
            yaml::Value::Bool(truth) => Kind::Boolean(*truth),
            yaml::Value::Int(number) => Kind::Integer(*number),
            yaml::Value::Float(digits) => match digits.parse::<f64>() {
                Ok(number) if number.is_finite() => Kind::Float(number),
                _ => Kind::String(digits.clone()),
            },
            yaml::Value::Str(text) => Kind::String(text.clone()),
            yaml::Value::Seq(items) => Kind::Array(self.items(items)),
            yaml::Value::Map(fields) => {
                let mut table = Table::default();
                for field in fields {
                    let key = self.place(&field.key_at);
                    if let Some(node) = self.node(&field.data, key) {
                        table.insert(field.key.clone(), node);
                    }
                }
                Kind::Table(table)
            }
        };
        let value = self.short(data);
        let mention = Mention { layer: Layer::BASE, key, value };
        Some(Node { id: NodeId::new(0), mention, earlier: None, kind })
    }

    fn items(&mut self, items: &[Data]) -> Vec<Node> {
        let mut nodes = Vec::with_capacity(items.len());
        for item in items {
            let at = self.short(item);
            match self.node(item, at) {
                Some(node) => nodes.push(node),
                None => {
                    let flaw = Flaw { at: item.at.clone(), what: "an item of a list is empty".to_owned() };
                    self.sink.push(syntax(self.path, &flaw, at, self.named));
                }
            }
        }
        nodes
    }
}
