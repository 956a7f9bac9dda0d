//! What KEDA asks for work that waits, and how it logs in there: a trigger for each kind of source.
//!
//! Sources: KEDA 2.20, scalers `postgresql`, `redis`, `rabbitmq`, `nats-jetstream`, `apache kafka` and `aws-sqs-queue`: their
//! parameters, and which of them a `TriggerAuthentication` may hold.

use std::collections::BTreeMap;

use super::labels::Identity;
use crate::k8s::{
    AuthTarget, AuthenticationRef, NameOf, Trigger, TriggerAuthentication, TriggerAuthenticationSpec,
};
use crate::origin::{Origin, SCALE_QUEUE, Traced, Tracer, rule};
use crate::spec::queue::{QueueEngine, Sasl};
use crate::spec::workload::ScaleQueue as Written;
use crate::system::queue::Topic;
use crate::system::{Cache, Database, Queue, SecretSource, Service};
use crate::text::Text;
use crate::value::CacheUrl;
use crate::walk::Items;

/// Who is asked.
pub(super) enum Source<'a> {
    Database(&'a Database),
    Cache(&'a Cache),
    Queue(&'a Queue, &'a Topic),
}

/// The source that `written` names, which checks have found to exist.
pub(super) fn source<'a>(service: &'a Service, written: &Written) -> Option<Source<'a>> {
    use crate::system::named;
    if let Some(name) = &written.database {
        return service.databases.iter().find(|d| named(&d.stack, name)).map(Source::Database);
    }
    if let Some(name) = &written.cache {
        return service.caches.iter().find(|c| named(&c.name, name)).map(Source::Cache);
    }
    let queue = service.queues.iter().find(|q| written.queue.as_ref().is_some_and(|n| named(&q.name, n)))?;
    Some(Source::Queue(queue, queue.topic(written.topic.as_ref()?.get().as_str())?))
}

