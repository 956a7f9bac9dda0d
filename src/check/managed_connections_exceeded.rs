//! A database of others that may be asked for more connections than it takes.

use super::context::{Finding, noun, path_of};
use super::{Check, Context, Found};
use crate::system::{Managed, Service};

pub(super) const CHECK: Check = check!("managed-connections-exceeded", Error, One(run));

/// Connections that every PostgreSQL keeps for superusers (docs, 19.3, `superuser_reserved_connections`).
const RESERVED: u32 = 3;

fn exceeded<'c>(cx: &'c Context<'c>, service: &Service, managed: &Managed) -> Option<Finding<'c>> {
    let declared = managed.max_connections?;
    let max = *declared.get();
    let asked = managed.shares.iter().fold(0u32, |sum, share| sum.saturating_add(*share.connections.get()));
    if asked.saturating_add(RESERVED) <= max {
        return None;
    }
    let (path, each) = (noun(service, "databases", managed.name.get()), *managed.per_process.get());
    let gives = max.saturating_sub(RESERVED);
    let mut finding = cx
        .find(&CHECK, format!("`{path}` may be asked for {asked} connections, and can give {gives}"))
        .at(declared.origin(), format!("{max} connections, of which {RESERVED} are for superusers"));
    for share in &managed.shares {
        let Some((owner, workload)) = cx.system.workload(share.from) else { continue };
        let text = format!(
            "`{}`: pods x processes x connections: {} x {} x {each} = {}",
            path_of(owner, workload),
            share.pods,
            share.workers,
            share.connections.get()
        );
        finding = finding.also(share.because, text);
    }
    let fits = gives / (asked / each.max(1)).max(1);
    Some(
        finding
            .note("at the autoscaler's maximum, in the middle of a rollout: what is refused then is requests of users")
            .maybe_help((fits > 0).then(|| {
                format!("write `per_process = {fits}` below `[databases.{}.pool]`", managed.name.get())
            }))
            .help(format!("or take a server of {} connections, or a pooler of its provider", asked + RESERVED)),
    )
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        let findings = service.managed.iter().filter_map(|managed| exceeded(cx, service, managed));
        findings.for_each(|finding| found.push(finding));
    }
}
