//! Workloads that end: a CronJob on a schedule, a Job once for each version.

use std::collections::BTreeMap;

use super::Cx;
use super::digest::Digested;
use super::labels::Identity;
use crate::k8s::{
    CompletionMode, ConcurrencyPolicy, ConditionStatus, CronJob, CronJobSpec, ExitCodeOperator,
    FailureAction, FailureCondition, FailureRule, Job, JobSpec, JobTemplate, OnExitCodes, PodCondition,
    PodFailurePolicy, PodTemplate,
};
use crate::origin::{
    CRON_BACKOFF, CRON_FORBID, CRON_HISTORY, CRON_STARTING_DEADLINE, JOB_KEEP, JOB_NAME, Origin, Traced, rule,
};
use crate::spec::workload::{Overlap, Restart, When};
use crate::system::Workload;
use crate::text::Text;
use crate::value::Duration;
use crate::walk::{Items, Maybe, Walk};

pub(super) fn lower(
    workload: &Workload,
    identity: &Identity,
    because: Origin,
    template: PodTemplate,
) -> CronJob {
    let run = workload.run.as_ref();
    let kept = run.and_then(|r| r.history).map(|h| h.map(|h| h.get()));
    CronJob {
        because,
        metadata: identity.metadata(),
        spec: CronJobSpec {
            schedule: workload
                .schedule_text()
                .unwrap_or_else(|| Traced::because(Text::Literal(""), workload.because)),
            time_zone: workload.timezone.clone(),
            concurrency_policy: run.and_then(|r| r.overlap).map_or_else(
                || rule(CRON_FORBID, ConcurrencyPolicy::Forbid),
                |overlap| {
                    overlap.map(|overlap| match overlap {
                        Overlap::Forbid => ConcurrencyPolicy::Forbid,
                        Overlap::Allow => ConcurrencyPolicy::Allow,
                        Overlap::Replace => ConcurrencyPolicy::Replace,
                    })
                },
            ),
            starting_deadline_seconds: run
                .and_then(|r| r.start_within)
                .map_or_else(|| rule(CRON_STARTING_DEADLINE, 600u32), |d| d.map(seconds)),
            successful_jobs_history_limit: kept.unwrap_or_else(|| rule(CRON_HISTORY, 3u32)),
            failed_jobs_history_limit: run
                .and_then(|r| r.failed_history)
                .map(|h| h.map(|h| h.get()))
                .or(kept)
                .unwrap_or_else(|| rule(CRON_HISTORY, 3u32)),
            suspend: waits(workload).or_else(|| run.and_then(|r| r.suspend)),
            job_template: JobTemplate { spec: job_spec(workload, template) },
        },
    }
}

/// A Job. Its name ends in a hash of all that it runs, so that a new version is a new Job.
pub(super) fn job(
    cx: &Cx<'_>,
    workload: &Workload,
    identity: &Identity,
    because: Origin,
    template: PodTemplate,
) -> Job {
    let mut spec = job_spec(workload, template);
    spec.ttl_seconds_after_finished.get_or_insert_with(|| rule(JOB_KEEP, 86_400u32));
    let mut digest = Digested::default();
    spec.walk(&mut digest);
    let (hash, origins) = digest.finish();
    let mut inputs = vec![identity.name.origin()];
    inputs.extend(origins);
    inputs.extend(super::labels::why_mesh(cx));
    let name = Traced::because(
        Text::from(format!("{}-{hash}", identity.name.get())),
        cx.tracer.because(JOB_NAME, &inputs),
    );
    let mut metadata = identity.metadata_named(name);
    // it is the same Job when it may run; as a hook it would be waited for until then
    spec.suspend = waits(workload);
    if let Some(when) = workload.run.as_ref().and_then(|r| r.when).filter(|_| workload.waits.is_none()) {
        metadata.annotations = hooks(when);
    }
    Job { because, metadata, spec }
}

/// The phase of Argo CD and of Helm that a Job runs in.
fn hooks(when: Traced<When>) -> BTreeMap<Text, Traced<Text>> {
    let (argo, helm) = match when.get() {
        When::Before => ("PreSync", "post-install,pre-upgrade"),
        When::After => ("PostSync", "post-install,post-upgrade"),
        When::Anytime => return BTreeMap::new(),
    };
    let set = |value: &'static str| Traced::because(Text::Literal(value), when.origin());
    BTreeMap::from([("argocd.argoproj.io/hook".into(), set(argo)), ("helm.sh/hook".into(), set(helm))])
}

/// That it does not run, for whoever waits.
fn waits(workload: &Workload) -> Option<Traced<bool>> {
    workload.waits.map(|because| Traced::because(true, because))
}

fn seconds(duration: &Duration) -> u32 {
    u32::try_from(duration.seconds_ceil()).unwrap_or(u32::MAX)
}

fn job_spec(workload: &Workload, template: PodTemplate) -> JobSpec {
    let run = workload.run.as_ref();
    let parallelism = run.and_then(|r| r.parallelism).map(|p| p.map(|p| p.get()));
    let completions = run.and_then(|r| r.completions).map(|c| c.map(|c| c.get()));
    JobSpec {
        active_deadline_seconds: workload.deadline.map(seconds),
        backoff_limit: run
            .and_then(|r| r.retries)
            .map_or_else(|| rule(CRON_BACKOFF, 3u32), |r| r.map(|r| r.get())),
        parallelism,
        completions: completions.or(parallelism),
        completion_mode: run.and_then(|r| r.indexed).map(|indexed| {
            indexed.map(|indexed| if *indexed { CompletionMode::Indexed } else { CompletionMode::NonIndexed })
        }),
        ttl_seconds_after_finished: run.and_then(|r| r.keep).map(|keep| keep.map(seconds)),
        // the API takes it with pods that are never restarted alone
        pod_failure_policy: match run.and_then(|r| r.restart) {
            Some(restart) if *restart.get() == Restart::SamePod => Maybe::none(restart.origin()),
            Some(restart) => Maybe::some(restart.origin(), failure_policy(workload)),
            None => Maybe::some(Origin::rule(CRON_BACKOFF), failure_policy(workload)),
        },
        suspend: None,
        template,
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
