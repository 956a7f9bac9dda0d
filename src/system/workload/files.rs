//! The files of a workload.

use crate::attach::{Attached, Content, Shape};
use crate::origin::{FILES_KEY, Origin, Traced, Tracer};
use crate::spec::decode::Map;
use crate::spec::workload as spec;
use crate::system::names::file_key;
use crate::system::text_of;
use crate::text::Text;
use crate::value::{FileMode, MountPath};

/// A file of a workload.
#[derive(Clone, Debug)]
pub struct File {
    /// why it is there
    pub because: Origin,
    /// where it is
    pub path: Traced<Text>,
    /// its key in the ConfigMap of the workload
    pub key: Traced<Text>,
    /// what it holds; empty where nothing says so, which a check refuses
    pub content: Traced<Content>,
    /// who may read and execute it, if it says so
    pub mode: Option<Traced<FileMode>>,
    /// the keys in it, for TOML, JSON and YAML
    pub shape: Option<Shape>,
}

/// The files of a container; the keys of a further container's begin with its name, which has no dot.
pub(super) fn of(
    files: &Map<MountPath, spec::File>,
    container: Option<&Traced<Text>>,
    (attached, tracer): (&Attached, &Tracer),
) -> Vec<File> {
    let file = |(_, entry): (&Text, &crate::spec::decode::Entry<MountPath, spec::File>)| {
        let (because, read) = (Origin::spec(entry.value.at), attached.file(entry.value.at));
        let source = entry.value.source.as_ref().map(Traced::origin);
        let origin = source.or(entry.value.text.as_ref().map(Traced::origin)).unwrap_or(because);
        let content = read.map_or(Content::Text(Text::Literal("")), |read| read.content.clone());
        let path: Traced<Text> = text_of(&entry.key);
        let key = match container {
            None => tracer.derive(FILES_KEY, (&path,), |(path,)| file_key(path).into()),
            Some(of) => {
                tracer.derive(FILES_KEY, (&path, of), |(path, of)| format!("{of}.{}", file_key(path)).into())
            }
        };
        File {
            because,
            key,
            path,
            content: Traced::because(content, origin),
            mode: entry.value.mode,
            shape: read.and_then(|read| read.shape.clone()),
        }
    };
    files.iter().map(file).collect()
}
