//! Classified data that crosses pods in plain text.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::decode::Choice;
use crate::spec::environment::Tier;
use crate::system::protection::{Encrypted, Flow, flows};
use crate::system::{Service, Target};

pub(super) const CHECK: Check = check!("plaintext-edge", Deny, One(run));

/// Whether another check says it already, whatever the data is.
fn is_said(cx: &Context<'_>, flow: &Flow) -> bool {
    flow.edge.is_some() && flow.is_outside && !cx.is_tier(Tier::Dev)
}

/// What would encrypt it.
fn remedies(cx: &Context<'_>, service: Option<&Service>, flow: &Flow) -> Vec<String> {
    let platform = &cx.system.environment.platform;
    let mesh = format!(
        "if the cluster has a mesh, declare it: `mesh = \"istio-ambient\"` below `[platform]` in `{}`",
        cx.environment_file()
    );
    let table = |nouns: &str, name: &str| format!("`[{nouns}.{name}]`");
    let mut all = Vec::new();
    let is_meshed = platform.has_mesh();
    match flow.edge {
        None if flow.is_outside => {
            return vec![format!(
                "write an `https` address as `endpoint` below `[platform.object_store]` in `{}`",
                cx.environment_file()
            )];
        }
        Some((_, Target::Cache(index))) => {
            let cache = service.and_then(|service| service.caches.get(index));
            let name = cache.map_or("<name>", |cache| cache.name.get().as_str());
            if cache.is_some_and(|cache| cache.server.is_some()) {
                all.extend((!is_meshed).then_some(mesh));
                all.push(format!(
                    "or write `url = \"rediss://<host>\"` below {}, for a server that speaks TLS",
                    table("caches", name)
                ));
            } else {
                all.push(format!(
                    "write `rediss://` for `redis://` below {}, with the port on which it speaks TLS",
                    table("caches", name)
                ));
            }
        }
        Some((_, Target::Queue(_))) => {
            all.push("delete `tls = false`, and write the port on which it speaks TLS in `hosts`".to_owned());
        }
        Some((_, Target::Managed(_))) => {
            all.push("write `sslmode = \"verify-full\"`, or `\"require\"`".to_owned());
        }
        Some((_, Target::External(_))) => {
            all.push("write `https` for `http`, if it is served there".to_owned());
        }
        Some((_, Target::Workload(_) | Target::Database(_) | Target::Sharded(_) | Target::Secret(_)))
        | None => {
            if !is_meshed {
                all.push(mesh);
            }
            all.push("let the program encrypt: a port below `ports` with `tls = { host = \"<name in its certificate>\" }`".to_owned());
        }
    }
    all
}

fn found<'c>(cx: &'c Context<'c>, flow: &Flow, why: &str) -> Option<Finding<'c>> {
    let class = flow.class.as_ref().filter(|class| class.get().in_transit())?;
    let service = flow.edge.and_then(|(index, _)| cx.system.services.get(index));
    let word = class.get().word();
    let mut finding = cx
        .find(
            &CHECK,
            format!(
                "`{word}` data goes from `{}` to `{}` in plain text in `{}`",
                flow.from,
                flow.to,
                cx.environment()
            ),
        )
        .at(flow.because, format!("{} with neither TLS nor a mesh", flow.port))
        .at_key(flow.because, format!("{} with neither TLS nor a mesh", flow.port))
        .also(class.origin(), format!("`{word}` must be encrypted wherever it leaves a pod"));
    if cx.node(flow.decides) != cx.node(flow.because) {
        finding = finding.also_key(flow.decides, why);
    }
    finding = finding.note(
        "whoever is on the way between the two can read and change it, and take over what is logged in there",
    );
    for remedy in remedies(cx, service, flow) {
        finding = finding.help(remedy);
    }
    Some(finding.help(less(cx, service, flow)))
}

/// How to say that the data is not what it is taken for.
fn less(cx: &Context<'_>, service: Option<&Service>, flow: &Flow) -> String {
    let below = match flow.edge.zip(service) {
        Some(((_, Target::Cache(at)), service)) => service.caches.get(at).map(|c| ("caches", c.name.get())),
        Some(((_, Target::Queue(at)), service)) => service.queues.get(at).map(|q| ("queues", q.name.get())),
        Some(((_, Target::External(at)), service)) => {
            service.externals.get(at).map(|e| ("externals", e.name.get()))
        }
        Some(((_, Target::Managed(at)), service)) => {
            service.managed.get(at).map(|m| ("databases", m.name.get()))
        }
        _ => None,
    };
    if cx.is_tier(Tier::Dev) {
        let file = service.map_or_else(
            || "the service's overlay".to_owned(),
            |service| format!("`{}`", cx.overlay_file(service)),
        );
        return format!(
            "where `{}` has made-up data alone, say so: `class = \"public\"` below `[data]` in {file}",
            cx.environment()
        );
    }
    match below.zip(service) {
        Some(((nouns, name), service)) => format!(
            "where nothing of that kind is in `{}`, say so: `class = \"public\"` below `[{nouns}.{name}]`",
            noun(service, nouns, name)
        ),
        None => {
            "where one of the two handles nothing of that kind, say so: `class = \"public\"` in its table"
                .to_owned()
        }
    }
}

fn run(cx: &Context<'_>, found_here: &mut Found) {
    let mut seen: Vec<(Origin, String, String)> = Vec::new();
    for flow in flows(cx.system) {
        let Encrypted::Plain(why) = flow.encrypted else { continue };
        let known = (flow.because, flow.to.clone(), flow.port.clone());
        if is_said(cx, &flow) || seen.contains(&known) {
            continue;
        }
        if let Some(finding) = found(cx, &flow, why) {
            found_here.push(finding);
            seen.push(known);
        }
    }
}
