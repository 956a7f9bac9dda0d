//! An autoscaler that asks something that the service does not have.

use super::context::{Finding, listed, path_of};
use super::{Check, Context, Found};
use crate::diagnostic::suggest::nearest;
use crate::origin::{Origin, Traced};
use crate::spec::workload::ScaleQueue as Written;
use crate::system::{Service, Workload, named};
use crate::text::Text;
use crate::value::Name;

pub(super) const CHECK: Check = check!("unknown-queue-source", Error, One(run));

/// A name that `scale.queue` gives, and the names that there are.
struct Asked<'a> {
    /// what it would be: `database`
    what: &'static str,
    /// the table that would declare it
    table: String,
    name: &'a str,
    at: Origin,
    known: Vec<&'a str>,
}

fn unknown<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    asked: &Asked<'_>,
) -> Finding<'c> {
    let Asked { what, name, known, table, .. } = asked;
    let path = path_of(service, workload);
    let sharded =
        service.sharded.iter().find(|sharded| sharded.name.get().as_str() == *name && *what == "database");
    if let Some(sharded) = sharded {
        let title =
            format!("`{path}` scales by the database `{name}`, which is {} servers", sharded.count.get());
        return cx
            .find(&CHECK, title)
            .at(asked.at, "which of them?")
            .also(sharded.count.origin(), "so many shards have its rows")
            .note("a question goes to one server, and the answers of several cannot be added up here")
            .help(format!("name the shard whose work this workload does, such as `\"{name}-0\"`, and give each of the others a workload"))
            .help("or scale by `cpu` or `rps`");
    }
    let finding = cx
        .find(
            &CHECK,
            format!("`{path}` scales by the {what} `{name}`, which `{}` does not have", service.stem),
        )
        .at(asked.at, format!("no {what} of this name"));
    let managed =
        service.managed.iter().find(|managed| managed.name.get().as_str() == *name && *what == "database");
    if let Some(managed) = managed {
        return finding
            .also(managed.host.origin(), "run by others: KEDA has no account there")
            .help("scale by `cpu` or `rps`, or let CloudNativePG run the database");
    }
    match nearest(name, known.iter().copied()) {
        Some(near) => finding.help(format!("did you mean `\"{near}\"`?")),
        None if known.is_empty() => finding.help(format!("declare `{table}`")),
        None => finding.help(format!("write one of {}", listed(known))),
    }
}

/// What is asked and is not there.
fn missing<'a>(service: &'a Service, written: &'a Written) -> Option<Asked<'a>> {
    let of = |what, table: &str, name: &'a Traced<Name>, known: Vec<&'a Traced<Text>>| Asked {
        what,
        table: format!("[{table}.{}]", name.get().as_str()),
        name: name.get().as_str(),
        at: name.origin(),
        known: known.into_iter().map(|name| name.get().as_str()).collect(),
    };
    let is_known = |asked: &Asked<'_>| asked.known.contains(&asked.name);
    if let Some(name) = &written.database {
        let known = service.databases.iter().map(|d| &d.stack).collect();
        return Some(of("database", "databases", name, known)).filter(|asked| !is_known(asked));
    }
    if let Some(name) = &written.cache {
        let known = service.caches.iter().map(|c| &c.name).collect();
        return Some(of("cache", "caches", name, known)).filter(|asked| !is_known(asked));
    }
    let name = written.queue.as_ref()?;
    let Some(queue) = service.queues.iter().find(|queue| named(&queue.name, name)) else {
        return Some(of("queue", "queues", name, service.queues.iter().map(|q| &q.name).collect()));
    };
    let topic = written.topic.as_ref()?;
    let known = queue.topics.iter().map(|topic| &topic.name).collect();
    let mut asked = of("topic", "", topic, known);
    asked.table = format!("topics = {{ {0} = \"{0}\" }}` below `[queues.{1}]", asked.name, queue.name.get());
    Some(asked).filter(|asked| !is_known(asked))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for of @ (service, workload) in cx.system.workloads() {
        let asked = workload.scales_by().and_then(|written| missing(service, written));
        if let Some(asked) = asked {
            found.push(unknown(cx, of, &asked));
        }
    }
}
