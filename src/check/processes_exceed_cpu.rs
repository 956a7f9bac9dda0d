//! More processes than the CPUs of a pod can run.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::system::{Service, Workload};
use crate::value::Value;

pub(super) const CHECK: Check = check!("processes-exceed-cpu", Warn, One(run));

/// So many processes may share one CPU: an interpreter that waits for others most of the time needs a quarter of it.
const PER_CPU: u64 = 4;

fn too_many<'c>(cx: &'c Context<'c>, (service, workload): (&Service, &Workload), fit: u64) -> Finding<'c> {
    let (path, processes) = (path_of(service, workload), *workload.workers.get());
    let cpu = workload.cpu.get();
    let needed = cpu_for(processes);
    let finding = cx
        .find(&CHECK, format!("`{path}` starts {processes} processes on a CPU request of {}", cpu.text()))
        .at(workload.workers.origin(), format!("at most {fit} get on with that"))
        .also(workload.cpu.origin(), "what is kept for a pod");
    let finding = match cx.node(workload.cpu.origin()) {
        Some(_) => finding,
        None => finding.note(format!("{} is asked for where nothing is written", cpu.text())),
    };
    finding
        .note("it is more than CPU x 4, rounded up: under load the processes take turns, and each takes memory and connections")
        .help(format!("write `workers = {fit}` and let more pods do the rest, or `cpu = \"{needed}m\"`"))
}

/// The least request, in thousandths of a CPU, that so many processes fit.
fn cpu_for(processes: u32) -> u64 {
    (u64::from(processes) - 1) * 1000 / PER_CPU + 1
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let fit = (workload.cpu.get().millis() * PER_CPU).div_ceil(1000).max(1);
        if u64::from(*workload.workers.get()) > fit {
            found.push(too_many(cx, (service, workload), fit));
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_advice_is_the_least_request_that_fits() {
        for processes in 2..=64u32 {
            let fit = |millis: u64| (millis * super::PER_CPU).div_ceil(1000);
            let advised = super::cpu_for(processes);
            assert!(fit(advised) >= u64::from(processes), "{processes}");
            assert!(fit(advised - 1) < u64::from(processes), "{processes}");
        }
    }
}
