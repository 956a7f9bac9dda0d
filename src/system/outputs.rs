//! What nouns give to those who use them: typed outputs by name.
//!
//! A workload gives `host`, `port`, `address`, and `url` if it serves HTTP; a database `host`, `port`, `name`, `username`, `password`, and `url`
//! where there is no pooler before it, and `ro_host` where the standbys are read; one in shards `shards` and `shard_map`; a
//! cache `host`, `port`, `address`, `url` and its secrets; a queue `host`, `port`, `hosts`, `url` unless it is Kafka's,
//! `region`, `sasl`, `tls`, a `<topic>_topic` for each topic and its secrets; a service of others `url`, `host`, how patiently
//! it is called, how a credential is shown, and its secrets; a secret its keys.

use crate::origin::{
    CACHE_PORT, DATABASE_CERTIFICATE, DATABASE_PORT, DATABASE_SECRET, DATABASE_VERIFY, ENV_COMPOSED,
    ENV_EDGE, MANAGED_TLS, Origin, Traced, Tracer, rule,
};
use crate::spec::cache::CacheEngine;
use crate::spec::database::SslMode;
use crate::spec::decode::Choice as _;
use crate::spec::workload::WorkloadKind;
use crate::text::Text;
use crate::value::Duration;

use super::database::Role;
use super::edges::{Edge, Target};
use super::managed::AUTHORITY;
use super::names::upper;
use super::patience::Retry;
use super::stores::SecretSource;
use super::variables::SECRETS_ROOT;
use super::{Cache, Database, External, Managed, Port, Queue, Service, Sharded, Workload};

/// The value of an output.
#[derive(Clone, Debug)]
pub enum Output {
    /// known now
    Text(Traced<Text>),
    /// a key of a Secret: known to the kubelet alone
    Secret {
        /// name of the Secret
        secret: Traced<Text>,
        /// key in it
        key: Traced<Text>,
    },
}

/// One thing that a target gives.
#[derive(Clone, Debug)]
pub struct Given {
    /// its name, as written in `from`; the origin is why the target gives it
    pub name: Traced<Text>,
    /// what it is
    pub output: Output,
}

/// What a target gives, and how its variables are called.
#[derive(Clone, Debug)]
pub struct Outputs {
    /// beginning of its variables' names, with the underscore
    pub prefix: Traced<Text>,
    /// folder of its secrets below `/run/secrets`, if it has secrets; the origin is why it has some
    pub folder: Option<Traced<Text>>,
    /// the outputs in order
    pub all: Vec<Given>,
    /// keys of the secret that are no outputs, and why
    pub withheld: Vec<(Text, Origin)>,
    /// the certificates that come with it, if some do
    pub certificates: Option<Certificates>,
}

/// What a program checks the other side with, and shows of itself.
#[derive(Clone, Debug)]
pub struct Certificates {
    /// folder below `/run/secrets`
    pub folder: Traced<Text>,
    /// Secret with `ca.crt`, who signs the server's
    pub authority: Traced<Text>,
    /// Secret with `tls.crt` and `tls.key`, the program's own
    pub client: Option<Traced<Text>>,
    /// why the program has one of its own or not
    pub client_because: Origin,
}

/// The folder of what belongs to the database with this name.
pub fn certificates_folder(name: &str) -> String {
    format!("certificates-{name}")
}

impl Certificates {
    /// The path of a file in the folder.
    fn path(&self, file: &'static str, why: Origin, tracer: &Tracer) -> Traced<Text> {
        let because = tracer.because(DATABASE_VERIFY, &[self.folder.origin(), why]);
        Traced::because(format!("{SECRETS_ROOT}/{}/{file}", self.folder.get()).into(), because)
    }
}

