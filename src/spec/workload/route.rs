//! `route` of a workload: where it is reached from outside.

use crate::origin::Traced;
use crate::spec::decode::{List, table};
use crate::value::{Host, HttpPath};

table! {
    /// Where a workload is reached from outside.
    pub struct Route {
        /// Host name.
        host: Traced<Host>,
        /// Path prefixes.
        paths: List<HttpPath> = "`[\"/\"]`",
    }
}
