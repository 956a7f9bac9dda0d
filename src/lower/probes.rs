//! The three probes of a container that serves: start, readiness, liveness.

use super::Cx;
use crate::k8s::{Handler, HttpGet, Probe};
use crate::origin::{
    Origin, PROBE_LIVENESS, PROBE_READINESS, PROBE_STARTUP, PROBE_TIMINGS, Rule, Traced, rule,
};
use crate::system::Workload;
use crate::text::Text;
use crate::walk::Maybe;

/// Seconds between two questions while a process starts.
const STARTUP_PERIOD: u32 = 2;

/// The probes of a container.
pub(crate) struct Probes {
    pub(crate) startup: Maybe<Probe>,
    pub(crate) readiness: Maybe<Probe>,
    pub(crate) liveness: Maybe<Probe>,
}

/// How many failed starts a budget allows.
pub(crate) fn startup_failures(cx: &Cx<'_>, startup: &Traced<crate::value::Duration>) -> Traced<u32> {
    cx.tracer.derive(PROBE_STARTUP, (startup,), |(budget,)| {
        u32::try_from(budget.seconds_ceil().div_ceil(u64::from(STARTUP_PERIOD))).unwrap_or(u32::MAX).max(1)
    })
}

pub(crate) fn of_workload(cx: &Cx<'_>, workload: &Workload) -> Probes {
    let health = match (&workload.health, workload.main_port()) {
        (Ok(health), Some(port)) => (health, port),
        (Err(because), _) => return super::pod::no_probes(*because),
        (Ok(health), None) => return super::pod::no_probes(health.because),
    };
    let (health, port) = health;
    let get = |path: &Traced<Text>| {
        Handler::HttpGet(HttpGet { path: path.clone(), port: port.number.cast(), scheme: None })
    };
    let there = |probe| Maybe::some(health.because, probe);
    Probes {
        startup: there(timed(
            get(&health.live),
            PROBE_STARTUP,
            STARTUP_PERIOD,
            startup_failures(cx, &health.startup),
        )),
        readiness: there(readiness(get(&health.ready))),
        liveness: there(liveness(get(&health.live))),
    }
}

/// A start that may take `failures` questions.
pub(crate) fn startup(because: Origin, handler: Handler, failures: Traced<u32>) -> Maybe<Probe> {
    Maybe::some(because, timed(handler, PROBE_STARTUP, STARTUP_PERIOD, failures))
}

/// Asked every 5 s; three failures end the traffic.
pub(crate) fn readiness(handler: Handler) -> Probe {
    timed(handler, PROBE_READINESS, 5, rule(PROBE_READINESS, 3u32))
}

/// Asked every 10 s; six failures restart the process, long after readiness has taken it out of rotation.
pub(crate) fn liveness(handler: Handler) -> Probe {
    timed(handler, PROBE_LIVENESS, 10, rule(PROBE_LIVENESS, 6u32))
}

fn timed(handler: Handler, name: Rule, period: u32, failures: Traced<u32>) -> Probe {
    Probe {
        handler,
        period_seconds: rule(name, period),
        timeout_seconds: rule(PROBE_TIMINGS, 2u32),
        failure_threshold: failures,
        success_threshold: rule(PROBE_TIMINGS, 1u32),
    }
}
