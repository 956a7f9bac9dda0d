//! `[workloads.<name>.files."<path>"]`: a file.

use crate::origin::Traced;
use crate::spec::decode::table;
use crate::text::Text;

table! {
    /// A file.
    pub struct File {
        /// Its content.
        text: Traced<Text>,
    }
}
