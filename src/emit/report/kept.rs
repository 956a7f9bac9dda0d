//! What is kept in a second place: passwords that operators make, and the manifests themselves.

use serde::Serialize;

use crate::Environment;

/// A Secret whose password is kept.
#[derive(Serialize)]
pub(super) struct Password {
    object: String,
    store: String,
    remote: String,
}

pub(super) fn passwords(environment: &Environment) -> Vec<Password> {
    let tracer = &environment.tracer;
    let mark = tracer.mark();
    let mut all = Vec::new();
    for service in &environment.system.services {
        for database in &service.databases {
            let Some(kept) = &database.kept else { continue };
            all.extend(database.made_secrets().iter().map(|made| Password {
                object: format!("{}/{}", service.namespace.get(), made.secret.get()),
                store: kept.store.get().to_string(),
                remote: kept.remote(made.secret, tracer).get().to_string(),
            }));
        }
    }
    tracer.rewind(mark);
    all
}

/// Copies of the manifests.
#[derive(Serialize)]
pub(super) struct Copies {
    object: String,
    schedule: String,
    ttl: String,
    volumes: bool,
}

pub(super) fn copies(environment: &Environment) -> Option<Copies> {
    let of = &environment.system.environment;
    let velero = &of.platform.velero;
    of.platform.copies(&environment.tracer).get().then(|| Copies {
        object: format!("{}/{}", velero.namespace.get(), of.copies.get()),
        schedule: velero.schedule.get().to_string(),
        ttl: velero.ttl.get().to_string(),
        volumes: *velero.volumes.get(),
    })
}