impl Outputs {
    /// The output with this name.
    pub fn get(&self, name: &str) -> Option<&Given> {
        self.all.iter().find(|given| given.name.get() == name)
    }
    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|given| given.name.get().as_str())
    }
    /// Secret and key of the secret outputs.
    pub fn secrets(&self) -> impl Iterator<Item = (&Traced<Text>, &Traced<Text>)> {
        self.all.iter().filter_map(|given| match &given.output {
            Output::Secret { secret, key } => Some((secret, key)),
            Output::Text(_) => None,
        })
    }
    /// The name of the variable for an output, by the documented rule.
    pub fn variable(&self, output: &str) -> String {
        format!("{}{}", self.prefix.get(), upper(output))
    }

    fn give(&mut self, name: &'static str, value: Traced<Text>) {
        self.give_named(Traced::because(Text::Literal(name), self.prefix.origin()), value);
    }

    fn give_because(&mut self, name: &'static str, because: Origin, value: Traced<Text>) {
        self.give_named(Traced::because(Text::Literal(name), because), value);
    }

    fn give_named(&mut self, name: Traced<Text>, value: Traced<Text>) {
        self.all.push(Given { name, output: Output::Text(value) });
    }

    fn give_retry(&mut self, retry: Option<&Retry>) {
        let Some(retry) = retry else { return };
        let attempts = retry.attempts.map(|attempts| Text::from(attempts.to_string()));
        let mut give = |name, value| self.give_because(name, Origin::spec(retry.at), value);
        give("retry_attempts", attempts);
        give("retry_backoff_ms", millis(&retry.backoff));
        give("retry_max_backoff_ms", millis(&retry.max_backoff));
    }

    fn give_secrets(&mut self, source: &SecretSource) {
        for key in &source.keys {
            let key = super::text_of(key);
            let output = Output::Secret { secret: source.object.clone(), key: key.clone() };
            self.all.push(Given { name: key, output });
        }
    }
}

/// What gives nothing yet: its prefix by the names that it is made of.
fn outputs(prefix: Traced<Text>) -> Outputs {
    Outputs { prefix, folder: None, all: Vec::new(), withheld: Vec::new(), certificates: None }
}

/// `<NAME>_` of a noun, or `<KIND>_<NAME>_`.
fn prefix(kind: &'static str, name: &Traced<Text>) -> Traced<Text> {
    Traced::because(format!("{kind}{}_", upper(name.get())).into(), name.origin())
}

/// The folder of a secret that has keys: because of the list of its keys.
fn folder(noun: &'static str, source: &SecretSource) -> Option<Traced<Text>> {
    let at = source.keys.at.filter(|_| !source.keys.is_empty())?;
    Some(Traced::because(format!("{noun}-{}", source.name.get()).into(), Origin::spec(at)))
}

/// What each edge of a workload of `services[own]` gives.
pub(super) fn of_edges<'a>(
    workload: &'a Workload,
    own: usize,
    services: &[Service],
    tracer: &Tracer,
) -> Vec<(&'a Edge, Outputs)> {
    // what is used twice, which a check refuses, gives what it gives once
    let is_new = |(index, edge): &(usize, &Edge)| {
        !workload.edges.iter().take(*index).any(|other| other.target == edge.target)
    };
    let given = workload.edges.iter().enumerate().filter(is_new).map(|(_, edge)| {
        let outputs = edge.target.and_then(|target| of(target, workload, own, services, tracer));
        outputs.map(|outputs| (edge, outputs))
    });
    given.flatten().collect()
}

/// What `target` gives to a workload of `services[own]`.
pub(super) fn of(
    target: Target,
    who: &Workload,
    own: usize,
    services: &[Service],
    tracer: &Tracer,
) -> Option<Outputs> {
    let service = services.get(own)?;
    Some(match target {
        Target::Database(index) => database_outputs(service.databases.get(index)?, who, tracer),
        Target::Sharded(index) => sharded_outputs(service.sharded.get(index)?, tracer),
        Target::Managed(index) => managed_outputs(service.managed.get(index)?, tracer),
        Target::Cache(index) => cache_outputs(service.caches.get(index)?, tracer),
        Target::Queue(index) => queue_outputs(service.queues.get(index)?, tracer),
        Target::External(index) => external_outputs(service.externals.get(index)?),
        Target::Secret(index) => {
            let secret = service.secrets.get(index)?;
            let mut given = outputs(prefix("", &secret.name));
            given.folder = folder("secrets", secret);
            given.give_secrets(secret);
            given
        }
        Target::Workload(id) => {
            let service = services.get(id.service)?;
            let mut given = workload_outputs(service, service.workloads.get(id.workload)?, tracer);
            let edge = who.edges.iter().find(|edge| edge.target == Some(target));
            if let Some(calls) = edge.and_then(|edge| edge.calls.as_ref()) {
                given.give_because("timeout_ms", Origin::spec(calls.at), millis(&calls.timeout));
                given.give_retry(calls.retry.as_ref());
            }
            given
        }
    })
}

