//! How the health of a container is asked for, with the timings of each probe.

use crate::origin::{
    DEFAULT_HEALTH, DEFAULT_HEARTBEAT, Origin, PROBE_HEARTBEAT, PROBE_KIND, PROBE_LIVENESS, PROBE_NONE,
    PROBE_READINESS, PROBE_TIMINGS, Rule, Traced, Tracer, rule,
};
use crate::spec::workload::{self as spec, ProbeKind, WorkloadKind};
use crate::system::platform::port_number;
use crate::system::text_of;
use crate::text::Text;
use crate::value::{Duration, RequestPath};

use super::Port;

/// How health is asked for.
#[derive(Clone, Debug)]
pub struct Health {
    /// why there are probes
    pub because: Origin,
    /// how liveness and the start are asked for, or why they are not
    pub live: Result<Question, Origin>,
    /// why liveness and the start are asked for in this way
    pub live_because: Origin,
    /// how readiness is asked for, or why it is not
    pub ready: Result<Question, Origin>,
    /// why readiness is asked for in this way
    pub ready_because: Origin,
    /// time that a start may take
    pub startup: Traced<Duration>,
    /// timings of the liveness probe
    pub liveness: Timing,
    /// timings of the readiness probe
    pub readiness: Timing,
}

/// One way to ask for health.
#[derive(Clone, Debug)]
pub enum Question {
    /// a GET
    Http {
        /// path
        path: Traced<Text>,
        /// port
        port: Traced<u16>,
        /// headers in order of their names
        headers: Vec<(Traced<Text>, Traced<Text>)>,
    },
    /// gRPC's health service
    Grpc {
        /// port
        port: Traced<u16>,
        /// the service that is asked about
        service: Option<Traced<Text>>,
    },
    /// a connection
    Tcp {
        /// port
        port: Traced<u16>,
    },
    /// a command
    Exec {
        /// its words
        command: Vec<Traced<Text>>,
    },
}

impl Question {
    /// The path of a GET.
    pub fn path(&self) -> Option<&Traced<Text>> {
        if let Question::Http { path, .. } = self { Some(path) } else { None }
    }
}

/// Timings of a probe.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// seconds between two questions
    pub period: Traced<u32>,
    /// seconds that an answer may take
    pub timeout: Traced<u32>,
    /// so many failures in a row count
    pub failures: Traced<u32>,
    /// so many successes in a row count
    pub successes: Traced<u32>,
    /// seconds before the first question
    pub delay: Option<Traced<u32>>,
}

/// What is known of a container whose health is resolved.
pub(super) struct Asked<'a> {
    pub(super) tracer: &'a Tracer,
    /// why the container is there
    pub(super) because: Origin,
    /// the table, if there is one
    pub(super) written: Option<&'a spec::Health>,
    /// how it is asked unless the table says otherwise; none for a container that is not asked by itself
    pub(super) usual: Option<Traced<ProbeKind>>,
    /// its main port
    pub(super) port: Option<&'a Port>,
}

/// How workloads of a kind are asked: a program that answers HTTP, gRPC, or only accepts connections.
pub(super) fn usual(
    kind: &Traced<WorkloadKind>,
    port: Option<&Port>,
    tracer: &Tracer,
) -> Option<Traced<ProbeKind>> {
    port?;
    let probe = match kind.get() {
        WorkloadKind::Http | WorkloadKind::Worker | WorkloadKind::Daemon => ProbeKind::Http,
        WorkloadKind::Grpc => ProbeKind::Grpc,
        WorkloadKind::Stateful => ProbeKind::Tcp,
        WorkloadKind::Cron | WorkloadKind::Job => return None,
    };
    Some(tracer.constant(PROBE_KIND, &[kind.origin()], probe))
}

