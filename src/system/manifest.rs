//! Manifests that exist already, as objects of a service.

use crate::attach::Document;
use crate::origin::{NodeId, Origin, Traced};
use crate::spec::manifest as spec;
use crate::spec::service::ServiceFile;
use crate::spec::workload::PodLevel;
use crate::text::Text;

use super::{Context, Place, text_of};

/// The objects that one `[manifests.<name>]` takes along.
#[derive(Debug)]
pub struct Manifests {
    /// its table
    pub at: NodeId,
    /// why its objects exist: the table, and the file that it names
    pub because: Vec<Origin>,
    /// its name
    pub name: Traced<Text>,
    /// the level of Pod Security that its pods need, if it says one
    pub level: Option<Traced<spec::Level>>,
    /// why they are taken along, if it says so
    pub reason: Option<Traced<Text>>,
    /// the objects, in the order of the files
    pub documents: Vec<Document>,
}

impl Manifests {
    /// The level of Pod Security that its pods may need.
    pub fn allowed(&self) -> PodLevel {
        self.level.map_or(PodLevel::Restricted, |level| level.get().level())
    }
}

pub(super) fn resolve(file: &ServiceFile, place: &Place<'_>, context: &Context<'_>) -> Vec<Manifests> {
    let one = |(_, entry): (&Text, &crate::spec::decode::Entry<_, spec::Manifests>)| {
        let table = &entry.value;
        Manifests {
            at: table.at,
            because: vec![place.because(table.at, context.tracer), table.source.origin()],
            name: text_of::<crate::value::Name>(&entry.key),
            level: table.pod_security,
            reason: table.reason.clone(),
            documents: context.attached.documents(table.at).to_vec(),
        }
    };
    file.manifests.iter().map(one).collect()
}
