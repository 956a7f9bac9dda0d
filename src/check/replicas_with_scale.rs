//! A fixed number of pods and an autoscaler at once.

use super::context::{Finding, path_of, written};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::spec::workload::{ReplicaCount, Scale};
use crate::system::{Service, Workload};

pub(super) const CHECK: Check = check!("replicas-with-scale", Error, One(run));

fn both<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    replicas: Traced<ReplicaCount>,
    scale: &Scale,
) -> Finding<'c> {
    let name = workload.name.get();
    let is_layered = cx.apart(replicas.origin(), Origin::spec(scale.at));
    cx.find(&CHECK, format!("`{}` has both `replicas` and `scale`", path_of(service, workload)))
        .at(replicas.origin(), "always as many")
        .also_key(Origin::spec(scale.at), "as many as the load needs")
        .note("each apply would set the number back that the autoscaler has chosen")
        .help("delete one of the two")
        .maybe_help(is_layered.then(|| cx.remove(service, &format!("workloads.{name}.scale"))))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let table = written(service, workload);
        if let Some((replicas, scale)) = table.and_then(|t| t.replicas.as_ref().zip(t.scale.as_ref())) {
            found.push(both(cx, (service, workload), *replicas, scale));
        }
    }
}
