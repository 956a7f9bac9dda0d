//! The three probes of a container: start, readiness, liveness.

use super::Cx;
use super::pod::handler;
use crate::k8s::{ContainerProbe, Handler};
use crate::origin::{
    Origin, PROBE_LIVENESS, PROBE_READINESS, PROBE_STARTUP, PROBE_TIMINGS, Rule, Traced, rule,
};
use crate::system::{Health, Question, Timing};
use crate::walk::Maybe;

/// Seconds between two questions while a process starts.
const STARTUP_PERIOD: u32 = 2;

/// The probes of a container.
pub(crate) struct Probes {
    pub(crate) startup: Maybe<ContainerProbe>,
    pub(crate) readiness: Maybe<ContainerProbe>,
    pub(crate) liveness: Maybe<ContainerProbe>,
}

/// How many failed starts a budget allows.
pub(crate) fn startup_failures(cx: &Cx<'_>, startup: &Traced<crate::value::Duration>) -> Traced<u32> {
    cx.tracer.derive(PROBE_STARTUP, (startup,), |(budget,)| {
        u32::try_from(budget.seconds_ceil().div_ceil(u64::from(STARTUP_PERIOD))).unwrap_or(u32::MAX).max(1)
    })
}

/// The probes that a health table asks for.
pub(crate) fn of(cx: &Cx<'_>, health: &Health) -> Probes {
    let there = |question: &Result<Question, Origin>, because, probe: &dyn Fn(Handler) -> ContainerProbe| {
        match question {
            Ok(question) => Maybe::some(because, probe(handler(question))),
            Err(because) => Maybe::none(*because),
        }
    };
    let (live, ready) = (health.live_because, health.ready_because);
    let starting = |handler| {
        let failures = startup_failures(cx, &health.startup);
        let mut startup = timed(handler, PROBE_STARTUP, STARTUP_PERIOD, failures);
        startup.timeout_seconds = health.liveness.timeout;
        startup
    };
    Probes {
        startup: there(&health.live, live, &starting),
        readiness: there(&health.ready, ready, &|handler| asked(handler, &health.readiness)),
        // the API takes one success alone for liveness
        liveness: there(&health.live, live, &|handler| ContainerProbe {
            success_threshold: rule(PROBE_TIMINGS, 1u32),
            ..asked(handler, &health.liveness)
        }),
    }
}

fn asked(handler: Handler, timing: &Timing) -> ContainerProbe {
    ContainerProbe {
        handler,
        initial_delay_seconds: timing.delay,
        period_seconds: timing.period,
        timeout_seconds: timing.timeout,
        failure_threshold: timing.failures,
        success_threshold: timing.successes,
    }
}

/// A start that may take `failures` questions.
pub(crate) fn startup(because: Origin, handler: Handler, failures: Traced<u32>) -> Maybe<ContainerProbe> {
    Maybe::some(because, timed(handler, PROBE_STARTUP, STARTUP_PERIOD, failures))
}

/// Asked every 5 s; three failures end the traffic.
pub(crate) fn readiness(handler: Handler) -> ContainerProbe {
    timed(handler, PROBE_READINESS, 5, rule(PROBE_READINESS, 3u32))
}

/// Asked every 10 s; six failures restart the process, long after readiness has taken it out of rotation.
pub(crate) fn liveness(handler: Handler) -> ContainerProbe {
    timed(handler, PROBE_LIVENESS, 10, rule(PROBE_LIVENESS, 6u32))
}

fn timed(handler: Handler, name: Rule, period: u32, failures: Traced<u32>) -> ContainerProbe {
    ContainerProbe {
        handler,
        initial_delay_seconds: None,
        period_seconds: rule(name, period),
        timeout_seconds: rule(PROBE_TIMINGS, 2u32),
        failure_threshold: failures,
        success_threshold: rule(PROBE_TIMINGS, 1u32),
    }
}