/// The owner has no `url` that leads to a pooler: the operator's Secret holds that of the server.
fn database_outputs(database: &Database, who: &Workload, tracer: &Tracer) -> Outputs {
    let name = database.known_to(who);
    let mut given = outputs(prefix("DB_", name));
    let account = database.account_of(who);
    let (because, holder) = match account {
        Some(account) => (account.secret.origin(), &account.secret),
        None => (Origin::rule(DATABASE_SECRET), &database.secret),
    };
    let role = account.and_then(|account| account.role.as_ref());
    given.give("host", database.host_for(who, tracer));
    if let Some(host) = database.read_host_for(who, tracer) {
        let because = tracer.because(ENV_EDGE, &[given.prefix.origin(), host.origin()]);
        given.give_named(Traced::because(Text::Literal("ro_host"), because), host);
    }
    given.give("port", rule(DATABASE_PORT, "5432"));
    given.give("name", database.database.clone());
    if let Some(shard) = database.shard.filter(|_| database.is_migrated_by(who)) {
        let number = |number: Traced<u32>| number.map(|n| Text::from(n.to_string()));
        let shown = Traced::because(number(shard.index).get().clone(), database.stack.origin());
        given.give_because("shard", shard.count.origin(), shown);
        given.give_because("shards", shard.count.origin(), number(shard.count));
    }
    let certificates = Certificates {
        folder: name.map(|n| certificates_folder(n).into()),
        authority: database.authority.clone(),
        client: role.and_then(|role| role.certificate.clone()),
        client_because: role.map_or(because, |role| role.certificate_because),
    };
    let authority = certificates.path("ca.crt", certificates.authority.origin(), tracer);
    given.give("sslmode", rule(DATABASE_VERIFY, "verify-full"));
    given.give("sslrootcert", authority.clone());
    if let Some(role) = role.filter(|role| role.certificate.is_some()) {
        certified(&mut given, database, role, (&certificates, &authority), tracer);
        given.certificates = Some(certificates);
        return given;
    }
    given.certificates = Some(certificates);
    let folder = name.map(|n| Text::from(format!("databases-{n}")));
    let why =
        [&[folder.origin()], &role.map(|role| role.certificate_because).into_iter().collect::<Vec<_>>()[..]];
    given.folder =
        Some(Traced::because(folder.get().clone(), tracer.because(DATABASE_SECRET, &why.concat())));
    let mut secret = |name: &'static str, key: &'static str, because| {
        let output =
            Output::Secret { secret: holder.clone(), key: Traced::because(Text::Literal(key), because) };
        given.all.push(Given { name: Traced::because(Text::Literal(name), because), output });
    };
    for key in ["username", "password"] {
        secret(key, key, Origin::rule(DATABASE_SECRET));
    }
    let why = [&[because], &database.why_direct(who)[..]].concat();
    let because = tracer.because(DATABASE_SECRET, &why);
    if role.is_some() || database.is_direct(who) {
        secret("url", "uri", because);
    } else {
        given.withheld.push(("uri".into(), because));
    }
    given
}

/// What the shards have in common.
fn sharded_outputs(sharded: &Sharded, tracer: &Tracer) -> Outputs {
    let mut given = outputs(prefix("DB_", &sharded.name));
    let because = sharded.count.origin();
    given.give_because("shards", because, sharded.count.map(|count| Text::from(count.to_string())));
    given.give_because("shard_map", because, super::shard_map::path(sharded, tracer));
    given
}

