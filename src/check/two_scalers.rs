//! Two autoscalers that would pull at one thing.

use super::context::{Finding, path_of, written};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::workload::{Resize, Scale};
use crate::system::{Replicas, Service, Workload};

pub(super) const CHECK: Check = check!("two-scalers", Error, One(run));

/// KEDA makes the autoscaler of a `queue`, and there can be only one.
fn queue_and_rate<'c>(cx: &'c Context<'c>, of: (&Service, &Workload), scale: &Scale) -> Option<Finding<'c>> {
    let (queue, rps) = (scale.queue.as_ref()?, scale.rps.as_ref()?);
    let title =
        format!("`{}` scales on `queue` and on `rps`, which two autoscalers would do", path_of(of.0, of.1));
    let finding = cx
        .find(&CHECK, title)
        .at_key(rps.origin(), "a HorizontalPodAutoscaler of specc's")
        .also_key(Origin::spec(queue.at), "a ScaledObject, whose autoscaler is KEDA's")
        .note("two autoscalers of one workload undo each other's numbers, minute by minute")
        .help("decide for one; `cpu` and `memory` go with both");
    Some(finding)
}

/// A vertical autoscaler changes the request that a horizontal one takes its percentage of.
fn up_and_out<'c>(cx: &'c Context<'c>, of: (&Service, &Workload)) -> Option<Finding<'c>> {
    let Replicas::Auto { targets, because, .. } = &of.1.replicas else { return None };
    let (Some(cpu), Some(memory)) = (&targets.cpu, &targets.memory) else { return None };
    (*of.1.resize.get() == Resize::InPlace).then(|| {
        let title =
            format!("nothing of `{}` is left to resize: it scales on CPU and on memory", path_of(of.0, of.1));
        cx.find(&CHECK, title)
            .at(of.1.resize.origin(), "changes requests")
            .also_key(cpu.origin(), "a share of the CPU request")
            .also_key(memory.origin(), "a share of the memory request")
            .also_key(*because, "scales")
            .note("a changed request changes the share, so each autoscaler would react to the other")
            .help("write `resize = \"recommend\"`, or scale on one of the two")
    })
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for of in cx.system.workloads() {
        let scale = written(of.0, of.1).and_then(|table| table.scale.as_ref());
        let both = scale.and_then(|scale| queue_and_rate(cx, of, scale));
        both.into_iter().chain(up_and_out(cx, of)).for_each(|finding| found.push(finding));
    }
}
