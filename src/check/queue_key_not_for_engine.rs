//! A key of a queue that its broker does not know, or that it cannot do without.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::spec::decode::Choice;
use crate::spec::queue::QueueEngine;
use crate::system::{Queue, Service};

pub(super) const CHECK: Check = check!("queue-key-not-for-engine", Error, One(run));

fn misplaced<'c>(
    cx: &'c Context<'c>,
    service: &Service,
    queue: &Queue,
    (key, at, why): (&str, Origin, &str),
) -> Finding<'c> {
    let (path, engine) = (noun(service, "queues", queue.name.get()), queue.engine.get().word());
    cx.find(&CHECK, format!("`{key}` means nothing for `{path}`, which is {engine}"))
        .at_key(at, why)
        .also(queue.engine.origin(), format!("engine `{engine}`"))
        .help("delete the key, or write the `engine` that it belongs to")
}

fn lacking<'c>(
    cx: &'c Context<'c>,
    service: &Service,
    queue: &Queue,
    (key, why, example): (&str, &str, &str),
) -> Finding<'c> {
    let path = noun(service, "queues", queue.name.get());
    cx.find(&CHECK, format!("`{path}` says nothing of its `{key}`"))
        .at_key(Origin::spec(queue.at), why)
        .help(format!("write `{key} = {example}` below `[queues.{}]`", queue.name.get()))
}

fn of<'c>(cx: &'c Context<'c>, service: &Service, queue: &Queue) -> Vec<Finding<'c>> {
    use QueueEngine::{Kafka, Nats, Rabbitmq, Sqs};
    let engine = *queue.engine.get();
    let mut all = Vec::new();
    let mut only = |engines: &[QueueEngine], key, at: Option<Origin>, why| {
        if !engines.contains(&engine) {
            all.extend(at.map(|at| misplaced(cx, service, queue, (key, at, why))));
        }
    };
    only(&[Rabbitmq], "vhost", queue.vhost.as_ref().map(Traced::origin), "only RabbitMQ has virtual hosts");
    only(
        &[Sqs, Nats],
        "account",
        queue.account.as_ref().map(Traced::origin),
        "only SQS and NATS have accounts",
    );
    only(&[Sqs], "region", queue.region.as_ref().map(Traced::origin), "only SQS has regions");
    only(&[Kafka], "sasl", queue.sasl.as_ref().map(Traced::origin), "only Kafka asks in this way");
    let why = "only NATS tells about its streams there";
    only(&[Nats], "monitor", queue.monitor.as_ref().map(Traced::origin), why);
    if queue.hosts.is_empty() {
        let example = "[\"broker.example.net:5671\"]";
        all.push(lacking(cx, service, queue, ("hosts", "where is it?", example)));
    }
    if engine == Sqs && queue.account.is_none() {
        let why = "the addresses of its queues hold the number of the account";
        all.push(lacking(cx, service, queue, ("account", why, "\"111122223333\"")));
    }
    if engine == Sqs && queue.region.is_none() {
        let why = "clients sign their requests for a region";
        all.push(lacking(cx, service, queue, ("region", why, "\"eu-central-1\"")));
    }
    all
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for queue in &service.queues {
            for finding in of(cx, service, queue) {
                found.push(finding);
            }
        }
    }
}
