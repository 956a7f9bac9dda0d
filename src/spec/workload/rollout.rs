//! How the pods of a workload are replaced, and what only some kinds have.

use crate::origin::Traced;
use crate::spec::decode::{Count, choices, table};
use crate::value::{Duration, PodShare};

/// How often a run is tried anew: 0 to 100.
pub type Retries = Count<0, 100>;
/// So many pods of one run: 1 to 10,000.
pub type RunPods = Count<1, 10_000>;
/// An ordinal of a pod: 0 to 100,000.
pub type Ordinal = Count<0, 100_000>;
/// Kept revisions: 0 to 100.
pub type History = Count<0, 100>;

choices! {
    /// How a new version replaces the old one.
    pub enum Rollout {
        /// Pod by pod, as `rolling` says.
        Rolling = "rolling",
        /// All old pods go before the first new one comes.
        Recreate = "recreate",
    }

    /// In which order the pods of a `stateful` workload start and stop.
    pub enum PodOrder {
        /// One after the other.
        Ordered = "ordered",
        /// All at once.
        Parallel = "parallel",
    }

    /// What becomes of the disks of pods that are gone.
    pub enum Keep {
        /// They stay.
        Retain = "retain",
        /// They go too.
        Delete = "delete",
    }

    /// What happens when a run is still going and the next is due.
    pub enum Overlap {
        /// The next is skipped.
        Forbid = "forbid",
        /// Both run.
        Allow = "allow",
        /// The old one ends.
        Replace = "replace",
    }

    /// What a container of a run that fails leads to.
    pub enum Restart {
        /// Another pod; the one that failed stays with its log, and hopeless exit codes end the run.
        NewPod = "new-pod",
        /// The container is started again in the same pod, with the folders that it wrote to.
        SamePod = "same-pod",
    }

    /// When a `job` runs.
    pub enum When {
        /// Before the pods of a new version come: Argo CD's `PreSync`, Helm's pre-upgrade; what it needs must be there, so Helm runs it after a first installation.
        Before = "before",
        /// After they came: Argo CD's `PostSync`, Helm's post-install and post-upgrade.
        After = "after",
        /// With everything else.
        Anytime = "anytime",
    }
}

table! {
    /// How pods are replaced one by one.
    pub struct Rolling {
        /// So many pods more than wanted may run: a number or a percentage.
        surge: Option<Traced<PodShare>> = "`\"25%\"`; of a `daemon` `\"0\"`",
        /// So many pods fewer than wanted may run: a number or a percentage.
        unavailable: Option<Traced<PodShare>> = "`\"0\"`; of a `daemon` `\"1\"`",
        /// Time that a new pod must stay ready before it counts.
        min_ready: Option<Traced<Duration>> = "`\"10s\"`",
        /// Time after which a rollout that does not get on counts as failed.
        deadline: Option<Traced<Duration>> = "`startup`, `min_ready` and 9 minutes",
        /// Old versions that are kept to go back to.
        history: Option<Traced<History>> = "5",
    }

    /// What only `stateful` workloads have.
    pub struct Stateful {
        /// In which order pods start and stop.
        order: Option<Traced<PodOrder>> = "`\"ordered\"`",
        /// Pods with a lower ordinal keep the old version.
        partition: Option<Traced<Ordinal>> = "0",
        /// Ordinal of the first pod.
        start: Option<Traced<Ordinal>> = "0",
        /// What becomes of the disks when the workload is deleted.
        on_delete: Option<Traced<Keep>> = "`\"retain\"`",
        /// What becomes of the disks of pods that scaling took away.
        on_scale: Option<Traced<Keep>> = "`\"retain\"`",
    }

    /// What only `job` and `cron` have.
    pub struct Run {
        /// How often a failed run is tried anew.
        retries: Option<Traced<Retries>> = "3",
        /// Pods that work at the same time.
        parallelism: Option<Traced<RunPods>> = "1",
        /// Pods that must succeed.
        completions: Option<Traced<RunPods>> = "`parallelism`",
        /// What happens when a run of a `cron` is still going and the next is due.
        overlap: Option<Traced<Overlap>> = "`\"forbid\"`",
        /// A run of a `cron` reads or writes much of the databases that it uses: base backups and it should not meet.
        heavy: Option<Traced<bool>> = "`false`",
        /// Start no runs of a `cron`.
        suspend: Option<Traced<bool>> = "`false`",
        /// When a `job` runs.
        when: Option<Traced<When>> = "`\"anytime\"`",
        /// Time that an ended run is kept, with its log; of a `cron` `history` counts as well.
        keep: Option<Traced<Duration>> = "`\"24h\"` for a `job`; for a `cron` as long as `history` says",
        /// Ended runs of a `cron` that are kept.
        history: Option<Traced<History>> = "3",
        /// Failed runs of a `cron` that are kept.
        failed_history: Option<Traced<History>> = "`history`",
        /// A run of a `cron` that cannot start within this time is skipped.
        start_within: Option<Traced<Duration>> = "`\"10m\"`",
        /// Give each pod the number of its share of the work, in `JOB_COMPLETION_INDEX`.
        indexed: Option<Traced<bool>> = "`false`",
        /// What a container that fails leads to.
        restart: Option<Traced<Restart>> = "`\"new-pod\"`",
    }
}