impl Asked<'_> {
    pub(super) fn resolve(&self) -> Result<Health, Origin> {
        let table = self.written.map_or(self.because, |h| Origin::spec(h.at));
        let probe = self.probe().ok_or_else(|| self.tracer.because(PROBE_NONE, &[self.because, table]))?;
        let written = self.written;
        let (liveness, readiness) =
            (written.and_then(|h| h.liveness.as_ref()), written.and_then(|h| h.readiness.as_ref()));
        let live = self.question(&probe, liveness, true);
        let ready = self.question(&probe, readiness, false);
        if live.is_err() && ready.is_err() {
            return Err(self.tracer.because(PROBE_NONE, &[self.because, probe.origin()]));
        }
        let because = {
            let usual = || self.port.map_or(self.because, |p| p.because);
            let table = written.map_or_else(usual, |h| Origin::spec(h.at));
            self.tracer.because(PROBE_KIND, &[table, probe.origin()])
        };
        let of = |own: Option<&spec::Timing>| match own {
            Some(own) => {
                let probe = own.probe.map_or(Origin::spec(own.at), |probe| probe.origin());
                self.tracer.because(PROBE_KIND, &[because, Origin::spec(own.at), probe])
            }
            None => because,
        };
        Ok(Health {
            because,
            live,
            live_because: of(liveness),
            ready,
            ready_because: of(readiness),
            startup: written
                .and_then(|h| h.startup)
                .unwrap_or_else(|| rule(DEFAULT_HEALTH, Duration::from_seconds(60))),
            liveness: timing(liveness, PROBE_LIVENESS, 10, 6),
            readiness: timing(readiness, PROBE_READINESS, 5, 3),
        })
    }

    fn probe(&self) -> Option<Traced<ProbeKind>> {
        let chosen = |because: Option<Origin>, kind| {
            because.map(|because| self.tracer.constant(PROBE_KIND, &[because], kind))
        };
        let written = self.written;
        written
            .and_then(|h| h.probe)
            .or_else(|| chosen(written?.heartbeat.as_ref().map(Traced::origin), ProbeKind::Heartbeat))
            .or_else(|| chosen(written?.command.at.map(Origin::spec), ProbeKind::Exec))
            .or(self.usual)
    }

    /// How one of the probes asks, or why it does not.
    fn question(
        &self,
        usual: &Traced<ProbeKind>,
        own: Option<&spec::Timing>,
        is_live: bool,
    ) -> Result<Question, Origin> {
        let probe = own.and_then(|t| t.probe).unwrap_or(*usual);
        let none = || self.tracer.because(PROBE_NONE, &[self.because, probe.origin()]);
        self.asked(*probe.get(), own, is_live).ok_or_else(none)
    }

    fn asked(&self, probe: ProbeKind, own: Option<&spec::Timing>, is_live: bool) -> Option<Question> {
        let written = self.written;
        let port = own
            .and_then(|t| t.port.as_ref())
            .or_else(|| written.and_then(|h| h.port.as_ref()))
            .map(port_number)
            .or_else(|| self.port.map(|p| p.number));
        match probe {
            ProbeKind::None => None,
            ProbeKind::Http => {
                let path: fn(&spec::Health) -> Option<&Traced<RequestPath>> =
                    if is_live { |h| h.live.as_ref() } else { |h| h.ready.as_ref() };
                let usual = if is_live { "/livez" } else { "/readyz" };
                let path = written.and_then(path).map_or_else(|| rule(DEFAULT_HEALTH, usual), text_of);
                Some(Question::Http { path, port: port?, headers: self.headers(own) })
            }
            ProbeKind::Grpc => {
                Some(Question::Grpc { port: port?, service: written.and_then(|h| h.service.clone()) })
            }
            ProbeKind::Tcp => Some(Question::Tcp { port: port? }),
            ProbeKind::Exec => {
                let written = written?;
                let ready = Some(&written.ready_command).filter(|c| !is_live && !c.is_empty());
                let command = ready.or_else(|| Some(&written.command).filter(|c| !c.is_empty()))?;
                Some(Question::Exec { command: command.items.clone() })
            }
            ProbeKind::Heartbeat => self.heartbeat(written?),
        }
    }

    /// The headers of a GET: the probe's own in place of those that both have.
    fn headers(&self, own: Option<&spec::Timing>) -> Vec<(Traced<Text>, Traced<Text>)> {
        let both = self.written.iter().flat_map(|h| h.headers.iter());
        let mut all: std::collections::BTreeMap<&Text, _> = both.collect();
        all.extend(own.iter().flat_map(|t| t.headers.iter()));
        all.into_values().map(|entry| (text_of(&entry.key), entry.value.clone())).collect()
    }

    /// A command that fails when the file is missing or older than allowed; it needs `sh`, `date` and `stat` in the image.
    fn heartbeat(&self, written: &spec::Health) -> Option<Question> {
        let file = text_of(written.heartbeat.as_ref()?);
        let age =
            written.heartbeat_age.unwrap_or_else(|| rule(DEFAULT_HEARTBEAT, Duration::from_seconds(60)));
        let script = self.tracer.derive(PROBE_HEARTBEAT, (&file, &age), |(file, age)| {
            let file = file.replace('\'', r"'\''");
            Text::from(format!("test $(( $(date +%s) - $(stat -c %Y '{file}') )) -le {}", age.seconds_ceil()))
        });
        let word = |word: &'static str| rule(PROBE_HEARTBEAT, word);
        Some(Question::Exec { command: vec![word("sh"), word("-c"), script] })
    }
}

fn timing(written: Option<&spec::Timing>, name: Rule, period: u32, failures: u32) -> Timing {
    let seconds =
        |d: &Traced<Duration>| d.map(|d| u32::try_from(d.seconds_ceil()).unwrap_or(u32::MAX).max(1));
    Timing {
        period: written.and_then(|t| t.period.as_ref()).map_or_else(|| rule(name, period), seconds),
        timeout: written.and_then(|t| t.timeout.as_ref()).map_or_else(|| rule(PROBE_TIMINGS, 2u32), seconds),
        failures: written
            .and_then(|t| t.failures)
            .map_or_else(|| rule(name, failures), |f| f.map(|f| f.get())),
        successes: written
            .and_then(|t| t.successes)
            .map_or_else(|| rule(PROBE_TIMINGS, 1u32), |s| s.map(|s| s.get())),
        delay: written.and_then(|t| t.delay.as_ref()).map(seconds),
    }
}
