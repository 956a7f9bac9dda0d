//! `health` of a workload: how its health is asked for.

use crate::origin::Traced;
use crate::spec::PortNumber;
use crate::spec::decode::{Count, List, Map, choices, table};
use crate::text::Text;
use crate::value::{Duration, HeaderName, MountPath, Name, RequestPath};

/// How often a probe may fail or must succeed: 1 to 1000.
pub type Times = Count<1, 1000>;

/// A status of HTTP (RFC 9110, section 15).
pub type Status = Count<100, 599>;

choices! {
    /// How health is asked for.
    pub enum ProbeKind {
        /// A GET that must answer 200 to 399.
        Http = "http",
        /// gRPC's health service.
        Grpc = "grpc",
        /// A port that must accept a connection.
        Tcp = "tcp",
        /// A command that must exit with 0.
        Exec = "exec",
        /// A file that the program touches while it works.
        Heartbeat = "heartbeat",
        /// Not at all.
        None = "none",
    }

    /// How badly somebody is told.
    pub enum OutsideAlert {
        /// Somebody is woken.
        Critical = "critical",
        /// Somebody looks at it when they work.
        Warning = "warning",
        /// Nobody is told; the metric alone is there.
        None = "none",
    }
}

table! {
    /// How the health of a container is asked for.
    pub struct Health {
        /// How it is asked.
        probe: Option<Traced<ProbeKind>> = "`http`; `grpc` for that kind; `exec` with `command`; `heartbeat` with `heartbeat`",
        /// Path that answers while the process works; it must not check anything outside of the process.
        live: Option<Traced<RequestPath>> = "`\"/livez\"`",
        /// Path that answers while requests are welcome.
        ready: Option<Traced<RequestPath>> = "`\"/readyz\"`",
        /// Time that a start may take.
        startup: Option<Traced<Duration>> = "`\"60s\"`",
        /// Port that is asked, if it is not the main one.
        port: Option<Traced<PortNumber>>,
        /// Headers of a GET.
        headers: Map<HeaderName, Traced<Text>>,
        /// Service that gRPC's health service is asked about.
        service: Option<Traced<Text>> = "the server as a whole",
        /// Command for liveness, and for readiness if `ready_command` says nothing else.
        command: List<Text>,
        /// Command for readiness.
        ready_command: List<Text>,
        /// File that the program touches while it works.
        heartbeat: Option<Traced<MountPath>>,
        /// Oldest age of that file that still counts as alive.
        heartbeat_age: Option<Traced<Duration>> = "`\"60s\"`",
        /// What is special about the liveness probe.
        liveness: Option<Timing>,
        /// What is special about the readiness probe.
        readiness: Option<Timing>,
        /// Further paths that are asked from outside, through a route, by name; of the program, not of further containers.
        checks: Map<Name, OutsideCheck>,
    }

    /// A path that is asked from outside, as callers ask: through DNS, the load balancer, the Gateway and its certificate.
    pub struct OutsideCheck {
        /// The path, as callers write it; it is asked on each host of the route.
        path: Traced<RequestPath>,
        /// Which of `routes` it goes through.
        route: Option<Traced<Name>> = "`route`; without it the only one of `routes`",
        /// The status that must be answered, for a path that answers with another one, such as 401 where one must log in.
        status: Option<Traced<Status>> = "any that `platform.blackbox.module` takes, usually 200 to 299",
        /// How badly somebody is told when it fails.
        alert: Option<Traced<OutsideAlert>> = "`\"critical\"`",
        /// Time between two questions; an answer may take as long, and at most 10 s.
        interval: Option<Traced<Duration>> = "`\"60s\"`",
        /// How long it must fail before somebody is told.
        after: Option<Traced<Duration>> = "`\"5m\"`",
    }

    /// What is special about one probe: its timings, and how it asks where that differs from the other.
    pub struct Timing {
        /// How it is asked; without liveness a process is never restarted for its health, and a start has no bound.
        probe: Option<Traced<ProbeKind>> = "that of `health`",
        /// Port that is asked.
        port: Option<Traced<PortNumber>> = "that of `health`",
        /// Headers of a GET, beside and before those of `health`.
        headers: Map<HeaderName, Traced<Text>>,
        /// Time between two questions.
        period: Option<Traced<Duration>> = "`\"10s\"` for liveness, `\"5s\"` for readiness",
        /// Time that an answer may take.
        timeout: Option<Traced<Duration>> = "`\"2s\"`",
        /// So many failures in a row count.
        failures: Option<Traced<Times>> = "6 for liveness, 3 for readiness",
        /// So many successes in a row count; of liveness it is always 1.
        successes: Option<Traced<Times>> = "1",
        /// Time before the first question; a start that takes long is the business of `startup`.
        delay: Option<Traced<Duration>>,
    }
}
