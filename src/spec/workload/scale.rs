//! `scale` of a workload: how many pods.

use crate::origin::Traced;
use crate::spec::decode::{Count, table};

/// How many pods: 1 to 1000.
pub type ReplicaCount = Count<1, 1000>;

/// A percentage from 1 to 100.
pub type Percent = Count<1, 100>;

table! {
    /// Bounds and targets of the autoscaler.
    pub struct Scale {
        /// Fewest pods.
        min: Option<Traced<ReplicaCount>> = "1 in dev, 2 in staging, 3 in prod",
        /// Most pods.
        max: Option<Traced<ReplicaCount>> = "1 in dev, 3 in staging, 10 in prod",
        /// Average CPU use to aim for, in percent of the request.
        cpu: Option<Traced<Percent>> = "`70`",
    }
}
