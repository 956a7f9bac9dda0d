//! What workloads use of others: their services, and secrets.

use crate::origin::{DEFAULT_EXTERNAL_TIMEOUT, KIND, NodeId, Origin, SECRET_REMOTE, Traced, Tracer};
use crate::spec::decode::List;
use crate::spec::service::ServiceFile;
use crate::text::Text;
use crate::value::{Bytes, Cidr, Duration, SecretKey, Url, Value};

use super::{Context, Place, names, text_of};

/// A service of others.
#[derive(Debug)]
pub struct External {
    /// its table
    pub at: NodeId,
    /// its name
    pub name: Traced<Text>,
    /// where it is
    pub url: Traced<Url>,
    /// the longest that a call may take
    pub timeout: Traced<Duration>,
    /// its addresses, if known
    pub cidrs: List<Cidr>,
    /// its credentials; without keys there are none
    pub credentials: SecretSource,
}

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
}

pub(super) fn remote_key(place: &Place<'_>, name: &Traced<Text>, context: &Context<'_>) -> Traced<Text> {
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

pub(super) fn externals(file: &ServiceFile, place: &Place<'_>, context: &Context<'_>) -> Vec<External> {
    let tracer = context.tracer;
    let resolve = |(_, entry): (&Text, &crate::spec::decode::Entry<_, crate::spec::external::External>)| {
        let (name, table) = (text_of(&entry.key), &entry.value);
        External {
            at: table.at,
            url: table.url.clone(),
            timeout: table
                .timeout
                .unwrap_or_else(|| crate::origin::rule(DEFAULT_EXTERNAL_TIMEOUT, Duration::from_seconds(3))),
            cidrs: table.cidrs.clone(),
            credentials: SecretSource {
                at: table.at,
                because: why_secret(place, table.at, &table.secrets, tracer),
                object: names::external(place.service, &name, tracer),
                remote: remote_key(place, &name, context),
                keys: table.secrets.clone(),
                name: name.clone(),
            },
            name,
        }
    };
    file.externals.iter().map(resolve).collect()
}

pub(super) fn secrets(file: &ServiceFile, place: &Place<'_>, context: &Context<'_>) -> Vec<SecretSource> {
    let resolve = |(_, entry): (&Text, &crate::spec::decode::Entry<_, crate::spec::service::Secret>)| {
        let (name, table) = (text_of(&entry.key), &entry.value);
        SecretSource {
            at: table.at,
            because: why_secret(place, table.at, &table.keys, context.tracer),
            object: names::secret(place.service, &name, context.tracer),
            remote: remote_key(place, &name, context),
            keys: table.keys.clone(),
            name,
        }
    };
    file.secrets.iter().map(resolve).collect()
}

impl External {
    /// Whether it is in the cluster itself, by its host: `name.namespace.svc`.
    pub fn is_in_cluster(&self) -> bool {
        names::cluster_namespace(self.url.get().host()).is_some()
    }
}
