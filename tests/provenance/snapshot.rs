//! What a project compiles to, with what is needed to ask its leaves for their origins.

use std::collections::{BTreeMap, BTreeSet};

use specc::bundle::ObjectId;
use specc::merge::Merged;
use specc::origin::{NodeId, Origin, Trace};
use specc::project::Wanted;
use specc::source::SourceMap;
use specc::text::Text;
use specc::walk::{Leaves, Omission, Row};

use super::example::Files;

/// A compiled project.
pub(super) struct Snapshot {
    pub(super) sources: SourceMap,
    /// in order of promotion
    pub(super) environments: Vec<Environment>,
}

/// One environment of it.
pub(super) struct Environment {
    pub(super) name: String,
    pub(super) objects: BTreeMap<ObjectId, Object>,
    pub(super) absent: BTreeMap<ObjectId, Origin>,
    pub(super) trees: BTreeMap<String, Merged>,
    /// nodes of the spec by their dotted path
    pub(super) nodes: BTreeMap<String, NodeId>,
    pub(super) trace: Trace,
}

/// One object.
pub(super) struct Object {
    pub(super) because: Origin,
    /// leaves by path; of several with one path all are kept under paths of their own
    pub(super) rows: BTreeMap<String, Row>,
    pub(super) omissions: Vec<Omission>,
}

impl Snapshot {
    /// The names of the services that run in some environment.
    pub(super) fn services(&self) -> BTreeSet<&str> {
        let services = self.environments.iter().flat_map(|e| e.objects.keys().filter_map(ObjectId::service));
        services.map(Text::as_str).collect()
    }

    /// Compiles a project; the codes of what is wrong when it does not compile.
    pub(super) fn of(files: &Files) -> Result<Snapshot, Vec<String>> {
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let folder = crate::disk::folder(&files);
        let compiled = specc::compile(folder.path(), Wanted::All, None);
        if compiled.environments.is_empty() {
            return Err(compiled.found.iter().map(|found| found.code.to_owned()).collect());
        }
        let environments = compiled.environments.into_iter().map(Environment::of).collect();
        Ok(Snapshot { sources: compiled.sources, environments })
    }
}

impl Environment {
    fn of(compiled: specc::Environment) -> Environment {
        let bundle = compiled.bundle();
        let object = |emitted: specc::bundle::Emitted| {
            let leaves = Leaves::of(emitted.object.as_walk());
            let mut rows = BTreeMap::new();
            for row in leaves.rows {
                let mut path = row.path.clone();
                while rows.contains_key(&path) {
                    path.push('\'');
                }
                rows.insert(path, row);
            }
            (emitted.id, Object { because: emitted.object.because(), rows, omissions: leaves.omissions })
        };
        Environment {
            name: compiled.name.to_string(),
            objects: bundle.objects.into_iter().map(object).collect(),
            absent: bundle.absent.into_iter().map(|absent| (absent.id, absent.because)).collect(),
            trees: compiled.trees.into_iter().map(|(name, tree)| (name.to_string(), tree)).collect(),
            nodes: compiled.nodes.ids().map(|id| (compiled.nodes.path(id), id)).collect(),
            trace: compiled.tracer.finish(),
        }
    }

    /// The node at `path`, or else of the innermost table or array on the way to it that is there.
    pub(super) fn at_or_above(&self, path: &str) -> Option<NodeId> {
        let ends = path.char_indices().rev().filter(|(_, c)| matches!(c, '.' | '[')).map(|(at, _)| at);
        std::iter::once(path.len()).chain(ends).find_map(|end| self.nodes.get(&path[..end]).copied())
    }

    /// The nodes at those of `paths` that are there.
    pub(super) fn at(&self, paths: &[String]) -> Vec<NodeId> {
        paths.iter().filter_map(|path| self.nodes.get(path).copied()).collect()
    }
}
