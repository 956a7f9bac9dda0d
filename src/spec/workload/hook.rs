//! `pre_stop` and `post_start` of a workload: one of a pause, a command and a request.

use crate::origin::Traced;
use crate::spec::PortNumber;
use crate::spec::decode::{List, table};
use crate::text::Text;
use crate::value::{Duration, RequestPath};

table! {
    /// What happens at the start or the end of a container: one of `sleep`, `command` and `path`.
    pub struct Hook {
        /// A pause.
        sleep: Option<Traced<Duration>>,
        /// A command in the container.
        command: List<Text>,
        /// A GET on the main port.
        path: Option<Traced<RequestPath>>,
        /// Port of the GET, if it is not the main one.
        port: Option<Traced<PortNumber>>,
    }
}