/// Who logs in with a certificate has no secret but its key, and so knows its name and its address in plain text.
fn certified(
    given: &mut Outputs,
    database: &Database,
    role: &Role,
    (certificates, authority): (&Certificates, &Traced<Text>),
    tracer: &Tracer,
) {
    let why = role.certificate_because;
    let (cert, key) = (certificates.path("tls.crt", why, tracer), certificates.path("tls.key", why, tracer));
    given.give_because("sslcert", why, cert.clone());
    given.give_because("sslkey", why, key.clone());
    given.give_because("username", why, role.name.clone());
    let files = tracer.derive(DATABASE_CERTIFICATE, (&cert, &key), |(cert, key)| {
        Text::from(format!("sslcert={cert}&sslkey={key}"))
    });
    let user = tracer.derive(DATABASE_CERTIFICATE, (&role.name, &role.host), |(user, host)| {
        Text::from(format!("{user}@{host}"))
    });
    let url = tracer.derive(
        DATABASE_CERTIFICATE,
        (&user, &database.database, authority, &files),
        |(user, name, authority, files)| {
            let verified = format!("sslmode=verify-full&sslrootcert={authority}");
            Text::from(format!("postgresql://{user}:5432/{name}?{verified}&{files}"))
        },
    );
    given.give_because("url", why, url);
}

/// `verify-full` finds who signs the server's certificate among the credentials, or else on the system.
fn managed_outputs(managed: &Managed, tracer: &Tracer) -> Outputs {
    let mut given = outputs(prefix("DB_", &managed.name));
    given.folder = folder("databases", &managed.credentials);
    given.give("host", managed.host.clone());
    given.give("port", managed.port.map(|port| Text::from(port.to_string())));
    given.give("name", managed.database.clone());
    given.give("sslmode", managed.sslmode.map(|mode| Text::Literal(mode.word())));
    if *managed.sslmode.get() == SslMode::VerifyFull {
        let keys = &managed.credentials.keys;
        let mut why = vec![managed.sslmode.origin(), Origin::spec(keys.at.unwrap_or(managed.at))];
        why.extend(keys.iter().map(Traced::origin));
        let because = tracer.because(MANAGED_TLS, &why);
        let path = match (managed.has_authority(), &given.folder) {
            (true, Some(folder)) => format!("{SECRETS_ROOT}/{}/{AUTHORITY}", folder.get()).into(),
            _ => Text::Literal("system"),
        };
        given.give_because("sslrootcert", managed.sslmode.origin(), Traced::because(path, because));
    }
    given.give_secrets(&managed.credentials);
    given
}

/// With a password the `url` is without it, as is that of a server that somebody else runs.
fn cache_outputs(cache: &Cache, tracer: &Tracer) -> Outputs {
    let port = cache.port.map(|port| Text::from(port.to_string()));
    let rule_of = if cache.url.is_some() { ENV_COMPOSED } else { CACHE_PORT };
    let address = tracer.derive(rule_of, (&cache.host, &port), |(h, p)| format!("{h}:{p}").into());
    let url = match &cache.url {
        Some(url) => url.map(|url| Text::from(url.complete())),
        None => tracer.derive(ENV_COMPOSED, (&address, &cache.engine), |(a, engine)| match engine {
            // both engines speak the same protocol; clients know it by this scheme
            CacheEngine::Redis | CacheEngine::Valkey => format!("redis://{a}/0").into(),
        }),
    };
    let mut given = outputs(prefix("CACHE_", &cache.name));
    given.give("host", cache.host.clone());
    given.give("port", port);
    given.give("address", address);
    given.give("url", url);
    given.folder = folder("caches", &cache.credentials);
    given.give_secrets(&cache.credentials);
    given
}

