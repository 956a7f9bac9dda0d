//! `[queues.<name>]`: a broker of messages that somebody else runs.

use super::data::DataClass;
use super::decode::{List, Map, choices, table};
use super::kubernetes::Patch;
use crate::origin::Traced;
use crate::value::{Cidr, Duration, HostPort, Name, SecretKey, TopicName};

choices! {
    /// Brokers, by the protocol that programs speak.
    pub enum QueueEngine {
        /// `RabbitMQ`, over AMQP 0-9-1.
        Rabbitmq = "rabbitmq",
        /// NATS with `JetStream`.
        Nats = "nats",
        /// Kafka.
        Kafka = "kafka",
        /// Amazon SQS, or what speaks its protocol.
        Sqs = "sqs",
    }

    /// How a client of Kafka shows who it is.
    pub enum Sasl {
        /// User name and password as they are, over TLS.
        Plain = "plain",
        /// SCRAM with SHA-256.
        ScramSha256 = "scram-sha-256",
        /// SCRAM with SHA-512.
        ScramSha512 = "scram-sha-512",
    }
}

impl Sasl {
    /// The mechanism's registered name (IANA, "SASL Mechanisms").
    pub fn mechanism(self) -> &'static str {
        match self {
            Sasl::Plain => "PLAIN",
            Sasl::ScramSha256 => "SCRAM-SHA-256",
            Sasl::ScramSha512 => "SCRAM-SHA-512",
        }
    }
}

table! {
    /// A broker of messages that somebody else runs.
    pub struct Queue {
        /// What it is.
        engine: Traced<QueueEngine>,
        /// How sensitive what it holds is.
        class: Option<Traced<DataClass>> = "that of `[data]`",
        /// Its servers, each with its port; the first is where a client of a single address begins.
        hosts: List<HostPort>,
        /// Whether connections are encrypted.
        tls: Option<Traced<bool>> = "`true`",
        /// Its addresses; without them every public address is open on its ports.
        cidrs: List<Cidr>,
        /// Keys of its credentials in the platform's secret store: `username` and `password`; for SQS `access_key_id` and `secret_access_key`.
        secrets: List<SecretKey>,
        /// What programs call a topic, stream or queue, and its name there.
        topics: Map<Name, Traced<TopicName>>,
        /// How long a message may be worked on before the broker gives it to somebody else.
        ack_timeout: Option<Traced<Duration>> = "the broker's own: 30 minutes of RabbitMQ, 30 seconds of NATS and SQS, 5 minutes of Kafka",
        /// Virtual host of `RabbitMQ`.
        vhost: Option<Traced<TopicName>> = "`/`",
        /// Account: of SQS the number that its addresses hold, of NATS the one that has the streams.
        account: Option<Traced<TopicName>> = "`$G` of NATS",
        /// Region of SQS.
        region: Option<Traced<Name>>,
        /// How clients of Kafka show who they are.
        sasl: Option<Traced<Sasl>>,
        /// Where NATS tells about its streams over HTTP: what KEDA asks.
        monitor: Option<Traced<HostPort>>,
        /// Fields of its objects as the API has them, by the name of the object's file: `externalsecret`.
        kubernetes: Map<Name, Patch>,
    }
}
