//! The files of a workload.

use crate::origin::{Origin, Traced};
use crate::spec::workload::{self as spec};
use crate::system::text_of;
use crate::text::Text;
use crate::value::MountPath;

use super::Unset;

/// A file of a workload.
#[derive(Clone, Debug)]
pub struct File {
    /// why it is there
    pub because: Origin,
    /// where it is
    pub path: Traced<Text>,
    /// what it holds
    pub text: Traced<Text>,
}

impl Unset<'_> {
    pub(super) fn files(table: &spec::Workload) -> Vec<File> {
        let file = |(_, entry): (&Text, &crate::spec::decode::Entry<MountPath, spec::File>)| File {
            because: Origin::spec(entry.value.at),
            path: text_of(&entry.key),
            text: entry.value.text.clone(),
        };
        table.files.iter().map(file).collect()
    }
}
