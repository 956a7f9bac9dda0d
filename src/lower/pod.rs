//! The pod template that workloads of all kinds share, hardened in every tier.
//!
//! Sources: Pod Security Standards, level "restricted"; the default rules of kube-linter, kube-score, Polaris, Checkov and
//! Trivy, which want the security context repeated on each container.

mod container;
mod environment;
mod resources;
mod scheduling;
mod security;
mod volumes;

pub(crate) use container::{handler, protocol};
pub(super) use resources::{compute, sized};
pub(super) use security::{container_security, seccomp_profile};
pub(super) use volumes::{claim_name, claim_spec};

use super::Cx;
use super::labels::Identity;
use super::probes::Probes;
use crate::k8s::{ConfigMap, Container, NameOf, PodSpec, PodTemplate, RestartPolicy, Volume};
use crate::origin::{HARDENED_NO_LINKS, HARDENED_NO_TOKEN, KIND, Origin, POD_SETTING, Traced, rule};
use crate::spec::workload::{self as spec, Restart};
use crate::system::Workload;
use crate::walk::{Items, Maybe};
use security::Exceptions;

/// The pod template of a workload; `config` holds its files, if it has any.
pub(crate) fn template(
    cx: &Cx<'_>,
    workload: &Workload,
    identity: &Identity,
    config: Option<&ConfigMap>,
) -> PodTemplate {
    let volumes = volumes::of(cx, workload, identity, config);
    let exceptions = Exceptions::of(workload);
    let program = container::program(cx, workload, &exceptions, volumes.mounts);
    let in_place = workload.run.as_ref().and_then(|run| run.restart);
    let restart = (!workload.is_running()).then(|| match in_place {
        Some(restart) => restart.map(|restart| match restart {
            Restart::NewPod => RestartPolicy::Never,
            Restart::SamePod => RestartPolicy::OnFailure,
        }),
        None => Traced::because(RestartPolicy::Never, workload.kind.origin()),
    });
    let grace = container::grace(cx, workload);
    let mut template = spec(cx, identity, program, volumes.volumes, restart, grace);
    for further in &workload.init {
        let container =
            container::further(cx, workload, (further, false), &exceptions, &mut template.spec.volumes);
        template.spec.init_containers.push(further.name.get().clone(), further.because, container);
    }
    for sidecar in &workload.sidecars {
        let container =
            container::further(cx, workload, (sidecar, true), &exceptions, &mut template.spec.volumes);
        template.spec.init_containers.push(sidecar.name.get().clone(), sidecar.because, container);
    }
    if !workload.is_running() || *workload.kind.get() == spec::WorkloadKind::Daemon {
        // one pod at a time, or one a node, has nobody to keep away from
        template.spec.affinity = None;
        template.spec.topology_spread_constraints = Items::default();
    }
    exceptions.apply(cx, &mut template);
    if let Some(pod) = &workload.pod {
        scheduling::apply(cx, pod, &mut template);
        account(pod, &mut template);
    }
    template
}

/// A hardened pod of one container.
pub(crate) fn spec(
    cx: &Cx<'_>,
    identity: &Identity,
    container: Container,
    volumes: Items<Volume>,
    restart_policy: Option<Traced<RestartPolicy>>,
    grace: Traced<u32>,
) -> PodTemplate {
    let priority = &cx.platform().priority_class;
    PodTemplate {
        metadata: identity.template(),
        spec: PodSpec {
            service_account_name: NameOf::of("ServiceAccount", &identity.name),
            automount_service_account_token: rule(HARDENED_NO_TOKEN, false),
            enable_service_links: rule(HARDENED_NO_LINKS, false),
            host_network: None,
            host_pid: None,
            host_ipc: None,
            share_process_namespace: None,
            restart_policy,
            termination_grace_period_seconds: grace,
            priority_class_name: Maybe::from_option(
                priority.as_ref().map_or(cx.platform().origin, Traced::origin),
                priority.as_ref().map(|class| NameOf::of("PriorityClass", class)),
            ),
            security_context: security::pod_security(),
            runtime_class_name: None,
            image_pull_secrets: Items::default(),
            host_aliases: Items::default(),
            dns_policy: None,
            dns_config: Some(scheduling::usual_dns()),
            node_selector: std::collections::BTreeMap::new(),
            tolerations: Items::default(),
            affinity: Some(scheduling::affinity(identity)),
            topology_spread_constraints: scheduling::spread(identity),
            init_containers: Items::default(),
            containers: Items::one(container.name.get().clone(), container.name.origin(), container),
            volumes,
        },
    }
}

/// Another account than specc's own, and its token.
fn account(pod: &spec::Pod, template: &mut PodTemplate) {
    let Some(account) = &pod.service_account else { return };
    if let Some(existing) = &account.existing {
        template.spec.service_account_name = NameOf::foreign(&super::amount(existing));
    }
    if let Some(token) = account.token {
        template.spec.automount_service_account_token = token;
    }
}

/// Probes of a container that has none.
pub(crate) fn no_probes(because: Origin) -> Probes {
    Probes { startup: Maybe::none(because), readiness: Maybe::none(because), liveness: Maybe::none(because) }
}

/// Why a setting of the `pod` table is there.
fn setting(cx: &Cx<'_>, at: Origin) -> Origin {
    cx.tracer.because(POD_SETTING, &[at])
}

/// Why a container of a kind is there.
fn kind_of(workload: &Workload) -> Origin {
    if workload.kind.origin() == workload.because { Origin::rule(KIND) } else { workload.kind.origin() }
}
