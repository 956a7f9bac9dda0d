//! `specc schema`: the JSON Schemas that editors use, made from the declarations that decode the files.

use clap::ValueEnum;

use super::output::Terminal;
use crate::spec::environment::EnvironmentFile;
use crate::spec::images::ImagesFile;
use crate::spec::project::ProjectFile;
use crate::spec::schema::of_file;
use crate::spec::service::ServiceFile;

/// A kind of file that has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaFile {
    /// `specc.toml`
    Project,
    /// `services/<service>.toml`
    Service,
    /// `<environment>/<service>.toml`
    Overlay,
    /// `<environment>/environment.toml`
    Environment,
    /// `<environment>/images.lock`
    Images,
}

impl SchemaFile {
    /// The schema's text, with a final newline.
    pub(crate) fn text(self) -> String {
        let schema = match self {
            SchemaFile::Project => of_file::<ProjectFile>("specc project", false, false),
            SchemaFile::Service => of_file::<ServiceFile>("specc service", false, true),
            SchemaFile::Overlay => of_file::<ServiceFile>("specc overlay of a service", true, true),
            SchemaFile::Environment => of_file::<EnvironmentFile>("specc environment", true, true),
            SchemaFile::Images => of_file::<ImagesFile>("specc image lock", false, false),
        };
        format!("{schema:#}\n")
    }
}

pub(super) fn run(arguments: &super::Schema, terminal: &Terminal) -> u8 {
    terminal.data(&arguments.file.text())
}
