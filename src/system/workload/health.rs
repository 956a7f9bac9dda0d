//! How the health of a workload is asked for.

use crate::origin::{DEFAULT_HEALTH, Origin, PROBE_NONE, Traced, rule};
use crate::spec::workload::{self as spec, WorkloadKind};
use crate::system::text_of;
use crate::text::Text;
use crate::value::{Duration, HttpPath};

use super::{Port, Unset};

/// How health is asked for.
#[derive(Clone, Debug)]
pub struct Health {
    /// why there are probes
    pub because: Origin,
    /// path for liveness
    pub live: Traced<Text>,
    /// path for readiness
    pub ready: Traced<Text>,
    /// time that a start may take
    pub startup: Traced<Duration>,
}

impl Unset<'_> {
    pub(super) fn health(
        &self,
        table: &spec::Workload,
        kind: &Traced<WorkloadKind>,
        ports: &[Port],
    ) -> Result<Health, Origin> {
        let tracer = self.tracer();
        let main = ports.first().filter(|p| matches!(p.name.get().as_str(), "http" | "ops"));
        let Some(port) = main else {
            return Err(tracer.because(PROBE_NONE, &[self.because, kind.origin()]));
        };
        let written = table.health.as_ref();
        let path = |path: Option<&Traced<HttpPath>>, usual: &'static str| {
            path.map_or_else(|| rule(DEFAULT_HEALTH, usual), text_of)
        };
        let because = written.map_or(port.because, |h| Origin::spec(h.at));
        Ok(Health {
            because,
            live: path(written.and_then(|h| h.live.as_ref()), "/livez"),
            ready: path(written.and_then(|h| h.ready.as_ref()), "/readyz"),
            startup: written
                .and_then(|h| h.startup)
                .unwrap_or_else(|| rule(DEFAULT_HEALTH, Duration::from_seconds(60))),
        })
    }
}