/// What KEDA logs in with: a parameter of the scaler, and the key of a Secret.
struct Login {
    secret: Traced<NameOf>,
    parameters: Vec<(&'static str, Traced<Text>)>,
}

/// A trigger in the making.
struct Draft {
    kind: Traced<Text>,
    metadata: BTreeMap<Text, Traced<Text>>,
    login: Option<Login>,
}

/// The trigger, and the `TriggerAuthentication` where the source asks who is there.
pub(super) fn of(
    written: &Written,
    source: &Source<'_>,
    because: Origin,
    identity: &Identity,
    tracer: &Tracer,
) -> (Trigger, Option<TriggerAuthentication>) {
    let at = Origin::spec(written.at);
    let load = written.per_replica.map(|load| Text::from(load.get().to_string()));
    let draft = match source {
        Source::Database(database) => of_database(written, database, (load, at), tracer),
        Source::Cache(cache) => of_cache(written, cache, load, at, tracer),
        Source::Queue(queue, topic) => of_queue(written, queue, topic, load, at, tracer),
    };
    let why = tracer.because(SCALE_QUEUE, &[identity.name.origin(), lacking(source, written)]);
    let name = Traced::because(identity.name.get().clone(), why);
    let name = NameOf::of("TriggerAuthentication", &name);
    let trigger = Trigger {
        kind: draft.kind,
        name: None,
        metric_type: Some(rule(SCALE_QUEUE, "AverageValue")),
        metadata: draft.metadata,
        authentication_ref: draft.login.as_ref().map(|_| AuthenticationRef { name }),
    };
    let authentication = draft.login.map(|login| {
        let mut targets = Items::default();
        for (parameter, key) in login.parameters {
            let target = AuthTarget {
                parameter: Traced::because(Text::Literal(parameter), key.origin()),
                name: login.secret.clone(),
                key: key.clone(),
            };
            targets.push(parameter, key.origin(), target);
        }
        TriggerAuthentication {
            because: tracer.because(SCALE_QUEUE, &[because, why]),
            metadata: identity.metadata(),
            spec: TriggerAuthenticationSpec { secret_target_ref: targets },
        }
    });
    (trigger, authentication)
}

fn word(word: &'static str, because: Origin) -> Traced<Text> {
    Traced::because(Text::Literal(word), because)
}

/// KEDA logs in with an account that may read, or as the owner where there is no other.
fn of_database(
    written: &Written,
    database: &Database,
    (load, at): (Traced<Text>, Origin),
    tracer: &Tracer,
) -> Draft {
    let mut metadata = BTreeMap::from([("targetQueryValue".into(), load)]);
    metadata.extend(written.sql.as_ref().map(|sql| ("query".into(), sql.clone())));
    let (secret, key) = super::database::scaler_secret(database);
    let named = written.database.as_ref().map_or(at, Traced::origin);
    let because = tracer.because(SCALE_QUEUE, &[secret.origin(), named]);
    let secret = Traced::because(secret.get().clone(), because);
    let login = Login { secret, parameters: vec![("connection", key)] };
    Draft { kind: word("postgresql", at), metadata, login: Some(login) }
}

fn of_cache(written: &Written, cache: &Cache, load: Traced<Text>, at: Origin, tracer: &Tracer) -> Draft {
    let address = tracer.derive(SCALE_QUEUE, (&cache.host, &cache.port), |(h, p)| format!("{h}:{p}").into());
    let mut metadata = BTreeMap::from([("address".into(), address), ("listLength".into(), load)]);
    metadata.extend(written.list.as_ref().map(|list| ("listName".into(), list.clone())));
    if let Some(url) = &cache.url {
        let secure = |url: &CacheUrl| Text::Literal(if url.is_secure() { "true" } else { "false" });
        metadata.insert("enableTLS".into(), url.map(secure));
        metadata.insert("databaseIndex".into(), url.map(|url| Text::from(url.database().to_string())));
    }
    let login = login(&cache.credentials, &[("username", "username"), ("password", "password")]);
    Draft { kind: word("redis", at), metadata, login }
}

fn of_queue(
    written: &Written,
    queue: &Queue,
    topic: &Topic,
    load: Traced<Text>,
    at: Origin,
    tracer: &Tracer,
) -> Draft {
    let engine = queue.engine.origin();
    let kind = tracer.because(SCALE_QUEUE, &[at, engine]);
    let named = |name: &Topic| {
        Traced::because(name.there.get().clone(), tracer.because(SCALE_QUEUE, &[at, name.there.origin()]))
    };
    let group = written.group.as_ref().map(crate::system::text_of);
    let user = || login(&queue.credentials, &[("username", "username"), ("password", "password")]);
    let mut metadata: BTreeMap<Text, Traced<Text>> = BTreeMap::new();
    let mut set = |key: &'static str, value: Option<Traced<Text>>| {
        metadata.extend(value.map(|value| (Text::Literal(key), value)));
    };
    let (kind, login) = match queue.engine.get() {
        QueueEngine::Rabbitmq => {
            set("host", queue.url(tracer));
            set("mode", Some(rule(SCALE_QUEUE, "QueueLength")));
            set("queueName", Some(named(topic)));
            set("value", Some(load));
            (word("rabbitmq", kind), user())
        }
        QueueEngine::Nats => {
            set("account", Some(queue.account.clone().unwrap_or_else(|| rule(SCALE_QUEUE, "$G"))));
            set("consumer", group);
            set("lagThreshold", Some(load));
            set("natsServerMonitoringEndpoint", queue.monitor.as_ref().map(crate::system::text_of));
            set("stream", Some(named(topic)));
            set("useHttps", Some(queue.tls.map(|tls| Text::Literal(if *tls { "true" } else { "false" }))));
            (word("nats-jetstream", kind), None)
        }
        QueueEngine::Kafka => {
            set("bootstrapServers", Some(queue.joined(tracer)));
            set("consumerGroup", group);
            set("lagThreshold", Some(load));
            set("tls", Some(queue.tls.map(|tls| Text::Literal(if *tls { "enable" } else { "disable" }))));
            set("topic", Some(named(topic)));
            set("sasl", queue.sasl.map(|sasl| sasl.map(sasl_word)));
            (word("kafka", kind), user())
        }
        QueueEngine::Sqs => {
            let url = queue.url(tracer);
            let url = url.map(|url| {
                tracer.derive(SCALE_QUEUE, (&url, &named(topic)), |(u, t)| format!("{u}/{t}").into())
            });
            set("awsRegion", queue.region.clone());
            set("queueLength", Some(load));
            set("queueURL", url);
            let keys = [("awsAccessKeyID", "access_key_id"), ("awsSecretAccessKey", "secret_access_key")];
            let login = login(&queue.credentials, &keys);
            if login.is_none() {
                let lacking = queue.credentials.keys.at.unwrap_or(queue.at);
                set(
                    "identityOwner",
                    Some(tracer.constant(SCALE_QUEUE, &[Origin::spec(lacking)], "operator")),
                );
            }
            (word("aws-sqs-queue", kind), login)
        }
    };
    Draft { kind, metadata, login }
}

/// KEDA's word.
fn sasl_word(sasl: &Sasl) -> Text {
    Text::Literal(match sasl {
        Sasl::Plain => "plaintext",
        Sasl::ScramSha256 => "scram_sha256",
        Sasl::ScramSha512 => "scram_sha512",
    })
}

/// The parameters whose keys the store has; none if there are none.
fn login(source: &SecretSource, wanted: &[(&'static str, &'static str)]) -> Option<Login> {
    let known = |key: &str| source.keys.iter().find(|own| own.get().as_str() == key);
    let found =
        wanted.iter().filter_map(|(parameter, key)| Some((*parameter, crate::system::text_of(known(key)?))));
    let parameters: Vec<_> = found.collect();
    (!parameters.is_empty()).then(|| Login { secret: NameOf::of("Secret", &source.object), parameters })
}

/// Why there is no `TriggerAuthentication`: the list of the source's keys.
pub(super) fn lacking(source: &Source<'_>, written: &Written) -> Origin {
    let of = |source: &SecretSource| Origin::spec(source.keys.at.unwrap_or(source.at));
    match source {
        Source::Database(_) => Origin::spec(written.at),
        Source::Cache(cache) => of(&cache.credentials),
        Source::Queue(queue, _) => of(&queue.credentials),
    }
}
