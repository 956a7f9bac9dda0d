//! An autoscaler that may run fewer pods than it must, or looks back too far.

use super::context::{Finding, path_of, written};
use super::{Check, Context, Found};
use crate::origin::Traced;
use crate::spec::workload::ReplicaCount;
use crate::system::{Replicas, Service, Workload};
use crate::value::Duration;

pub(super) const CHECK: Check = check!("autoscaler-bounds", Error, One(run));

fn max_below_min<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    min: Traced<u32>,
    max: Traced<ReplicaCount>,
) -> Finding<'c> {
    let (few, many) = (*min.get(), max.get().get());
    let title =
        format!("`{}` scales to at most {many} pods and to at least {few}", path_of(service, workload));
    cx.find(&CHECK, title)
        .at(max.origin(), format!("at most {many}"))
        .also(min.origin(), format!("at least {few}"))
        .note("no number of pods fits both bounds, and the API refuses such an autoscaler")
        .help(format!("write a `max` of {few} or more, or a `min` of {many} or less"))
}

/// The longest window and the longest step (Kubernetes API, `HPAScalingRules`, `HPAScalingPolicy`), in seconds.
const LONGEST: [(&str, u64); 2] = [("window", 3600), ("every", 1800)];

fn too_long<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    (key, time, most): (&str, &Traced<Duration>, u64),
) -> Finding<'c> {
    let title =
        format!("`{key}` of `{}` is longer than an autoscaler can look back", path_of(service, workload));
    cx.find(&CHECK, title)
        .at(time.origin(), format!("at most {} minutes", most / 60))
        .note("the API refuses a longer time")
        .help(format!("write `{key} = \"{}m\"` or less", most / 60))
}

fn paces(cx: &Context<'_>, of: (&Service, &Workload), found: &mut Found) {
    let scale = written(of.0, of.1).and_then(|table| table.scale.as_ref());
    for pace in scale.iter().flat_map(|scale| [&scale.up, &scale.down]).flatten() {
        for ((key, most), time) in LONGEST.into_iter().zip([&pace.window, &pace.every]) {
            if let Some(time) = time.as_ref().filter(|time| time.get().seconds_ceil() > most) {
                found.push(too_long(cx, of, (key, time, most)));
            }
        }
    }
}

/// The most pods that anyone wrote down: the service, else the environment's or the project's defaults.
fn written_max<'a>(
    cx: &Context<'a>,
    service: &'a Service,
    workload: &Workload,
) -> Option<&'a Traced<ReplicaCount>> {
    let (environment, project) = (&cx.system.environment.file.defaults, &cx.system.project.defaults);
    let own = written(service, workload)?.scale.as_ref().and_then(|scale| scale.max.as_ref());
    let mut defaults = [environment, project].into_iter().flatten();
    own.or_else(|| defaults.find_map(|d| d.workload.as_ref()?.max.as_ref()))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        paces(cx, (service, workload), found);
        let is_fixed = written(service, workload).is_none_or(|table| table.replicas.is_some());
        let Replicas::Fixed(min) = &workload.replicas else { continue };
        match written_max(cx, service, workload) {
            Some(max) if !is_fixed && max.get().get() < *min.get() => {
                found.push(max_below_min(cx, (service, workload), *min, *max));
            }
            _ => {}
        }
    }
}
