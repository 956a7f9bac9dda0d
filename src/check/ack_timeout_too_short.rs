//! A broker that gives a message to somebody else while the first still works on it.

use super::context::{Finding, noun, path_of};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::decode::Choice;
use crate::spec::queue::QueueEngine;
use crate::spec::workload::WorkloadKind;
use crate::system::{Queue, Service, Target, Workload};
use crate::value::Value;

pub(super) const CHECK: Check = check!("ack-timeout-too-short", Deny, One(run));

/// What the broker calls that time.
fn setting(engine: QueueEngine) -> &'static str {
    match engine {
        QueueEngine::Rabbitmq => "`consumer_timeout` of RabbitMQ",
        QueueEngine::Nats => "`AckWait` of the consumer",
        QueueEngine::Kafka => "`max.poll.interval.ms` of the consumer",
        QueueEngine::Sqs => "the visibility timeout of the queue",
    }
}

fn too_short<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    (queue, edge): (&Queue, Origin),
) -> Finding<'c> {
    let (path, of) = (noun(service, "queues", queue.name.get()), path_of(service, workload));
    let (waits, works) = (queue.ack_timeout.get(), workload.drain.get());
    let engine = queue.engine.get();
    let title = format!(
        "`{path}` waits {} for an answer, and `{of}` may work {} on a message",
        waits.text(),
        works.text()
    );
    let finding = cx
        .find(&CHECK, title)
        .at(queue.ack_timeout.origin(), format!("after {} the message goes to somebody else", waits.text()))
        .at(
            queue.engine.origin(),
            format!("{} waits {}, if nothing else is set there", engine.word(), waits.text()),
        )
        .also(workload.drain.origin(), format!("what is begun may take {}", works.text()))
        .also(edge, "takes messages from there");
    finding
        .note("then two work on one message, and the first to end answers for a message that is no longer its own")
        .help(format!(
            "write `ack_timeout = \"{}\"` below `[queues.{}]`, and set {} to it",
            works.text(),
            queue.name.get(),
            setting(*engine)
        ))
        .help(format!("or let a message take less: `drain = \"{}\"`", waits.text()))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for of @ (service, workload) in cx.system.workloads() {
        // who serves requests sends messages; who works takes them
        if *workload.kind.get() != WorkloadKind::Worker {
            continue;
        }
        for edge in &workload.edges {
            let Some(Target::Queue(index)) = edge.target else { continue };
            let Some(queue) = service.queues.get(index) else { continue };
            if queue.ack_timeout.get().millis() < workload.drain.get().millis() {
                found.push(too_short(cx, of, (queue, edge.written.origin())));
            }
        }
    }
}
