//! `[workloads.<name>.files."<path>"]`: a file.

use crate::origin::Traced;
use crate::spec::decode::table;
use crate::text::Text;
use crate::value::{FileMode, FilePath};

table! {
    /// A file.
    pub struct File {
        /// Its content.
        text: Option<Traced<Text>>,
        /// File that holds its content, relative to the TOML file that says so; a TOML, JSON or YAML file must be one.
        source: Option<Traced<FilePath>>,
        /// Who may read and execute it.
        mode: Option<Traced<FileMode>> = "`\"0444\"`",
    }
}
