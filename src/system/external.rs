//! Services of others: how patiently they are called, and on which way.

use crate::origin::{
    DEFAULT_AUTH, DEFAULT_CIRCUIT, DEFAULT_CONNECT_TIMEOUT, DEFAULT_EXTERNAL_TIMEOUT, EXTERNAL_ALIAS,
    NET_EXTERNAL, NodeId, Origin, Traced, rule,
};
use crate::spec::data::DataClass;
use crate::spec::decode::{Entry, List};
use crate::spec::external as spec;
use crate::spec::platform::Egress;
use crate::spec::service::ServiceFile;
use crate::text::Text;
use crate::value::{Cidr, Duration, Name, Url};

use super::edges::Caller;
use super::patience::{Patience, Retry};
use super::stores::{SecretSource, remote_key, why_secret};
use super::{Context, Place, names, text_of};

/// A service of others.
#[derive(Debug)]
pub struct External {
    /// its table
    pub at: NodeId,
    /// why it exists
    pub because: Origin,
    /// its name
    pub name: Traced<Text>,
    /// how sensitive what is sent there is, if somebody said so
    pub class: Option<Traced<DataClass>>,
    /// where it is
    pub url: Traced<Url>,
    /// the longest that one try may take
    pub timeout: Traced<Duration>,
    /// the longest that connecting may take
    pub connect_timeout: Traced<Duration>,
    /// what the client does after a try that failed
    pub retry: Option<Retry>,
    /// when the client stops calling
    pub circuit: Option<Circuit>,
    /// how the client shows a credential
    pub auth: Option<Auth>,
    /// its addresses, if known
    pub cidrs: List<Cidr>,
    /// why every address may be reached, if somebody said so
    pub any_address: Option<spec::AnyAddress>,
    /// how policies lead there
    pub way: Traced<Way>,
    /// a name inside of the cluster that leads there
    pub alias: Option<Alias>,
    /// its credentials; without keys there are none
    pub credentials: SecretSource,
    /// who uses it
    pub callers: Vec<Caller>,
}

/// A name inside of the cluster that leads to a host.
#[derive(Debug)]
pub struct Alias {
    /// the Service's name
    pub name: Traced<Text>,
    /// the name as programs call it
    pub host: Traced<Text>,
    /// what it leads to, complete
    pub target: Traced<Text>,
}

/// When a client stops calling.
#[derive(Debug)]
pub struct Circuit {
    /// its table
    pub at: NodeId,
    /// failures in a row
    pub failures: Traced<u32>,
    /// how long it looks back
    pub window: Traced<Duration>,
    /// how long it stops
    pub open: Traced<Duration>,
    /// the most connections at a time
    pub max_connections: Option<Traced<u32>>,
}

/// How a client shows a credential.
#[derive(Debug)]
pub struct Auth {
    /// its table
    pub at: NodeId,
    /// the header
    pub header: Traced<Text>,
    /// the word before the credential
    pub scheme: Option<Traced<Text>>,
    /// which of the keys it is; none without any
    pub key: Option<Traced<Text>>,
}

/// How network policies lead to a service of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// it runs in the cluster, in this namespace
    Cluster(Text),
    /// its host is an address
    Address(Text),
    /// a waypoint lets its host name through, and pods reach the waypoint alone
    Waypoint,
    /// policies know its host name
    Host,
    /// policies know its addresses
    Ranges,
    /// policies know nothing, so every public address is open on its port
    Anywhere,
}

impl Way {
    /// Whether a part of the platform looks at the host name.
    pub fn is_by_name(&self) -> bool {
        matches!(self, Way::Waypoint | Way::Host)
    }
}

pub(super) fn externals(file: &ServiceFile, place: &Place<'_>, context: &Context<'_>) -> Vec<External> {
    let class = |table: &spec::External| file.class_or(table.class);
    let all = file.externals.iter();
    all.map(|(_, entry)| External { class: class(&entry.value), ..external(entry, place, context) }).collect()
}

