//! Settings of a server that nobody starts, or that it does not have.

use super::context::{Finding, path_of, written};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::spec::workload::{ServerKind, WorkloadKind};
use crate::system::{Service, Workload};

pub(super) const CHECK: Check = check!("server-setting-unread", Error, One(run));

fn unread<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    (key, at): (&str, Origin),
    (why, help): (&'static str, &'static str),
) -> Finding<'c> {
    let path = path_of(service, workload);
    cx.find(&CHECK, format!("`{key}` of `{path}` changes nothing: {why}"))
        .at_key(at, "read by nothing")
        .help(help)
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let Some(table) = written(service, workload) else { continue };
        let Some(server) = &table.server else { continue };
        let of = (service, workload);
        let has_command = !table.command.is_empty() || !table.args.is_empty();
        let is_served = *workload.kind.get() == WorkloadKind::Http && workload.image_is_runtime;
        if !is_served || has_command {
            let why = if is_served && has_command {
                "the workload has a command of its own"
            } else {
                "specc starts a server for `http` workloads of a service with `[runtime]` alone"
            };
            let help = "delete it, and write the settings into the command";
            found.push(unread(cx, of, ("server", Origin::spec(server.at)), (why, help)));
            continue;
        }
        let is_gunicorn = server.kind.is_some_and(|kind| *kind.get() == ServerKind::Gunicorn);
        let misplaced = if is_gunicorn {
            server.concurrency.as_ref().map(|c| (("server.concurrency", c.origin()), ServerKind::Uvicorn))
        } else {
            server.threads.as_ref().map(|t| (("server.threads", Traced::origin(t)), ServerKind::Gunicorn))
        };
        match misplaced {
            Some((key, ServerKind::Uvicorn)) => {
                let why = "only uvicorn has such a bound";
                found.push(unread(
                    cx,
                    of,
                    key,
                    (why, "delete it; `workers` x `threads` is gunicorn's bound"),
                ));
            }
            Some((key, ServerKind::Gunicorn)) => {
                let why = "uvicorn has no threads for requests";
                found.push(unread(
                    cx,
                    of,
                    key,
                    (why, "delete it, or write `server.kind = \"gunicorn\"` for a WSGI application"),
                ));
            }
            None => {}
        }
    }
}
