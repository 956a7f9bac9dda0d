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

/// How both probes ask unless they say otherwise.
fn usual(health: &Health) -> ProbeKind {
    health.probe.map_or_else(
        || match (&health.heartbeat, health.command.is_empty()) {
            (Some(_), _) => ProbeKind::Heartbeat,
            (None, false) => ProbeKind::Exec,
            (None, true) => ProbeKind::Http,
        },
        |probe| *probe.get(),
    )
}

fn judge(cx: &Context<'_>, of: &str, health: &Health, has_port: bool, found: &mut Found) {
    let mut said = Vec::new();
    for (own, is_live) in [(&health.liveness, true), (&health.readiness, false)] {
        let own = own.as_ref();
        let kind = own.and_then(|own| own.probe).map_or_else(|| usual(health), |probe| *probe.get());
        let has_port = has_port || health.port.is_some() || own.is_some_and(|own| own.port.is_some());
        let has_command = !health.command.is_empty() || !is_live && !health.ready_command.is_empty();
        let (needs, help) = match kind {
            ProbeKind::Exec if !has_command => ("command", "write `command = [\"/app/alive\"]`"),
            ProbeKind::Heartbeat if health.heartbeat.is_none() => {
                ("file to look at", "write `heartbeat = \"/tmp/beat\"`")
            }
            ProbeKind::Http | ProbeKind::Grpc | ProbeKind::Tcp if !has_port => {
                ("port to ask on", "write `port = 9090` there, or ask by `command` or `heartbeat`")
            }
            _ => continue,
        };
        if !said.contains(&needs) {
            said.push(needs);
            found.push(lacking(cx, of, health, kind.word(), needs, help));
        }
    }
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
