//! Workloads that run on a schedule: a CronJob.

use super::labels::Identity;
use crate::k8s::{
    ConcurrencyPolicy, ConditionStatus, CronJob, CronJobSpec, ExitCodeOperator, FailureAction,
    FailureCondition, FailureRule, JobSpec, JobTemplate, OnExitCodes, PodCondition, PodFailurePolicy,
    PodTemplate,
};
use crate::origin::{CRON_BACKOFF, CRON_FORBID, CRON_HISTORY, CRON_STARTING_DEADLINE, Origin, Traced, rule};
use crate::system::Workload;
use crate::text::Text;
use crate::walk::{Items, Maybe};

pub(super) fn lower(
    workload: &Workload,
    identity: &Identity,
    because: Origin,
    template: PodTemplate,
) -> CronJob {
    let deadline = workload.deadline.map(|d| u32::try_from(d.seconds_ceil()).unwrap_or(u32::MAX));
    CronJob {
        because,
        metadata: identity.metadata(),
        spec: CronJobSpec {
            schedule: workload
                .schedule_text()
                .unwrap_or_else(|| Traced::because(Text::Literal(""), workload.because)),
            time_zone: workload.timezone.clone(),
            concurrency_policy: rule(CRON_FORBID, ConcurrencyPolicy::Forbid),
            starting_deadline_seconds: rule(CRON_STARTING_DEADLINE, 600u32),
            successful_jobs_history_limit: rule(CRON_HISTORY, 3u32),
            failed_jobs_history_limit: rule(CRON_HISTORY, 3u32),
            suspend: None,
            job_template: JobTemplate {
                spec: JobSpec {
                    active_deadline_seconds: deadline,
                    backoff_limit: rule(CRON_BACKOFF, 3u32),
                    pod_failure_policy: Maybe::some(Origin::rule(CRON_BACKOFF), failure_policy(workload)),
                    template,
                },
            },
        },
    }
}

/// Disruptions are nobody's fault; exit codes 64 (wrong usage) and 78 (wrong configuration) of sysexits.h do not heal.
fn failure_policy(workload: &Workload) -> PodFailurePolicy {
    let mut rules = Items::default();
    let disrupted = PodCondition {
        kind: rule(CRON_BACKOFF, "DisruptionTarget"),
        status: rule(CRON_BACKOFF, ConditionStatus::True),
    };
    rules.push(
        "disruption",
        Origin::rule(CRON_BACKOFF),
        FailureRule {
            action: rule(CRON_BACKOFF, FailureAction::Ignore),
            when: FailureCondition::OnPodConditions(Items::one(
                "DisruptionTarget",
                Origin::rule(CRON_BACKOFF),
                disrupted,
            )),
        },
    );
    rules.push(
        "hopeless",
        Origin::rule(CRON_BACKOFF),
        FailureRule {
            action: rule(CRON_BACKOFF, FailureAction::FailJob),
            when: FailureCondition::OnExitCodes(OnExitCodes {
                container_name: workload.name.clone(),
                operator: rule(CRON_BACKOFF, ExitCodeOperator::In),
                values: vec![rule(CRON_BACKOFF, 64), rule(CRON_BACKOFF, 78)],
            }),
        },
    );
    PodFailurePolicy { rules }
}
