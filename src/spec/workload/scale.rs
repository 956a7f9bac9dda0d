//! `scale` of a workload: how many pods.

use crate::origin::Traced;
use crate::spec::decode::{Count, choices, table};
use crate::text::Text;
use crate::value::{Bytes, Cpu, Duration, Name, TopicName};

/// How many pods: 1 to 1000.
pub type ReplicaCount = Count<1, 1000>;

/// A percentage from 1 to 100.
pub type Percent = Count<1, 100>;

/// Percent of the pods: 1 to 1000.
pub type Steps = Count<1, 1000>;

/// Work for one pod: 1 to 1,000,000.
pub type Load = Count<1, 1_000_000>;

choices! {
    /// What a `VerticalPodAutoscaler` does with its findings.
    pub enum Resize {
        /// There is none.
        Off = "off",
        /// It recommends requests and changes nothing.
        Recommend = "recommend",
        /// It changes running pods where it can, and replaces them where it cannot.
        InPlace = "in-place",
    }
}

table! {
    /// Bounds and targets of the autoscaler.
    pub struct Scale {
        /// Fewest pods.
        min: Option<Traced<ReplicaCount>> = "1 in dev, 2 in staging, 3 in prod",
        /// Most pods.
        max: Option<Traced<ReplicaCount>> = "1 in dev, 3 in staging, 10 in prod",
        /// Average CPU use to aim for, in percent of the request.
        cpu: Option<Traced<Percent>> = "`70`, unless there is another target",
        /// Average memory use to aim for, in percent of the request.
        memory: Option<Traced<Percent>>,
        /// Requests a second and pod to aim for, from the metric `http_requests_per_second` of the custom metrics API.
        rps: Option<Traced<Load>>,
        /// Scale on the work that waits.
        queue: Option<ScaleQueue>,
        /// How fast it grows.
        up: Option<Pace>,
        /// How fast it shrinks.
        down: Option<Pace>,
    }

    /// How fast an autoscaler changes the number of pods.
    pub struct Pace {
        /// It looks at so much time, and takes the mildest of what it would have done.
        window: Option<Traced<Duration>> = "`\"0s\"` up, `\"5m\"` down",
        /// At most so many percent of the pods at once; without it and `pods` 100 up and 20 down.
        percent: Option<Traced<Steps>>,
        /// At most so many pods at once; with `percent` the larger of both counts.
        pods: Option<Traced<ReplicaCount>>,
        /// Time between two changes.
        every: Option<Traced<Duration>> = "`\"30s\"` up, `\"60s\"` down",
        /// Do not change it in this direction.
        off: Option<Traced<bool>> = "`false`",
    }

    /// Work that waits, as KEDA counts it: in a database, a queue or a cache of the service.
    pub struct ScaleQueue {
        /// Database that is asked.
        database: Option<Traced<Name>>,
        /// The question to the database; its answer is one number.
        sql: Option<Traced<Text>>,
        /// Queue whose broker is asked.
        queue: Option<Traced<Name>>,
        /// Topic of the queue, as programs call it.
        topic: Option<Traced<Name>>,
        /// Group of consumers of Kafka, or consumer of NATS, whose messages count.
        group: Option<Traced<TopicName>>,
        /// Cache that is asked.
        cache: Option<Traced<Name>>,
        /// List, set, hash or sorted set of the cache whose entries count.
        list: Option<Traced<Text>>,
        /// Waiting work for one pod.
        per_replica: Traced<Load>,
    }

    /// Bounds for a `VerticalPodAutoscaler`.
    pub struct ResizeBounds {
        /// Least CPU request.
        min_cpu: Option<Traced<Cpu>>,
        /// Most CPU request.
        max_cpu: Option<Traced<Cpu>>,
        /// Least memory request.
        min_memory: Option<Traced<Bytes>>,
        /// Most memory request.
        max_memory: Option<Traced<Bytes>>,
    }
}