fn queue_outputs(queue: &Queue, tracer: &Tracer) -> Outputs {
    let mut given = outputs(prefix("QUEUE_", &queue.name));
    if let Some((host, port)) = queue.addresses().next() {
        given.give("host", host);
        given.give("port", port.map(|port| Text::from(port.to_string())));
    }
    given.give("hosts", queue.joined(tracer));
    if let Some(url) = queue.url(tracer) {
        given.give_named(Traced::because(Text::Literal("url"), queue.engine.origin()), url);
    }
    if let Some(region) = &queue.region {
        given.give_named(Traced::because(Text::Literal("region"), region.origin()), region.clone());
    }
    if let Some(sasl) = &queue.sasl {
        let name = Traced::because(Text::Literal("sasl"), sasl.origin());
        given.give_named(name, sasl.map(|sasl| Text::Literal(sasl.mechanism())));
    }
    given.give("tls", queue.tls.map(|tls| Text::Literal(if *tls { "true" } else { "false" })));
    for topic in &queue.topics {
        let name = topic.name.map(|name| Text::from(format!("{name}_topic")));
        given.give_named(name, topic.there.clone());
    }
    given.folder = folder("queues", &queue.credentials);
    given.give_secrets(&queue.credentials);
    given
}

fn external_outputs(external: &External) -> Outputs {
    let mut given = outputs(prefix("", &external.name));
    let number = |number: &Traced<u32>| number.map(|n| Text::from(n.to_string()));
    given.give("url", super::text_of(&external.url));
    given.give("host", external.url.map(|u| Text::from(u.host().to_owned())));
    if let Some(alias) = &external.alias {
        given.give_because("alias", alias.name.origin(), alias.host.clone());
    }
    given.give("timeout_ms", millis(&external.timeout));
    given.give("connect_timeout_ms", millis(&external.connect_timeout));
    given.give_retry(external.retry.as_ref());
    if let Some(circuit) = &external.circuit {
        let mut give = |name, value| given.give_because(name, Origin::spec(circuit.at), value);
        give("circuit_failures", number(&circuit.failures));
        give("circuit_window_ms", millis(&circuit.window));
        give("circuit_open_ms", millis(&circuit.open));
        if let Some(most) = &circuit.max_connections {
            given.give_because("circuit_max_connections", most.origin(), number(most));
        }
    }
    if let Some(auth) = &external.auth {
        given.give_because("auth_header", Origin::spec(auth.at), auth.header.clone());
        for (name, value) in [("auth_scheme", &auth.scheme), ("auth_key", &auth.key)] {
            if let Some(value) = value {
                given.give_because(name, value.origin(), value.clone());
            }
        }
    }
    given.folder = folder("externals", &external.credentials);
    given.give_secrets(&external.credentials);
    given
}

/// A span of time as programs take it.
fn millis(duration: &Traced<Duration>) -> Traced<Text> {
    duration.map(|d| Text::from(d.millis().to_string()))
}

fn workload_outputs(service: &Service, workload: &Workload, tracer: &Tracer) -> Outputs {
    let prefix = tracer.derive(ENV_EDGE, (&service.name, &workload.name), |(service, workload)| {
        format!("{}_{}_", upper(service), upper(workload)).into()
    });
    let mut given = outputs(prefix);
    let Some(port) = workload.service_ports().next() else { return given };
    let number = port.service_port.map(|p| Text::from(p.to_string()));
    let address = |number: &Traced<Text>| {
        tracer.derive(ENV_COMPOSED, (&workload.host, number), |(h, p)| Text::from(format!("{h}:{p}")))
    };
    let url = tracer.derive(ENV_COMPOSED, (&workload.host, &number), |(h, p)| match p.as_str() {
        "80" => format!("http://{h}").into(),
        p => format!("http://{h}:{p}").into(),
    });
    // which port comes first depends on the kind
    let why = |port: &Port| tracer.because(ENV_EDGE, &[workload.kind.origin(), port.because]);
    let first = why(port);
    let named = |name: &'static str| Traced::because(Text::Literal(name), first);
    given.give_named(named("host"), workload.host.clone());
    given.give_named(named("port"), number.clone());
    given.give_named(named("address"), address(&number));
    if *workload.kind.get() == WorkloadKind::Http {
        given.give_named(named("url"), url);
    }
    // further ports: `<name>_port` and `<name>_address`
    for port in workload.service_ports().skip(1) {
        let number = port.service_port.map(|p| Text::from(p.to_string()));
        let because = why(port);
        let named = |what: &str| Traced::because(format!("{}_{what}", port.name.get()).into(), because);
        given.give_named(named("port"), number.clone());
        given.give_named(named("address"), address(&number));
    }
    given
}
