//! A PostgreSQL database that others run: its users get the same variables, secrets, policies and budget as those of one of
//! ours, and there are no objects but the Secret with its credentials.
//!
//! It is apart from [`super::Database`], so that nothing that is about servers of ours can be said of it.

use crate::origin::{
    DATABASE_BOOTSTRAP, DATABASE_PORT, KIND, MANAGED_SECRET, MANAGED_TLS, NodeId, Origin, POOL, Traced, rule,
};
use crate::spec::data::DataClass;
use crate::spec::database::SslMode;
use crate::spec::decode::List;
use crate::spec::service::ServiceFile;
use crate::text::Text;
use crate::value::{Cidr, SecretKey, Value as _};

use super::database::Share;
use super::edges::Caller;
use super::platform::port_number;
use super::stores::{SecretSource, remote_key};
use super::{Context, Place, Service, names, text_of};

/// A PostgreSQL database that others run.
#[derive(Debug)]
pub struct Managed {
    /// its table
    pub at: NodeId,
    /// its name
    pub name: Traced<Text>,
    /// how sensitive what it holds is, if somebody said so
    pub class: Option<Traced<DataClass>>,
    /// where it is
    pub host: Traced<Text>,
    /// its port
    pub port: Traced<u16>,
    /// name of the database there
    pub database: Traced<Text>,
    /// how its users are encrypted, and what they check
    pub sslmode: Traced<SslMode>,
    /// its addresses, if known
    pub cidrs: List<Cidr>,
    /// how its users log in
    pub credentials: SecretSource,
    /// connections that each process of a workload may open
    pub per_process: Traced<u32>,
    /// connections that it takes, if that is known
    pub max_connections: Option<Traced<u32>>,
    /// what each workload may open at its most
    pub shares: Vec<Share>,
    /// who uses it
    pub callers: Vec<Caller>,
}

/// The key with the certificate of whoever signs the server's.
pub const AUTHORITY: &str = "ca.crt";

impl Managed {
    /// Whether its credentials hold the certificate of whoever signs the server's.
    pub fn has_authority(&self) -> bool {
        self.credentials.keys.iter().any(|key| key.get().as_str() == AUTHORITY)
    }

    /// Whether it is in the cluster itself.
    pub fn is_in_cluster(&self) -> bool {
        names::cluster_namespace(self.host.get()).is_some()
    }
}

/// The keys of its credentials where the spec names none.
const KEYS: &[&str] = &["password", "username"];

pub(super) fn resolve(file: &ServiceFile, place: &Place<'_>, context: &Context<'_>) -> Vec<Managed> {
    let tracer = context.tracer;
    let mut all = Vec::new();
    for (_, entry) in file.databases.iter() {
        let (name, table) = (text_of(&entry.key), &entry.value);
        let Some(host) = &table.host else { continue };
        let keys = if table.secrets.is_empty() {
            let keys = KEYS.iter().filter_map(|key| SecretKey::parse(key).ok());
            let items = keys.map(|key| Traced::because(key, Origin::rule(MANAGED_SECRET))).collect();
            List { at: Some(table.at), items }
        } else {
            table.secrets.clone()
        };
        let written = Origin::spec(table.secrets.at.unwrap_or(table.at));
        all.push(Managed {
            at: table.at,
            class: file.class_or(table.class),
            sslmode: table.sslmode.unwrap_or_else(|| rule(MANAGED_TLS, SslMode::Require)),
            host: text_of(host),
            port: table.port.as_ref().map_or_else(|| rule(DATABASE_PORT, 5432u16), port_number),
            database: table.database.as_ref().map_or_else(
                || tracer.derive(DATABASE_BOOTSTRAP, (place.service,), |(s,)| s.replace('-', "_").into()),
                text_of,
            ),
            cidrs: table.cidrs.clone(),
            credentials: SecretSource {
                at: table.at,
                because: tracer.because(KIND, &[place.because(table.at, tracer), host.origin(), written]),
                object: names::database(place.service, &name, tracer),
                remote: remote_key(place, &name, None, context),
                keys,
                refresh: None,
                made: None,
                name: name.clone(),
            },
            per_process: table
                .pool
                .as_ref()
                .and_then(|pool| pool.per_process)
                .map_or_else(|| rule(POOL, 5u32), |n| n.map(|n| n.get())),
            max_connections: table.max_connections.map(|n| n.map(|n| n.get())),
            shares: Vec::new(),
            callers: Vec::new(),
            name,
        });
    }
    all
}

/// Gives every database of others what its users may open.
pub(super) fn connect(services: &mut [Service], context: &Context<'_>) {
    for index in 0..services.len() {
        let count = services.get(index).map_or(0, |service| service.managed.len());
        for at in 0..count {
            let found = services.get(index).and_then(|service| service.managed.get(at));
            let shares = found.map(|managed| {
                let share = |caller: &Caller| {
                    super::database::share(services, caller, &managed.per_process, context.tracer)
                };
                managed.callers.iter().filter_map(share).collect()
            });
            let managed = services.get_mut(index).and_then(|service| service.managed.get_mut(at));
            if let (Some(managed), Some(shares)) = (managed, shares) {
                managed.shares = shares;
            }
        }
    }
}
