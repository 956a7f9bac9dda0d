//! A workload whose requests follow its use: a `VerticalPodAutoscaler`.

use super::autoscaler::target;
use super::labels::Identity;
use super::{Cx, amount};
use crate::k8s::{
    ContainerPolicy, ControlledValues, ResourceBounds, ResourcePolicy, UpdateMode, UpdatePolicy,
    VerticalPodAutoscaler, VerticalSpec,
};
use crate::origin::{Origin, RESIZE, Traced, rule};
use crate::spec::workload::Resize;
use crate::system::{Replicas, Workload};
use crate::text::Text;
use crate::walk::Items;

/// The autoscaler, or why there is none. What another autoscaler looks at is not changed under its feet.
pub(super) fn lower(
    cx: &Cx<'_>,
    workload: &Workload,
    identity: &Identity,
) -> Result<VerticalPodAutoscaler, Origin> {
    let because = workload.resize.origin();
    let update_mode = match workload.resize.get() {
        Resize::Off => return Err(because),
        Resize::Recommend => workload.resize.map(|_| UpdateMode::Off),
        Resize::InPlace => workload.resize.map(|_| UpdateMode::InPlaceOrRecreate),
    };
    let bounds = workload.resize_bounds.as_ref();
    let policy = ContainerPolicy {
        container_name: rule(RESIZE, "*"),
        controlled_resources: controlled(cx, workload),
        controlled_values: rule(RESIZE, ControlledValues::RequestsAndLimits),
        min_allowed: ResourceBounds {
            cpu: bounds.and_then(|b| b.min_cpu.as_ref()).map(amount),
            memory: bounds.and_then(|b| b.min_memory.as_ref()).map(amount),
        },
        max_allowed: ResourceBounds {
            cpu: bounds.and_then(|b| b.max_cpu.as_ref()).map(amount),
            memory: bounds.and_then(|b| b.max_memory.as_ref()).map(amount),
        },
    };
    Ok(VerticalPodAutoscaler {
        because,
        metadata: identity.metadata(),
        spec: VerticalSpec {
            target_ref: target(workload, identity),
            update_policy: UpdatePolicy { update_mode },
            resource_policy: ResourcePolicy { container_policies: Items::one("*", because, policy) },
        },
    })
}

/// Only what no horizontal autoscaler scales on.
fn controlled(cx: &Cx<'_>, workload: &Workload) -> Vec<Traced<Text>> {
    let (cpu, memory) = match &workload.replicas {
        Replicas::Auto { targets, .. } => (targets.cpu.is_some(), targets.memory.is_some()),
        _ => (false, false),
    };
    let recommend_only = *workload.resize.get() == Resize::Recommend;
    let scaled = cx.tracer.because(RESIZE, &[workload.replicas.origin(), workload.resize.origin()]);
    let word = |word: &'static str| Traced::because(Text::Literal(word), scaled);
    let mut all = Vec::new();
    if recommend_only || !cpu {
        all.push(word("cpu"));
    }
    if recommend_only || !memory {
        all.push(word("memory"));
    }
    all
}
