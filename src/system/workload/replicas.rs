//! How many pods a workload has.

use crate::origin::{
    DEFAULT_TARGET, KIND, Origin, SCALE_AUTO, SCALE_FIXED, SCALE_MAX, TIER_REPLICAS, Traced, rule,
};
use crate::spec::environment::Tier;
use crate::spec::workload::{self as spec, WorkloadKind};

use super::Unset;

/// How many pods there are.
#[derive(Clone, Debug)]
pub enum Replicas {
    /// a schedule decides
    None(Origin),
    /// always as many
    Fixed(Traced<u32>),
    /// an autoscaler decides
    Auto {
        /// why there is one
        because: Origin,
        /// fewest
        min: Traced<u32>,
        /// most
        max: Traced<u32>,
        /// average CPU use to aim for, in percent of the request
        cpu: Traced<u32>,
    },
}

impl Replicas {
    /// The fewest pods that serve; none for what a schedule starts.
    pub fn fewest(&self) -> Option<&Traced<u32>> {
        match self {
            Replicas::None(_) => None,
            Replicas::Fixed(count) => Some(count),
            Replicas::Auto { min, .. } => Some(min),
        }
    }
}

impl Unset<'_> {
    pub(super) fn replicas(&self, table: &spec::Workload, kind: &Traced<WorkloadKind>) -> Replicas {
        let tracer = self.tracer();
        if *kind.get() == WorkloadKind::Cron {
            return Replicas::None(tracer.because(KIND, &[kind.origin()]));
        }
        if let Some(count) = &table.replicas {
            return Replicas::Fixed(count.map(|c| c.get()));
        }
        let tier = self.context.tier;
        let (few, many) = match tier.get() {
            Tier::Dev => (1u32, 1u32),
            Tier::Staging => (2, 3),
            Tier::Prod => (3, 10),
        };
        let scale = table.scale.as_ref();
        let min = scale
            .and_then(|s| s.min)
            .or_else(|| self.context.configured(|d| d.workload.as_ref().and_then(|w| w.min.as_ref())))
            .map_or_else(|| tracer.constant(TIER_REPLICAS, &[tier.origin()], few), |m| m.map(|m| m.get()));
        let written_max = scale
            .and_then(|s| s.max)
            .or_else(|| self.context.configured(|d| d.workload.as_ref().and_then(|w| w.max.as_ref())));
        let max = written_max.map_or_else(
            || {
                let usual: Traced<u32> = tracer.constant(TIER_REPLICAS, &[tier.origin()], many);
                tracer.derive(SCALE_MAX, (&usual, &min), |(usual, min)| *usual.max(min))
            },
            |m| m.map(|m| m.get()),
        );
        if max.get() <= min.get() {
            return Replicas::Fixed(tracer.derive(SCALE_FIXED, (&min, &max), |(min, _)| *min));
        }
        Replicas::Auto {
            because: tracer.because(SCALE_AUTO, &[max.origin(), min.origin(), self.because, kind.origin()]),
            cpu: scale
                .and_then(|s| s.cpu.as_ref())
                .map_or_else(|| rule(DEFAULT_TARGET, 70u32), |c| c.map(|c| c.get())),
            min,
            max,
        }
    }
}
