//! Brokers of messages: where they are, how they are reached, and how long they wait for an answer.
//!
//! Sources of the brokers' own times: `RabbitMQ` docs, "Delivery Acknowledgement Timeout" (30 minutes); NATS docs, "Consumers",
//! `AckWait` (30 seconds); Amazon SQS docs, "Visibility timeout" (30 seconds); Kafka docs, `max.poll.interval.ms` (5 minutes).

use crate::origin::{DEFAULT_QUEUE, NodeId, Origin, QUEUE_ACK, QUEUE_HOSTS, QUEUE_URL, Traced, Tracer, rule};
use crate::spec::data::DataClass;
use crate::spec::decode::{Entry, List};
use crate::spec::queue::{self as spec, QueueEngine, Sasl};
use crate::spec::service::ServiceFile;
use crate::text::Text;
use crate::value::{Cidr, Duration, HostPort, Name};

use super::stores::{self, SecretSource};
use super::{Context, Place, names, text_of};

/// A broker of messages that somebody else runs.
#[derive(Debug)]
pub struct Queue {
    /// its table
    pub at: NodeId,
    /// its name
    pub name: Traced<Text>,
    /// how sensitive what it holds is, if somebody said so
    pub class: Option<Traced<DataClass>>,
    /// what it is
    pub engine: Traced<QueueEngine>,
    /// its servers
    pub hosts: List<HostPort>,
    /// whether connections are encrypted
    pub tls: Traced<bool>,
    /// its addresses, if known
    pub cidrs: List<Cidr>,
    /// its credentials; without keys there are none
    pub credentials: SecretSource,
    /// what programs call a topic, and its name there
    pub topics: Vec<Topic>,
    /// how long a message may be worked on
    pub ack_timeout: Traced<Duration>,
    /// virtual host of `RabbitMQ`
    pub vhost: Option<Traced<Text>>,
    /// account of SQS or NATS
    pub account: Option<Traced<Text>>,
    /// region of SQS
    pub region: Option<Traced<Text>>,
    /// how clients of Kafka show who they are
    pub sasl: Option<Traced<Sasl>>,
    /// where NATS tells about its streams
    pub monitor: Option<Traced<HostPort>>,
}

/// A topic, stream or queue of a broker.
#[derive(Clone, Debug)]
pub struct Topic {
    /// what programs call it; the origin is its entry
    pub name: Traced<Text>,
    /// its name at the broker
    pub there: Traced<Text>,
}

impl Queue {
    /// Why its servers are these: the list of them.
    pub fn servers(&self) -> Origin {
        Origin::spec(self.hosts.at.unwrap_or(self.at))
    }

    /// Host and port of each server.
    pub fn addresses(&self) -> impl Iterator<Item = (Traced<Text>, Traced<u16>)> {
        self.hosts
            .iter()
            .map(|host| (host.map(|h| Text::from(h.host().to_owned())), host.map(HostPort::port)))
    }

    /// Whether all its servers are in the cluster itself.
    pub fn is_in_cluster(&self) -> bool {
        self.hosts.iter().all(|host| names::cluster_namespace(host.get().host()).is_some())
    }

    /// The topic that programs call so.
    pub fn topic(&self, name: &str) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.name.get() == name)
    }

    /// All servers with their ports, as clients take them.
    pub fn joined(&self, tracer: &Tracer) -> Traced<Text> {
        let hosts: Vec<String> = self.hosts.iter().map(|host| host.get().to_string()).collect();
        let mut why = vec![self.servers()];
        why.extend(self.hosts.iter().map(Traced::origin));
        Traced::because(hosts.join(",").into(), tracer.because(QUEUE_HOSTS, &why))
    }

    /// The address that clients of this engine take; Kafka's take none.
    pub fn url(&self, tracer: &Tracer) -> Option<Traced<Text>> {
        let first = self.hosts.iter().next()?;
        let scheme = match (self.engine.get(), self.tls.get()) {
            (QueueEngine::Rabbitmq, true) => "amqps",
            (QueueEngine::Rabbitmq, false) => "amqp",
            (QueueEngine::Nats, true) => "tls",
            (QueueEngine::Nats, false) => "nats",
            (QueueEngine::Sqs, true) => "https",
            (QueueEngine::Sqs, false) => "http",
            (QueueEngine::Kafka, _) => return None,
        };
        let mut why = vec![self.engine.origin(), self.tls.origin(), self.servers()];
        let text = match self.engine.get() {
            QueueEngine::Nats => {
                why.extend(self.hosts.iter().map(Traced::origin));
                let all: Vec<String> =
                    self.hosts.iter().map(|host| format!("{scheme}://{}", host.get())).collect();
                all.join(",")
            }
            QueueEngine::Rabbitmq | QueueEngine::Kafka | QueueEngine::Sqs => {
                let part = match self.engine.get() {
                    QueueEngine::Sqs => self.account.as_ref(),
                    _ => self.vhost.as_ref(),
                };
                why.push(first.origin());
                why.extend(part.map(Traced::origin));
                let path = part.map(|part| format!("/{}", part.get())).unwrap_or_default();
                let server = match (scheme, first.get().port()) {
                    // signed requests name the host without the usual port
                    ("https", 443) | ("http", 80) => first.get().host().to_owned(),
                    _ => first.get().to_string(),
                };
                format!("{scheme}://{server}{path}")
            }
        };
        Some(Traced::because(text.into(), tracer.because(QUEUE_URL, &why)))
    }
}

pub(super) fn resolve(file: &ServiceFile, place: &Place<'_>, context: &Context<'_>) -> Vec<Queue> {
    let class = |table: &spec::Queue| file.class_or(table.class);
    let queues = file.queues.iter();
    queues.map(|(_, entry)| Queue { class: class(&entry.value), ..one(entry, place, context) }).collect()
}

fn one(entry: &Entry<Name, spec::Queue>, place: &Place<'_>, context: &Context<'_>) -> Queue {
    let tracer = context.tracer;
    let (name, table) = (text_of(&entry.key), &entry.value);
    let topic = |(_, entry): (&Text, &Entry<Name, Traced<crate::value::TopicName>>)| Topic {
        name: text_of(&entry.key),
        there: text_of(&entry.value),
    };
    Queue {
        at: table.at,
        class: None,
        engine: table.engine,
        hosts: table.hosts.clone(),
        tls: table.tls.unwrap_or_else(|| rule(DEFAULT_QUEUE, true)),
        cidrs: table.cidrs.clone(),
        credentials: SecretSource {
            at: table.at,
            because: stores::why_secret(place, table.at, &table.secrets, tracer),
            object: names::queue(place.service, &name, tracer),
            remote: stores::remote_key(place, &name, None, context),
            refresh: None,
            made: None,
            keys: table.secrets.clone(),
            name: name.clone(),
        },
        topics: table.topics.iter().map(topic).collect(),
        ack_timeout: table.ack_timeout.unwrap_or_else(|| {
            tracer.derive(QUEUE_ACK, (&table.engine,), |(engine,)| match engine {
                QueueEngine::Rabbitmq => Duration::from_seconds(30 * 60),
                QueueEngine::Nats | QueueEngine::Sqs => Duration::from_seconds(30),
                QueueEngine::Kafka => Duration::from_seconds(5 * 60),
            })
        }),
        vhost: table.vhost.as_ref().map(text_of),
        account: table.account.as_ref().map(text_of),
        region: table.region.as_ref().map(text_of),
        sasl: table.sasl,
        monitor: table.monitor.clone(),
        name,
    }
}
