//! STAGE 3a: the files that tables of the spec name, read and, where their name says what they are, parsed.
//!
//! Comes after decoding, since only a decoded table says which of its texts is the name of a file, and before resolving, so
//! that a resolved system has the content of its files. What the content means to a program is not known here; only that
//! a `.json` file is JSON, and which keys it has, so that a check can compare them between environments.

mod format;
mod manifest;
mod shape;
pub mod yaml;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use format::{Flaw, Format};
pub use manifest::Document;
pub use shape::{Kind, Shape};

use crate::diagnostic::{Diagnostic, Sink};
use crate::load::Load;
use crate::node::Nodes;
use crate::origin::{NodeId, Origin, Trace, Traced, Why};
use crate::source::{Place, SourceId};
use crate::spec::service::ServiceFile;
use crate::spec::workload::File;
use crate::text::Text;
use crate::value::{FilePath, MountPath, Value};

fn file_syntax(format: Format, title: &str, flaw: &Flaw) -> Diagnostic {
    Diagnostic::error("file-syntax", format!("{title} is not valid {}: {}", format.name(), flaw.what))
        .note("the program would refuse the file when it starts")
        .help("correct it there, or give the file an ending that says what it is")
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// text that YAML can carry
    Text(Text),
    /// anything else
    Binary(Arc<[u8]>),
}

impl Content {
    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Content::Text(text) => text.as_bytes(),
            Content::Binary(bytes) => bytes,
        }
    }

    /// How many bytes it takes in a ConfigMap, where what is no text is base64.
    pub fn size(&self) -> usize {
        match self {
            Content::Text(text) => text.len(),
            Content::Binary(bytes) => bytes.len().div_ceil(3) * 4,
        }
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&Text> {
        match self {
            Content::Text(text) => Some(text),
            Content::Binary(_) => None,
        }
    }
}

/// A file of a workload: its content, and the shape of what is written in it.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// the content
    pub content: Content,
    /// its keys, for TOML, JSON and YAML
    pub shape: Option<Shape>,
}

/// The files of one environment, by the node of the table that names them.
#[derive(Debug, Default)]
pub struct Attached {
    files: BTreeMap<NodeId, Attachment>,
    manifests: BTreeMap<NodeId, Vec<Document>>,
    /// every file that was read
    pub sources: Vec<SourceId>,
    /// the file in which a field of an emitted object is written by hand, by the node of its value
    pub written_in: BTreeMap<NodeId, Text>,
}

impl Attached {
    /// The file that the table at this node names.
    pub fn file(&self, table: NodeId) -> Option<&Attachment> {
        self.files.get(&table)
    }

    /// The objects of the manifests that the table at this node names.
    pub fn documents(&self, table: NodeId) -> &[Document] {
        self.manifests.get(&table).map_or(&[], Vec::as_slice)
    }

    /// Reads the files that a service's tables name; `nodes` says where those stand, and learns where what they hold stands.
    pub fn add(&mut self, service: &ServiceFile, nodes: &mut Nodes, load: &mut Load, sink: &mut Sink) {
        let folder_of = |source, load: &Load| folder(load.sources().path(source)).to_owned();
        for (_, entry) in service.manifests.iter() {
            let read = manifest::read(&entry.value.source, folder_of, nodes, load, sink);
            if let Some((documents, sources)) = read {
                self.manifests.insert(entry.value.at, documents);
                self.sources.extend(sources);
            }
        }
        for node in patched(service) {
            let path = nodes.value_place(node).map(|place| load.sources().path(place.source));
            self.written_in.extend(path.map(|path| (node, Text::from(path.to_owned()))));
        }
        for (_, workload) in service.workloads.iter() {
            let further = workload.value.sidecars.iter().chain(workload.value.init.iter());
            let further = further.flat_map(|(_, container)| container.value.files.iter());
            for (_, file) in workload.value.files.iter().chain(further) {
                if let Some(read) = self.read(&file.key, &file.value, nodes, load, sink) {
                    self.files.insert(file.value.at, read);
                }
            }
        }
    }

    fn read(
        &mut self,
        path: &Traced<MountPath>,
        file: &File,
        nodes: &Nodes,
        load: &mut Load,
        sink: &mut Sink,
    ) -> Option<Attachment> {
        let name = path.get().text();
        let (content, source) = match (&file.source, &file.text) {
            (Some(source), _) => {
                let (id, content) = self.open(source, nodes, load, sink)?;
                (content, Some((id, source)))
            }
            (None, Some(text)) => (Content::Text(text.get().clone()), None),
            (None, None) => return None,
        };
        let format = Format::of(&name).or_else(|| Format::of(&source?.1.get().text()));
        let Some(format) = format else { return Some(Attachment { content, shape: None }) };
        let flaw = match &content {
            Content::Text(text) => match Shape::of(text, format) {
                Ok(shape) => return Some(Attachment { content, shape: Some(shape) }),
                Err(flaw) => flaw,
            },
            Content::Binary(_) => Flaw { at: 0..0, what: "it is not text".to_owned() },
        };
        match (source, &file.text) {
            (Some((id, source)), _) => {
                let title = format!("`{}`", load.sources().path(id));
                let mut found =
                    file_syntax(format, &title, &flaw).at(Place::new(id, flaw.at.clone()), "here");
                if let Some(named) = place(source.origin(), nodes) {
                    found = found.also(named, format!("named here, as the content of `{name}`"));
                }
                sink.push(found);
            }
            (None, Some(text)) => {
                let (line, column) = flaw.position(text.get());
                let found = file_syntax(format, &format!("the text of `{name}`"), &flaw);
                sink.push(match place(text.origin(), nodes) {
                    Some(place) => found.at(place, format!("line {line}, column {column} of it")),
                    None => found,
                });
            }
            (None, None) => {}
        }
        None
    }

    /// Reads the file that a value of the spec names.
    fn open(
        &mut self,
        source: &Traced<FilePath>,
        nodes: &Nodes,
        load: &mut Load,
        sink: &mut Sink,
    ) -> Option<(SourceId, Content)> {
        let named = place(source.origin(), nodes)?;
        let path = source.get().below(folder(load.sources().path(named.source)));
        let id = load.read_bytes(&path, Some(named), sink)?;
        self.sources.push(id);
        let content = match load.binary(id) {
            Some(bytes) => Content::Binary(bytes.clone()),
            None => {
                let text = load.sources().text(id);
                if text.chars().all(crate::text::is_printable) {
                    Content::Text(Text::from(text.to_owned()))
                } else {
                    Content::Binary(Arc::from(text.as_bytes()))
                }
            }
        };
        Some((id, content))
    }
}

/// The nodes of all fields of emitted objects that are written by hand.
fn patched(service: &ServiceFile) -> Vec<NodeId> {
    let workloads = service.workloads.iter().flat_map(|(_, entry)| entry.value.kubernetes.iter());
    let databases = service.databases.iter().flat_map(|(_, entry)| entry.value.kubernetes.iter());
    let caches = service.caches.iter().flat_map(|(_, entry)| entry.value.kubernetes.iter());
    let patches = workloads.chain(databases).chain(caches);
    patches.flat_map(|(_, entry)| entry.value.leaves()).map(|(_, node)| node.id).collect()
}

/// Where a value that was written stands.
fn place(origin: Origin, nodes: &Nodes) -> Option<Place> {
    match origin.why(&Trace::default()) {
        Why::Spec(node) => nodes.value_place(node),
        Why::Rule(..) => None,
    }
}

/// The folder of a path, without closing `/`.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
