//! How many pods a workload has.

use crate::origin::{
    DEFAULT_TARGET, KIND, Origin, SCALE_AUTO, SCALE_FIXED, SCALE_MAX, TIER_REPLICAS, Traced, Tracer,
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
        /// what it aims for
        targets: Box<Targets>,
    },
}

/// What an autoscaler aims for; at least one of them.
#[derive(Clone, Debug)]
pub struct Targets {
    /// average CPU use, in percent of the request
    pub cpu: Option<Traced<u32>>,
    /// average memory use, in percent of the request
    pub memory: Option<Traced<u32>>,
    /// requests a second and pod
    pub rps: Option<Traced<u32>>,
    /// work that waits
    pub queue: Option<spec::ScaleQueue>,
    /// how fast it grows
    pub up: Option<spec::Pace>,
    /// how fast it shrinks
    pub down: Option<spec::Pace>,
}

impl Replicas {
    /// Why there are as many.
    pub fn origin(&self) -> Origin {
        match self {
            Replicas::None(because) | Replicas::Auto { because, .. } => *because,
            Replicas::Fixed(count) => count.origin(),
        }
    }

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
        if matches!(kind.get(), WorkloadKind::Cron | WorkloadKind::Job | WorkloadKind::Daemon) {
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
            because: {
                let queue = scale.and_then(|s| s.queue.as_ref()).map(|queue| Origin::spec(queue.at));
                let mut inputs = vec![max.origin(), min.origin(), self.because, kind.origin()];
                inputs.extend(scale.map(|s| Origin::spec(s.at)));
                inputs.extend(queue);
                tracer.because(SCALE_AUTO, &inputs)
            },
            targets: Box::new(targets(scale, tracer)),
            min,
            max,
        }
    }
}

/// The written targets; CPU if there is none.
fn targets(scale: Option<&spec::Scale>, tracer: &Tracer) -> Targets {
    let percent = |p: Option<Traced<spec::Percent>>| p.map(|p| p.map(|p| p.get()));
    let memory = percent(scale.and_then(|s| s.memory));
    let rps = scale.and_then(|s| s.rps).map(|r| r.map(|r| r.get()));
    let queue = scale.and_then(|s| s.queue.clone());
    let (up, down) = (scale.and_then(|s| s.up.clone()), scale.and_then(|s| s.down.clone()));
    let others = [
        memory.as_ref().map(Traced::origin),
        rps.as_ref().map(Traced::origin),
        queue.as_ref().map(|q| Origin::spec(q.at)),
    ];
    let others: Vec<Origin> = others.into_iter().flatten().collect();
    let usual = || others.is_empty().then(|| tracer.constant(DEFAULT_TARGET, &[], 70u32));
    Targets { cpu: percent(scale.and_then(|s| s.cpu)).or_else(usual), memory, rps, queue, up, down }
}
