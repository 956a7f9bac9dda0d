//! `[workloads.<name>.calls."<what>"]`: how patiently a workload calls another.

use crate::origin::Traced;
use crate::spec::decode::table;
use crate::spec::external::Retry;
use crate::value::Duration;

table! {
    /// How patiently another workload is called.
    pub struct Calls {
        /// The longest that one try of a call may take.
        timeout: Option<Traced<Duration>> = "the `timeout` of the one that is called",
        /// What the client does after a try that failed; without it there is one try.
        retry: Option<Retry>,
    }
}
