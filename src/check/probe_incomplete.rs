//! A way to ask for health that lacks what it asks with.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::decode::{Choice, Entry};
use crate::spec::workload::{Container, Health, ProbeKind};
use crate::text::Text;
use crate::value::Name;

pub(super) const CHECK: Check = check!("probe-incomplete", Error, One(run));

fn lacking<'c>(
    cx: &'c Context<'c>,
    of: &str,
    health: &Health,
    kind: &str,
    needs: &str,
    help: &str,
) -> Finding<'c> {
    cx.find(&CHECK, format!("`{of}` is asked by `{kind}`, and there is no {needs}"))
        .at_key(Origin::spec(health.at), format!("no {needs}"))
        .note("without a probe a broken version is rolled out to all pods, and a process that hangs stays")
        .help(help)
}

fn judge(cx: &Context<'_>, of: &str, health: &Health, has_port: bool, found: &mut Found) {
    let port = health.port.is_some() || has_port;
    let kind = health.probe.map(|p| *p.get());
    let word = kind.map_or("http", Choice::word);
    let (needs, help) = match kind {
        Some(ProbeKind::Exec) if health.command.is_empty() => {
            ("command", "write `command = [\"/app/alive\"]`")
        }
        Some(ProbeKind::Heartbeat) if health.heartbeat.is_none() => {
            ("file to look at", "write `heartbeat = \"/tmp/beat\"`")
        }
        Some(ProbeKind::Http | ProbeKind::Grpc | ProbeKind::Tcp) if !port => {
            ("port to ask on", "write `port = 9090` there, or ask by `command` or `heartbeat`")
        }
        None if !port && health.command.is_empty() && health.heartbeat.is_none() => {
            ("port to ask on", "give the workload a `port`, or ask by `command` or `heartbeat`")
        }
        _ => return,
    };
    found.push(lacking(cx, of, health, word, needs, help));
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let path = path_of(service, workload);
        let Some(table) = super::context::written(service, workload) else { continue };
        // what ends is not asked at all: another check says so
        if let (Some(health), true) = (&table.health, workload.is_running()) {
            judge(cx, &path, health, workload.main_port().is_some(), found);
        }
        let sidecars = table.sidecars.iter().map(|entry| ("sidecars", entry));
        for (of, (name, entry)) in sidecars {
            let (name, entry): (&Text, &Entry<Name, Container>) = (name, entry);
            if let Some(health) = &entry.value.health {
                judge(cx, &format!("{path}.{of}.{name}"), health, !entry.value.ports.is_empty(), found);
            }
        }
    }
}
