//! What workloads use of the platform's secret store.

use crate::origin::{KIND, NodeId, Origin, SECRET_MADE, SECRET_REMOTE, Traced, Tracer, rule};
use crate::spec::decode::List;
use crate::spec::generate::{Encoding, Generate};
use crate::spec::service::ServiceFile;
use crate::text::Text;
use crate::value::{Bytes, Duration, SecretKey, StoreKey, Value};

use super::{Context, Place, Service, names, text_of};

/// Keys of the platform's secret store that become a Secret.
#[derive(Debug)]
pub struct SecretSource {
    /// the table that asks for it
    pub at: NodeId,
    /// why it exists: its table, and its keys as a whole
    pub because: Origin,
    /// its name
    pub name: Traced<Text>,
    /// name of the ExternalSecret and of the Secret that it makes
    pub object: Traced<Text>,
    /// key in the store
    pub remote: Traced<Text>,
    /// its keys
    pub keys: List<SecretKey>,
    /// how often the store is asked, where somebody said so
    pub refresh: Option<Traced<Duration>>,
    /// how it is made in the cluster, if it does not come from the store
    pub made: Option<Made>,
}

/// How a value is made in the cluster.
#[derive(Debug)]
pub struct Made {
    /// its table
    pub at: NodeId,
    /// characters
    pub length: Traced<u32>,
    /// how many are digits
    pub digits: Traced<u32>,
    /// how many are neither letters nor digits
    pub symbols: Traced<u32>,
    /// how it is written, if not as it is
    pub encoding: Option<Traced<Encoding>>,
}

impl Made {
    fn resolve(table: &Generate, tracer: &Tracer) -> Made {
        let length = table.length.map_or_else(|| rule(SECRET_MADE, 40u32), |length| length.map(|n| n.get()));
        Made {
            at: table.at,
            digits: table.digits.map_or_else(
                || tracer.derive(SECRET_MADE, (&length,), |(length,)| length / 4),
                |digits| digits.map(|n| n.get()),
            ),
            symbols: table
                .symbols
                .map_or_else(|| rule(SECRET_MADE, 0u32), |symbols| symbols.map(|n| n.get())),
            encoding: table.encoding,
            length,
        }
    }
}

impl SecretSource {
    /// Whether its values are in the platform's store.
    pub fn is_stored(&self) -> bool {
        self.made.is_none() && !self.keys.is_empty()
    }
}

impl Service {
    /// The secrets that it declares, each with the table of the noun that asks for it.
    pub fn sources(&self) -> impl Iterator<Item = (&'static str, &SecretSource)> {
        let externals = self.externals.iter().map(|external| ("externals", &external.credentials));
        let managed = self.managed.iter().map(|managed| ("databases", &managed.credentials));
        let caches = self.caches.iter().map(|cache| ("caches", &cache.credentials));
        let queues = self.queues.iter().map(|queue| ("queues", &queue.credentials));
        let secrets = self.secrets.iter().map(|secret| ("secrets", secret));
        let all = managed.chain(caches).chain(queues).chain(externals).chain(secrets);
        all.filter(|(_, source)| !source.keys.is_empty())
    }
}

pub(super) fn remote_key(
    place: &Place<'_>,
    name: &Traced<Text>,
    written: Option<&Traced<StoreKey>>,
    context: &Context<'_>,
) -> Traced<Text> {
    if let Some(written) = written {
        return text_of(written);
    }
    let inputs = (place.environment, place.namespace, place.service, name);
    context.tracer.derive(SECRET_REMOTE, inputs, |(environment, namespace, service, name)| {
        format!("{environment}/{namespace}/{service}/{name}").into()
    })
}

/// A secret is there because of its table and because that lists keys.
pub(super) fn why_secret(
    place: &Place<'_>,
    table: NodeId,
    keys: &List<SecretKey>,
    tracer: &Tracer,
) -> Origin {
    let asked = Origin::spec(keys.at.unwrap_or(table));
    tracer.because(KIND, &[place.because(table, tracer), asked])
}

/// A constant of the compiler's own as bytes.
pub(super) fn bytes(text: &'static str) -> Bytes {
    Bytes::parse(text).unwrap_or_else(|_| Bytes::from_bytes(1 << 30))
}

pub(super) fn secrets(file: &ServiceFile, place: &Place<'_>, context: &Context<'_>) -> Vec<SecretSource> {
    let resolve = |(_, entry): (&Text, &crate::spec::decode::Entry<_, crate::spec::service::Secret>)| {
        let (name, table) = (text_of(&entry.key), &entry.value);
        SecretSource {
            at: table.at,
            because: why_secret(place, table.at, &table.keys, context.tracer),
            object: names::secret(place.service, &name, context.tracer),
            remote: remote_key(place, &name, table.store_key.as_ref(), context),
            refresh: table.refresh,
            made: table.generate.as_ref().map(|generate| Made::resolve(generate, context.tracer)),
            keys: table.keys.clone(),
            name,
        }
    };
    file.secrets.iter().map(resolve).collect()
}
