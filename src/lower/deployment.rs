//! Workloads that run all the time: a Deployment, a StatefulSet, or a DaemonSet.

use super::Cx;
use super::labels::Identity;
use super::pod::claim_spec;
use crate::k8s::{
    ClaimMetadata, ClaimOfPod, DaemonRolling, DaemonSet, DaemonSetSpec, DaemonUpdate, Deployment,
    DeploymentSpec, Kept, NameOf, Ordinals, PodManagement, PodTemplate, Retention, RollingUpdate,
    StatefulRolling, StatefulSet, StatefulSetSpec, StatefulUpdate, Strategy,
};
use crate::origin::{
    DAEMON_ROLLOUT, HISTORY, Origin, ROLLOUT, ROLLOUT_DEADLINE, Rule, STATEFUL, STATEFUL_SERVICE, Traced,
    rule,
};
use crate::spec::workload::{Keep, PodOrder, Rollout};
use crate::system::{Replicas, Workload};
use crate::text::Text;
use crate::value::{Duration, PodShare};
use crate::walk::{IntOrString, Items, Maybe};

/// Seconds that a new pod must stay ready before it counts.
const MIN_READY: u32 = 10;

pub(super) fn lower(
    cx: &Cx<'_>,
    workload: &Workload,
    identity: &Identity,
    because: Origin,
    template: PodTemplate,
) -> Deployment {
    Deployment {
        because,
        metadata: identity.metadata(),
        spec: DeploymentSpec {
            replicas: replicas(workload),
            revision_history_limit: history(workload),
            min_ready_seconds: min_ready(workload),
            progress_deadline_seconds: progress_deadline(cx, workload),
            selector: identity.selector(),
            strategy: Maybe::some(
                workload.rollout.origin(),
                match workload.rollout.get() {
                    Rollout::Recreate => Strategy::Recreate { because: workload.rollout.origin() },
                    Rollout::Rolling => Strategy::RollingUpdate {
                        because: workload.rollout.origin(),
                        rolling_update: RollingUpdate {
                            max_surge: surge(workload, ROLLOUT, PodShare::Percent(25)),
                            max_unavailable: unavailable(workload, ROLLOUT, PodShare::Pods(0)),
                        },
                    },
                },
            ),
            template,
        },
    }
}

/// A StatefulSet, whose pods have names and disks of their own.
pub(super) fn stateful(
    workload: &Workload,
    identity: &Identity,
    because: Origin,
    template: PodTemplate,
) -> StatefulSet {
    let table = workload.stateful.as_ref();
    let kept = |keep: Option<Traced<Keep>>| {
        keep.map_or_else(
            || rule(STATEFUL, Kept::Retain),
            |keep| {
                keep.map(|keep| match keep {
                    Keep::Retain => Kept::Retain,
                    Keep::Delete => Kept::Delete,
                })
            },
        )
    };
    let mut claims = Items::default();
    for volume in &workload.volumes {
        if !volume.is_claim() {
            claims.leave_out(volume.name.get().clone(), volume.kind.origin());
            continue;
        }
        let claim = ClaimOfPod {
            api_version: Traced::because(Text::Literal("v1"), volume.because),
            kind: Traced::because(Text::Literal("PersistentVolumeClaim"), volume.because),
            metadata: ClaimMetadata { name: volume.name.clone(), labels: identity.selector_labels() },
            spec: claim_spec(volume),
        };
        claims.push(volume.name.get().clone(), volume.because, claim);
    }
    StatefulSet {
        because,
        metadata: identity.metadata(),
        spec: StatefulSetSpec {
            replicas: replicas(workload),
            service_name: NameOf::of("Service", &super::service::pods_name(identity)),
            pod_management_policy: table.and_then(|t| t.order).map_or_else(
                || rule(STATEFUL, PodManagement::OrderedReady),
                |order| {
                    order.map(|order| match order {
                        PodOrder::Ordered => PodManagement::OrderedReady,
                        PodOrder::Parallel => PodManagement::Parallel,
                    })
                },
            ),
            revision_history_limit: history(workload),
            min_ready_seconds: min_ready(workload),
            ordinals: table.and_then(|t| t.start).map(|start| Ordinals { start: start.map(|s| s.get()) }),
            selector: identity.selector(),
            update_strategy: StatefulUpdate::RollingUpdate {
                because: Origin::rule(STATEFUL),
                rolling_update: StatefulRolling {
                    partition: table
                        .and_then(|t| t.partition)
                        .map_or_else(|| rule(STATEFUL, 0u32), |p| p.map(|p| p.get())),
                },
            },
            persistent_volume_claim_retention_policy: Retention {
                when_deleted: kept(table.and_then(|t| t.on_delete)),
                when_scaled: kept(table.and_then(|t| t.on_scale)),
            },
            template,
            volume_claim_templates: claims,
        },
    }
}

