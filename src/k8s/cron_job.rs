//! CronJob and Job (batch/v1).

use super::model::{closed, object, one_of};
use super::pod::PodTemplate;
use crate::origin::Traced;
use crate::text::Text;
use crate::walk::{Items, Maybe};

object! {
    /// `CronJobSpec`.
    pub struct CronJobSpec {
        /// Five fields.
        schedule: Traced<Text>,
        /// A name of the IANA time zone database.
        time_zone: Traced<Text>,
        concurrency_policy: Traced<ConcurrencyPolicy>,
        starting_deadline_seconds: Traced<u32>,
        successful_jobs_history_limit: Traced<u32>,
        failed_jobs_history_limit: Traced<u32>,
        suspend: Option<Traced<bool>>,
        job_template: JobTemplate,
    }

    /// `JobTemplateSpec`.
    pub struct JobTemplate {
        spec: JobSpec,
    }

    /// `JobSpec`.
    pub struct JobSpec {
        active_deadline_seconds: Traced<u32>,
        backoff_limit: Traced<u32>,
        parallelism: Option<Traced<u32>>,
        completions: Option<Traced<u32>>,
        /// Not in a CronJob, whose history limits do the same.
        ttl_seconds_after_finished: Option<Traced<u32>>,
        completion_mode: Option<Traced<CompletionMode>>,
        pod_failure_policy: Maybe<PodFailurePolicy>,
        /// Can be changed while the Job is there.
        suspend: Option<Traced<bool>>,
        template: PodTemplate,
    }

    /// `PodFailurePolicy`: the first rule that matches decides. Needs `restartPolicy: Never`.
    pub struct PodFailurePolicy {
        rules: Items<FailureRule>,
    }

    /// `PodFailurePolicyRule`.
    pub struct FailureRule {
        action: Traced<FailureAction>,
        when: FailureCondition,
    }

    /// `PodFailurePolicyOnExitCodesRequirement`.
    pub struct OnExitCodes {
        container_name: Traced<Text>,
        operator: Traced<ExitCodeOperator>,
        /// In ascending order, without 0 for `In`.
        values: Vec<Traced<i32>>,
    }

    /// `PodFailurePolicyOnPodConditionsPattern`.
    pub struct PodCondition {
        kind = "type": Traced<Text>,
        status: Traced<ConditionStatus>,
    }
}

one_of! {
    /// What a [`FailureRule`] looks at.
    pub enum FailureCondition {
        /// the exit code of a container
        OnExitCodes(OnExitCodes) = "onExitCodes",
        /// conditions of the pod, any of them
        OnPodConditions(Items<PodCondition>) = "onPodConditions",
    }
}

closed! {
    /// `completionMode`.
    pub enum CompletionMode {
        /// any pods, so many of them
        NonIndexed,
        /// one pod for each number
        Indexed,
    }

    /// `concurrencyPolicy`.
    pub enum ConcurrencyPolicy {
        /// runs may overlap
        Allow,
        /// a run is skipped while another lasts
        Forbid,
        /// a new run ends the old one
        Replace,
    }

    /// `action` of a [`FailureRule`].
    pub enum FailureAction {
        /// does not count against the limit of retries
        Ignore,
        /// no more retries
        FailJob,
        /// counts, as without a rule
        Count,
    }

    /// `operator` of [`OnExitCodes`].
    pub enum ExitCodeOperator {
        /// one of the values
        In,
        /// none of the values
        NotIn,
    }

    /// `status` of a condition.
    pub enum ConditionStatus {
        /// it holds
        True,
        /// it does not hold
        False,
        /// not known
        Unknown,
    }
}
