//! `[manifests.<name>]`: YAML that exists already and is taken along.

use super::decode::{choices, table};
use super::workload::PodLevel;
use crate::origin::Traced;
use crate::text::Text;
use crate::value::FilePath;

choices! {
    /// A level of the Pod Security Standards.
    pub enum Level {
        /// The hardened default of every pod that specc makes.
        Restricted = "restricted",
        /// Known ways to more rights stay closed.
        Baseline = "baseline",
        /// Nothing is closed.
        Privileged = "privileged",
    }
}

impl Level {
    /// The level itself.
    pub fn level(self) -> PodLevel {
        match self {
            Level::Restricted => PodLevel::Restricted,
            Level::Baseline => PodLevel::Baseline,
            Level::Privileged => PodLevel::Privileged,
        }
    }
}

table! {
    /// Manifests that exist already.
    pub struct Manifests {
        /// A YAML file, or a folder of them, by its path from the file that names it.
        source: Traced<FilePath>,
        /// The Pod Security level that their pods need; more than `restricted` opens the whole namespace.
        pod_security: Option<Traced<Level>> = "`\"restricted\"`",
        /// Why they are taken along, for the report.
        reason: Option<Traced<Text>>,
    }
}
