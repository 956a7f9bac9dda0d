//! Copies of the manifests as the API server has them.
//!
//! Git has them too, and rebuilds; a copy tells what somebody changed by hand, and is there when git is not.

use crate::origin::{Origin, Traced, Tracer, VELERO, rule};
use crate::spec::environment::Tier;
use crate::spec::platform::{self as spec, AddOn};
use crate::system::text_of;
use crate::text::Text;
use crate::value::{Cron, Retention, Value as _};

use super::Platform;

/// What Velero copies, and when.
#[derive(Debug)]
pub struct Velero {
    /// where it is declared; else the platform's table
    pub at: Origin,
    /// Velero's namespace
    pub namespace: Traced<Text>,
    /// whether there are copies, where Velero is
    pub wanted: Traced<bool>,
    /// when: five fields
    pub schedule: Traced<Text>,
    /// how long they are kept, in whole hours, as Go reads it
    pub ttl: Traced<Text>,
    /// whether volumes are copied as well
    pub volumes: Traced<bool>,
}

impl Velero {
    pub(super) fn resolve(
        written: Option<&spec::Velero>,
        silent: Origin,
        tier: &Traced<Tier>,
        tracer: &Tracer,
    ) -> Velero {
        let at = written.map_or(silent, |velero| Origin::spec(velero.at));
        let prod = *tier.get() == Tier::Prod;
        Velero {
            at,
            namespace: written
                .and_then(|velero| velero.namespace.as_ref())
                .map_or_else(|| rule(VELERO, "velero"), text_of),
            wanted: written
                .and_then(|velero| velero.backup)
                .unwrap_or_else(|| tracer.constant(VELERO, &[tier.origin(), at], prod)),
            schedule: written.and_then(|velero| velero.schedule.as_ref()).map_or_else(
                || rule(VELERO, "0 1 * * *"),
                |cron| cron.map(|cron: &Cron| Text::from(cron.text().into_owned())),
            ),
            ttl: written.and_then(|velero| velero.retention).map_or_else(
                || rule(VELERO, "720h"),
                |kept| kept.map(|kept: &Retention| Text::from(format!("{}h", u64::from(kept.days()) * 24))),
            ),
            volumes: written.and_then(|velero| velero.volumes).unwrap_or_else(|| rule(VELERO, false)),
        }
    }
}

impl Platform {
    /// Whether Velero keeps copies, and what decides that.
    pub fn copies(&self, tracer: &Tracer) -> Traced<bool> {
        let declared = self.add_ons.iter().find(|add_on| *add_on.get() == AddOn::Velero).map(Traced::origin);
        let is_there = declared.is_some();
        let declared = declared.or(self.add_ons.at.map(Origin::spec)).unwrap_or(self.origin);
        let why = [declared, self.velero.wanted.origin()];
        tracer.constant(VELERO, &why, is_there && *self.velero.wanted.get())
    }
}
