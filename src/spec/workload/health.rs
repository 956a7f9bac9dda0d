//! `health` of a workload: how its health is asked for.

use crate::origin::Traced;
use crate::spec::decode::table;
use crate::value::{Duration, HttpPath};

table! {
    /// How the health of a workload is asked for over HTTP on its port.
    pub struct Health {
        /// Path that answers while the process works; it must not check anything outside of the process.
        live: Option<Traced<HttpPath>> = "`\"/livez\"`",
        /// Path that answers while requests are welcome.
        ready: Option<Traced<HttpPath>> = "`\"/readyz\"`",
        /// Time that a start may take.
        startup: Option<Traced<Duration>> = "`\"60s\"`",
    }
}
