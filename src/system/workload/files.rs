//! The files of a workload.

use crate::attach::{Attached, Content, Shape};
use crate::origin::{Origin, Traced};
use crate::spec::workload::{self as spec};
use crate::system::text_of;
use crate::text::Text;
use crate::value::{FileMode, MountPath};

use super::Unset;

/// A file of a workload.
#[derive(Clone, Debug)]
pub struct File {
    /// why it is there
    pub because: Origin,
    /// where it is
    pub path: Traced<Text>,
    /// what it holds; empty where nothing says so, which a check refuses
    pub content: Traced<Content>,
    /// who may read and execute it, if it says so
    pub mode: Option<Traced<FileMode>>,
    /// the keys in it, for TOML, JSON and YAML
    pub shape: Option<Shape>,
}

impl Unset<'_> {
    pub(super) fn files(table: &spec::Workload, attached: &Attached) -> Vec<File> {
        let file = |(_, entry): (&Text, &crate::spec::decode::Entry<MountPath, spec::File>)| {
            let (because, read) = (Origin::spec(entry.value.at), attached.file(entry.value.at));
            let source = entry.value.source.as_ref().map(Traced::origin);
            let origin = source.or(entry.value.text.as_ref().map(Traced::origin)).unwrap_or(because);
            let content = read.map_or(Content::Text(Text::Literal("")), |read| read.content.clone());
            File {
                because,
                path: text_of(&entry.key),
                content: Traced::because(content, origin),
                mode: entry.value.mode,
                shape: read.and_then(|read| read.shape.clone()),
            }
        };
        table.files.iter().map(file).collect()
    }
}
