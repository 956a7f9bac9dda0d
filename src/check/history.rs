//! What checks of history share: things that hold data, in an environment now and in the same one at an earlier revision.

use super::context::{Context, noun};
use crate::origin::{NodeId, Origin, Traced};
use crate::spec::workload::WorkloadKind;
use crate::system::{Database, Service, System, Volume, Workload};
use crate::text::Text;
use crate::value::Bytes;

/// A thing that holds data.
pub(super) struct Stateful<'a> {
    /// its service
    pub(super) service: &'a Service,
    /// where it stands in the spec: `shop.databases.main`
    pub(super) path: String,
    /// its table
    pub(super) at: NodeId,
    /// what it is
    pub(super) what: What<'a>,
}

/// What it is.
pub(super) enum What<'a> {
    /// a cluster of PostgreSQL
    Database(&'a Database),
    /// a volume that outlives its pods
    Disk(&'a Workload, &'a Volume),
}

impl Stateful<'_> {
    /// What the cluster calls it: the same name in the same namespace is the same thing.
    pub(super) fn identity(&self) -> (&str, String) {
        let name = match &self.what {
            What::Database(database) => format!("Cluster {}", database.object.get()),
            What::Disk(workload, volume) => format!("disk {} {}", workload.object.get(), volume.name.get()),
        };
        (self.service.namespace.get().as_str(), name)
    }

    /// Its volumes, each with its key in the spec.
    pub(super) fn sizes(&self) -> Vec<(&'static str, &Traced<Bytes>)> {
        match &self.what {
            What::Database(database) => {
                let log = database.wal_storage.iter().map(|size| ("wal_storage", size));
                std::iter::once(("storage", &database.storage)).chain(log).collect()
            }
            What::Disk(_, volume) => volume.size.iter().map(|size| ("size", size)).collect(),
        }
    }

    /// Whether each pod has one of its own, made from a template that the API never lets change.
    pub(super) fn is_templated(&self) -> bool {
        match &self.what {
            What::Database(_) => false,
            What::Disk(workload, _) => *workload.kind.get() == WorkloadKind::Stateful,
        }
    }

    /// Why it is there.
    pub(super) fn origin(&self) -> Origin {
        Origin::spec(self.at)
    }
}

/// Everything of an environment that holds data, in the order of the spec.
pub(super) fn all(system: &System) -> Vec<Stateful<'_>> {
    let mut all = Vec::new();
    for service in &system.services {
        all.extend(service.databases.iter().map(|database| Stateful {
            service,
            path: noun(service, "databases", database.name.get()),
            at: database.at,
            what: What::Database(database),
        }));
        for workload in &service.workloads {
            let claims = workload.volumes.iter().filter(|volume| volume.is_claim());
            all.extend(claims.map(|volume| Stateful {
                service,
                path: format!(
                    "{}.volumes.{}",
                    noun(service, "workloads", workload.name.get()),
                    volume.name.get()
                ),
                at: volume.table.at,
                what: What::Disk(workload, volume),
            }));
        }
    }
    all
}

/// How many servers a database of ours is, if it is there.
pub(super) fn shards_of(cx: &Context<'_>, stem: &Text, name: &Text) -> Option<u32> {
    let service = cx.system.services.iter().find(|service| service.stem == *stem)?;
    let count = service.databases.iter().filter(|database| database.name.get() == name).count();
    u32::try_from(count).ok().filter(|count| *count > 0)
}

/// Things that are in both, earlier and now.
pub(super) fn pairs<'p, 'n>(past: &Context<'p>, now: &Context<'n>) -> Vec<(Stateful<'p>, Stateful<'n>)> {
    let mut present = all(now.system);
    let mut pairs = Vec::new();
    for earlier in all(past.system) {
        if let Some(at) = present.iter().position(|thing| thing.identity() == earlier.identity()) {
            pairs.push((earlier, present.swap_remove(at)));
        }
    }
    pairs
}

/// Whether `[retired]` says that what stands at `path` is gone for good.
pub(super) fn is_retired<'a>(system: &'a System, path: &str) -> Option<&'a Text> {
    let covers = |retired: &str| {
        path.strip_prefix(retired).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let found = system.project.retired.iter().find(|(retired, _)| covers(retired))?;
    Some(found.0)
}
