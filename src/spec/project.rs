//! `specc.toml`: the project.

use super::SpecVersion;
use super::checks::{CheckName, CheckSetting};
use super::data::Classes;
use super::decode::{List, Map, Required, table};
use super::environment::Defaults;
use crate::origin::Traced;
use crate::text::Text;
use crate::value::{Name, SpecPath};

table! {
    /// The project file, `specc.toml`.
    pub struct ProjectFile {
        /// Version of the spec language.
        spec: Traced<SpecVersion>,
        /// What the project is and where its parts lie.
        project: Required<ProjectTable>,
        /// Levels of checks, by the name of the check.
        checks: Map<CheckName, CheckSetting>,
        /// Values for what services leave unset in every environment; an environment's own `[defaults]` come first.
        defaults: Option<Defaults>,
        /// What the project rules for each class of data.
        classes: Option<Classes>,
        /// Helm output.
        helm: Option<Helm>,
        /// Things that are gone for good, by their path, such as `"orders.databases.main"`, each with the reason: what history
        /// does not miss, and no new thing may be called.
        retired: Map<SpecPath, Traced<Text>>,
    }

    /// What the project is and where its parts lie.
    pub struct ProjectTable {
        /// Name of the system: the default namespace, and `app.kubernetes.io/part-of` of every object.
        name: Traced<Name>,
        /// Team that answers for the system.
        owner: Option<Traced<Text>>,
        /// Folder of the service files, relative to this file.
        services: Option<Traced<Text>> = "`\"services\"`",
        /// Folders of the environments, relative to this file, in order of promotion.
        environments: List<Text>,
        /// Folder of the output, relative to this file.
        out: Option<Traced<Text>> = "`\"deploy\"`",
    }

    /// Helm output.
    pub struct Helm {
        /// Write a chart per service, whose values are the leaves that differ between the environments.
        chart: Option<Traced<bool>> = "`false`: only the values files are written",
    }
}