fn external(entry: &Entry<Name, spec::External>, place: &Place<'_>, context: &Context<'_>) -> External {
    let tracer = context.tracer;
    let (name, table) = (text_of(&entry.key), &entry.value);
    let timeout = table.timeout.unwrap_or_else(|| rule(DEFAULT_EXTERNAL_TIMEOUT, Duration::from_seconds(3)));
    External {
        at: table.at,
        class: None,
        because: place.because(table.at, tracer),
        url: table.url.clone(),
        connect_timeout: table.connect_timeout.unwrap_or_else(|| {
            tracer.derive(DEFAULT_CONNECT_TIMEOUT, (&timeout,), |(timeout,)| {
                Duration::from_millis((timeout.millis() / 3).clamp(1, 1000))
            })
        }),
        timeout,
        retry: table.retry.as_ref().map(|table| Retry::resolve(table, tracer)),
        circuit: table.circuit.as_ref().map(circuit),
        auth: table.auth.as_ref().map(|auth| Auth {
            at: auth.at,
            header: auth.header.as_ref().map_or_else(|| rule(DEFAULT_AUTH, "Authorization"), text_of),
            scheme: auth.scheme.as_ref().map(text_of),
            key: auth.key.as_ref().or_else(|| table.secrets.iter().next()).map(text_of),
        }),
        cidrs: table.cidrs.clone(),
        any_address: table.any_address.clone(),
        alias: table.alias.as_ref().map(|written| alias(&text_of(written), &table.url, place, context)),
        way: way(table, place, context),
        credentials: SecretSource {
            at: table.at,
            because: why_secret(place, table.at, &table.secrets, tracer),
            object: names::external(place.service, &name, tracer),
            remote: remote_key(place, &name, table.store_key.as_ref(), context),
            refresh: None,
            made: None,
            keys: table.secrets.clone(),
            name: name.clone(),
        },
        callers: Vec::new(),
        name,
    }
}

fn alias(name: &Traced<Text>, url: &Traced<Url>, place: &Place<'_>, context: &Context<'_>) -> Alias {
    let domain = &context.platform.cluster_domain;
    Alias {
        host: names::host(name, place.namespace, domain, context.tracer),
        // a name of the cluster is completed: nobody searches domains for what an alias leads to
        target: context.tracer.derive(EXTERNAL_ALIAS, (url, domain), |(url, domain)| {
            let host = url.host();
            let is_short = names::cluster_namespace(host).is_some() && host.ends_with(".svc");
            if is_short { format!("{host}.{domain}").into() } else { Text::from(host.to_owned()) }
        }),
        name: name.clone(),
    }
}

fn circuit(table: &spec::Circuit) -> Circuit {
    let half_a_minute = || rule(DEFAULT_CIRCUIT, Duration::from_seconds(30));
    Circuit {
        at: table.at,
        failures: table.failures.map_or_else(|| rule(DEFAULT_CIRCUIT, 5u32), |f| f.map(|f| f.get())),
        window: table.window.unwrap_or_else(half_a_minute),
        open: table.open.unwrap_or_else(half_a_minute),
        max_connections: table.max_connections.map(|most| most.map(|most| most.get())),
    }
}

/// The narrowest way that the platform and the spec allow: what is inside of the cluster by its namespace, an address by
/// itself, a name where something looks at names, else its addresses.
fn way(table: &spec::External, place: &Place<'_>, context: &Context<'_>) -> Traced<Way> {
    let (url, egress) = (table.url.get(), &context.platform.egress);
    let inside = match names::cluster_namespace(url.host()) {
        // the resolver looks for a bare name in the pod's own namespace
        None if !url.host().contains('.') => Some(place.namespace.get().clone()),
        namespace => namespace,
    };
    let ranges = Origin::spec(table.cidrs.at.unwrap_or(table.at));
    let inputs = [table.url.origin(), place.namespace.origin(), egress.origin(), ranges];
    let way = match (inside, egress.get()) {
        (Some(namespace), _) => Way::Cluster(namespace),
        (None, _) if url.is_address() => Way::Address(url.host().to_owned().into()),
        (None, Egress::Istio) => Way::Waypoint,
        (None, Egress::Cilium) => Way::Host,
        (None, Egress::None) if table.cidrs.is_empty() => Way::Anywhere,
        (None, Egress::None) => Way::Ranges,
    };
    Traced::because(way, context.tracer.because(NET_EXTERNAL, &inputs))
}

impl External {
    /// How patiently it is called.
    pub fn patience(&self) -> Patience<'_> {
        Patience { timeout: &self.timeout, retry: self.retry.as_ref() }
    }

    /// Tries in all.
    pub fn attempts(&self) -> u32 {
        self.patience().attempts()
    }
}
