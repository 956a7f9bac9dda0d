//! The names that a spec leads to, with what they are for and how long they may be.

use super::Context;
use super::context::noun;
use crate::origin::Origin;
use crate::spec::workload::WorkloadKind;
use crate::system::Service;
use crate::text::Text;

/// The longest DNS label, and the longest value of a label (RFC 1123; Kubernetes, "Object Names and IDs").
pub(super) const LABEL: usize = 63;
/// The longest DNS name: names of objects that become no label.
const SUBDOMAIN: usize = 253;
/// A CronJob's controller appends 11 characters to its name (Kubernetes, "CronJob").
const CRON_JOB: usize = 52;
/// The controller of a StatefulSet labels its pods with its name and a hash (kubernetes/kubernetes#64023).
const STATEFUL_SET: usize = 52;
/// The webhook of CloudNativePG refuses longer names of clusters.
const CLUSTER: usize = 50;

/// A name that objects will have.
pub(super) struct Derived<'a> {
    /// whose it is
    pub(super) service: &'a Service,
    /// the name
    pub(super) name: Text,
    /// who has it: the table of its nouns, and its name there
    pub(super) noun: (&'static str, &'a Text),
    /// the key in the spec
    pub(super) at: Origin,
    /// the longest that it may be
    pub(super) limit: usize,
    /// where the limit comes from
    pub(super) why: &'static str,
    /// whether routes and what goes with them have it, whose kinds are their own
    pub(super) is_of_route: bool,
}

impl Derived<'_> {
    /// Who has it: `shop.workloads.api`.
    pub(super) fn of(&self) -> String {
        let (nouns, name) = self.noun;
        noun(self.service, nouns, name)
    }
}

/// The names of the objects of one environment.
pub(super) fn names<'a>(cx: &Context<'a>) -> Vec<Derived<'a>> {
    cx.system.services.iter().flat_map(of_service).collect()
}

fn of_service<'s>(service: &'s Service) -> Vec<Derived<'s>> {
    let name = |name: &Text, noun: (&'static str, &'s Text), at: Origin| Derived {
        service,
        name: name.clone(),
        noun,
        at,
        limit: LABEL,
        why: "it becomes a label and the name of a Service",
        is_of_route: false,
    };
    let mut all = Vec::new();
    for workload in &service.workloads {
        let noun = match &workload.migrates {
            Some(migration) => ("databases", migration.database.get()),
            None => ("workloads", workload.name.get()),
        };
        let derived = name(workload.object.get(), noun, Origin::spec(workload.at));
        all.push(match workload.kind.get() {
            WorkloadKind::Cron => {
                Derived { limit: CRON_JOB, why: "a CronJob appends 11 characters for its runs", ..derived }
            }
            WorkloadKind::Job => Derived {
                limit: CRON_JOB,
                why: "11 characters with a hash of the version are added",
                ..derived
            },
            WorkloadKind::Stateful => Derived {
                limit: STATEFUL_SET,
                why: "the revision of a StatefulSet's pods adds 11 characters, in a label",
                ..derived
            },
            WorkloadKind::Http | WorkloadKind::Grpc | WorkloadKind::Worker | WorkloadKind::Daemon => derived,
        });
        let further = workload.services.keys().map(str::to_owned);
        let of_pods = (*workload.kind.get() == WorkloadKind::Stateful).then(|| "pods".to_owned());
        for suffix in further.chain(of_pods) {
            let service_of = Text::from(format!("{}-{suffix}", workload.object.get()));
            all.push(name(&service_of, ("workloads", workload.name.get()), Origin::spec(workload.at)));
        }
        let of_outside = workload.outside_checks.iter().map(|outside| outside.object.get().clone());
        all.extend(of_outside.map(|of_outside| Derived {
            limit: SUBDOMAIN,
            why: "it is the name of a probe and of its alert",
            ..name(&of_outside, ("workloads", workload.name.get()), Origin::spec(workload.at))
        }));
        for route in &workload.routes {
            let redirects = (!route.is_passed_through()).then_some(["-redirect-https", "-redirect-hosts"]);
            for ending in std::iter::once("").chain(redirects.into_iter().flatten()) {
                let of_route = Text::from(format!("{}{ending}", route.object.get()));
                let derived = name(&of_route, ("workloads", workload.name.get()), route.because);
                let why = "it is the name of a route with its redirect";
                all.push(Derived { limit: SUBDOMAIN, why, is_of_route: true, ..derived });
            }
        }
    }
    for database in &service.databases {
        let (of, at) = (("databases", database.name.get()), Origin::spec(database.at));
        let derived = name(database.object.get(), of, at);
        let itself = "CloudNativePG takes no longer names";
        all.push(Derived { limit: CLUSTER, why: itself, ..derived });
        // the longest of those that restores give says it for all
        let restored = match &database.drill {
            Some(drill) => Some((
                drill.restored.get().clone(),
                drill.schedule.origin(),
                "a drill makes a cluster of that name, and CloudNativePG takes no longer ones",
            )),
            None => database.backup.as_ref().map(|_| {
                let why = "a restore makes a cluster of that name beside it, and CloudNativePG takes no longer ones";
                (database.next_name(), at, why)
            }),
        };
        let fits = database.object.get().chars().count() <= CLUSTER;
        if let Some((longer, at, why)) = restored.filter(|_| fits) {
            all.push(Derived { limit: CLUSTER, why, ..name(&longer, of, at) });
        }
        // the operator's own Services
        for suffix in ["rw", "ro", "r"] {
            let service_of = Text::from(format!("{}-{suffix}", database.object.get()));
            all.push(Derived { limit: usize::MAX, ..name(&service_of, of, at) });
        }
    }
    for managed in &service.managed {
        let of = ("databases", managed.name.get());
        all.push(name(managed.credentials.object.get(), of, Origin::spec(managed.at)));
    }
    for cache in &service.caches {
        let of = ("caches", cache.name.get());
        all.push(name(cache.object.get(), of, Origin::spec(cache.at)));
    }
    for queue in service.queues.iter().filter(|queue| !queue.credentials.keys.is_empty()) {
        let of = ("queues", queue.name.get());
        all.push(name(queue.credentials.object.get(), of, Origin::spec(queue.at)));
    }
    for external in &service.externals {
        if let Some(alias) = &external.alias {
            let of = ("externals", external.name.get());
            all.push(name(alias.name.get(), of, Origin::spec(external.at)));
        }
        if !external.credentials.keys.is_empty() {
            let of = ("externals", external.name.get());
            all.push(name(external.credentials.object.get(), of, Origin::spec(external.at)));
        }
    }
    for secret in &service.secrets {
        let of = ("secrets", secret.name.get());
        all.push(name(secret.object.get(), of, Origin::spec(secret.at)));
    }
    all
}
