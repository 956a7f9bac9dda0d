//! Passwords that operators make for a database, kept in a store of their own: what logs in from outside of the system keeps
//! its password when the namespace is built again. Values pass through External Secrets alone.

use crate::origin::{DATABASE_SECRET, Origin, SECRET_KEPT, SECRET_KEPT_KEY, Traced, Tracer};
use crate::spec::database as spec;
use crate::spec::environment::Tier;
use crate::system::{Context, Place};
use crate::text::Text;

use super::{Account, Backup, Database};

/// Where the passwords of a database are kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// the ClusterSecretStore
    pub store: Traced<Text>,
    /// the key in it below which each Secret has its own
    pub folder: Traced<Text>,
}

impl Kept {
    /// The key of a Secret.
    pub fn remote(&self, secret: &Traced<Text>, tracer: &Tracer) -> Traced<Text> {
        tracer.derive(SECRET_KEPT_KEY, (&self.folder, secret), |(folder, secret)| {
            Text::from(format!("{folder}/{secret}"))
        })
    }
}

/// Where the passwords are kept, and why they are or not.
pub(super) fn resolve(
    table: &spec::Database,
    (backup, backup_because): (Option<&Backup>, Origin),
    place: &Place<'_>,
    context: &Context<'_>,
) -> (Option<Kept>, Origin) {
    let Context { tracer, tier, platform, .. } = context;
    let written = table.backup.as_ref().and_then(|backup| backup.secrets);
    let wanted = written.map_or(*tier.get() == Tier::Prod, |secrets| *secrets.get());
    let silent = table.backup.as_ref().map_or(table.at, |backup| backup.at);
    let mut why = vec![backup_because];
    match written {
        Some(secrets) => why.push(secrets.origin()),
        None => why.extend([tier.origin(), Origin::spec(silent)]),
    }
    why.push(platform.secret_backup_store.as_ref().map_or(platform.origin, Traced::origin));
    let because = tracer.because(SECRET_KEPT, &why);
    let store = platform.secret_backup_store.as_ref().filter(|_| wanted && backup.is_some());
    let inputs = (place.environment, place.namespace, place.service);
    let kept = store.map(|store| Kept {
        store: store.clone(),
        folder: tracer.derive(SECRET_KEPT_KEY, inputs, |(environment, namespace, service)| {
            Text::from(format!("{environment}/{namespace}/{service}"))
        }),
    });
    (kept, because)
}

/// A Secret that an operator makes for a database.
pub struct Made<'a> {
    /// what tells it from the others: `app`, `role-<workload>`, `scaler`
    pub part: Text,
    /// its name: that of the database's cluster and the part
    pub secret: &'a Traced<Text>,
    /// whose it is; the owner's without one
    pub account: Option<&'a Account>,
}

impl Database {
    /// The Secrets with passwords that operators make for it: the owner's, then one for each account that has its own.
    pub fn made_secrets(&self) -> Vec<Made<'_>> {
        let mut all = vec![Made { part: "app".into(), secret: &self.secret, account: None }];
        let own = self.accounts.iter().filter(|account| account.has_own_password());
        all.extend(own.map(|account| Made {
            part: account.part(),
            secret: &account.object,
            account: Some(account),
        }));
        all
    }

    /// The name that such a Secret has in this database.
    pub fn made_secret(&self, part: &Text, tracer: &Tracer) -> Traced<Text> {
        let name = Text::from(format!("{}-{part}", self.object.get()));
        Traced::because(name, tracer.because(DATABASE_SECRET, &[self.object.origin()]))
    }
}
