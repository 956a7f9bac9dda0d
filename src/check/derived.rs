//! The names that a spec leads to, with what they are for and how long they may be.

use super::Context;
use super::context::{noun, path_of};
use crate::origin::Origin;
use crate::spec::workload::WorkloadKind;
use crate::system::Service;
use crate::text::Text;

/// The longest DNS label, and the longest value of a label (RFC 1123; Kubernetes, "Object Names and IDs").
pub(super) const LABEL: usize = 63;
/// A CronJob's controller appends 11 characters to its name (Kubernetes, "CronJob").
const CRON_JOB: usize = 52;
/// The webhook of CloudNativePG refuses longer names of clusters.
const CLUSTER: usize = 50;

/// A name that objects will have.
pub(super) struct Derived<'a> {
    /// whose it is
    pub(super) service: &'a Service,
    /// the name
    pub(super) name: Text,
    /// who has it: `shop.workloads.api`
    pub(super) of: String,
    /// the key in the spec
    pub(super) at: Origin,
    /// the longest that it may be
    pub(super) limit: usize,
    /// where the limit comes from
    pub(super) why: &'static str,
}

/// The names of the objects of one environment.
pub(super) fn names<'a>(cx: &Context<'a>) -> Vec<Derived<'a>> {
    cx.system.services.iter().flat_map(of_service).collect()
}

fn of_service(service: &Service) -> Vec<Derived<'_>> {
    let name = |name: &Text, of: String, at: Origin| Derived {
        service,
        name: name.clone(),
        of,
        at,
        limit: LABEL,
        why: "it becomes a label and the name of a Service",
    };
    let mut all = Vec::new();
    for workload in &service.workloads {
        let derived = name(workload.object.get(), path_of(service, workload), Origin::spec(workload.at));
        all.push(match workload.kind.get() {
            WorkloadKind::Cron => {
                Derived { limit: CRON_JOB, why: "a CronJob appends 11 characters for its runs", ..derived }
            }
            WorkloadKind::Http | WorkloadKind::Worker => derived,
        });
    }
    for database in &service.databases {
        let (of, at) = (noun(service, "databases", database.name.get()), Origin::spec(database.at));
        let derived = name(database.object.get(), of.clone(), at);
        all.push(Derived { limit: CLUSTER, why: "CloudNativePG takes no longer names", ..derived });
        // the operator's own Services
        for suffix in ["rw", "ro", "r"] {
            let service_of = Text::from(format!("{}-{suffix}", database.object.get()));
            all.push(Derived { limit: usize::MAX, ..name(&service_of, of.clone(), at) });
        }
    }
    for cache in &service.caches {
        let of = noun(service, "caches", cache.name.get());
        all.push(name(cache.object.get(), of, Origin::spec(cache.at)));
    }
    for external in &service.externals {
        if !external.credentials.keys.is_empty() {
            let of = noun(service, "externals", external.name.get());
            all.push(name(external.credentials.object.get(), of, Origin::spec(external.at)));
        }
    }
    for secret in &service.secrets {
        let of = noun(service, "secrets", secret.name.get());
        all.push(name(secret.object.get(), of, Origin::spec(secret.at)));
    }
    all
}