/// A DaemonSet: a pod on every node that its pods may run on.
pub(super) fn daemon(
    workload: &Workload,
    identity: &Identity,
    because: Origin,
    template: PodTemplate,
) -> DaemonSet {
    DaemonSet {
        because,
        metadata: identity.metadata(),
        spec: DaemonSetSpec {
            revision_history_limit: history(workload),
            min_ready_seconds: min_ready(workload),
            selector: identity.selector(),
            update_strategy: DaemonUpdate::RollingUpdate {
                because: Origin::rule(DAEMON_ROLLOUT),
                rolling_update: DaemonRolling {
                    max_surge: surge(workload, DAEMON_ROLLOUT, PodShare::Pods(0)),
                    max_unavailable: unavailable(workload, DAEMON_ROLLOUT, PodShare::Pods(1)),
                },
            },
            template,
        },
    }
}

fn replicas(workload: &Workload) -> Maybe<Traced<u32>> {
    if let Some(because) = workload.waits {
        return Maybe::some(because, Traced::because(0, because));
    }
    match &workload.replicas {
        Replicas::Fixed(count) => Maybe::some(count.origin(), *count),
        Replicas::Auto { because, .. } | Replicas::None(because) => Maybe::none(*because),
    }
}

fn history(workload: &Workload) -> Traced<u32> {
    let written = workload.rolling.as_ref().and_then(|r| r.history);
    written.map_or_else(|| rule(HISTORY, 5u32), |history| history.map(|h| h.get()))
}

fn seconds(duration: &Duration) -> u32 {
    u32::try_from(duration.seconds_ceil()).unwrap_or(u32::MAX - 1000)
}

fn min_ready(workload: &Workload) -> Traced<u32> {
    let written = workload.rolling.as_ref().and_then(|r| r.min_ready);
    written.map_or_else(|| rule(ROLLOUT, MIN_READY), |time| time.map(seconds))
}

/// A number as a number, a share as the text that the API takes.
fn share(share: &Traced<PodShare>) -> Traced<IntOrString> {
    share.map(|share| match share {
        PodShare::Pods(pods) => IntOrString::Int(i32::try_from(*pods).unwrap_or(i32::MAX)),
        PodShare::Percent(percent) => IntOrString::Text(format!("{percent}%").into()),
    })
}

fn surge(workload: &Workload, name: Rule, usual: PodShare) -> Traced<IntOrString> {
    let written = workload.rolling.as_ref().and_then(|r| r.surge);
    share(&written.unwrap_or_else(|| rule(name, usual)))
}

fn unavailable(workload: &Workload, name: Rule, usual: PodShare) -> Traced<IntOrString> {
    let written = workload.rolling.as_ref().and_then(|r| r.unavailable);
    share(&written.unwrap_or_else(|| rule(name, usual)))
}

fn progress_deadline(cx: &Cx<'_>, workload: &Workload) -> Traced<u32> {
    if let Some(deadline) = workload.rolling.as_ref().and_then(|r| r.deadline) {
        return deadline.map(seconds);
    }
    let ready = min_ready(workload);
    match &workload.health {
        Ok(health) => {
            let probed = Traced::because((), health.because);
            cx.tracer.derive(ROLLOUT_DEADLINE, (&health.startup, &ready, &probed), |(startup, ready, ())| {
                seconds(startup).saturating_add(*ready).saturating_add(540)
            })
        }
        Err(because) => {
            let unprobed = Traced::because((), *because);
            cx.tracer.derive(ROLLOUT_DEADLINE, (&ready, &unprobed), |(ready, ())| ready.saturating_add(540))
        }
    }
}

/// Why the headless Service of a stateful workload is there.
pub(super) fn stateful_service(cx: &Cx<'_>, workload: &Workload) -> Origin {
    cx.tracer.because(STATEFUL_SERVICE, &[workload.because, workload.kind.origin()])
}

/// The claims of a workload that is not stateful, each with the name of its volume.
pub(super) fn claims(
    cx: &Cx<'_>,
    workload: &Workload,
    identity: &Identity,
) -> Vec<(Text, crate::k8s::PersistentVolumeClaim)> {
    let own = workload.volumes.iter().filter(|v| v.is_claim());
    own.map(|volume| {
        let name = super::pod::claim_name(cx, identity, volume);
        let claim = crate::k8s::PersistentVolumeClaim {
            because: volume.because,
            metadata: identity.metadata_named(name),
            spec: claim_spec(volume),
        };
        (volume.name.get().clone(), claim)
    })
    .collect()
}
