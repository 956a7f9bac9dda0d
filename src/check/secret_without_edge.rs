//! A Secret that specc makes for what a workload does not use.

use super::context::{Finding, noun, path_of};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::workload::VolumeKind;
use crate::system::{Service, VariableValue, Workload};
use crate::value::Value;

pub(super) const CHECK: Check = check!("secret-without-edge", Deny, One(run));

/// Every Secret that the workload names by hand, and where.
fn named(workload: &Workload) -> Vec<(String, Origin)> {
    let further = workload.containers().flat_map(|container| &container.variables);
    let variables = workload.variables.iter().chain(further).filter_map(|variable| match &variable.value {
        VariableValue::Foreign(of) => Some(&of.secret),
        _ => None,
    });
    let all = variables.chain(workload.env_from.iter().filter_map(|(_, entry)| entry.value.secret.as_ref()));
    let mut all: Vec<(String, Origin)> =
        all.map(|name| (name.get().text().into_owned(), name.origin())).collect();
    let volumes = workload.volumes.iter().filter(|volume| *volume.kind.get() == VolumeKind::Secret);
    all.extend(
        volumes
            .filter_map(|volume| volume.table.name.as_ref())
            .map(|name| (name.get().text().into_owned(), name.origin())),
    );
    all
}

/// What a Secret of the service is made for, by the Secret's name: the noun, its name, its table.
fn made<'s>(service: &'s Service, secret: &str) -> Option<(&'static str, &'s str, Origin)> {
    let externals = service.externals.iter().map(|e| ("externals", &e.credentials));
    let secrets = service.secrets.iter().map(|s| ("secrets", s));
    let mut sources = externals.chain(secrets).filter(|(_, source)| !source.keys.is_empty());
    let source = sources.find(|(_, source)| source.object.get().as_str() == secret);
    if let Some((nouns, source)) = source {
        return Some((nouns, source.name.get(), Origin::spec(source.at)));
    }
    let database = service.databases.iter().find(|database| database.secret.get().as_str() == secret)?;
    Some(("databases", database.name.get(), Origin::spec(database.at)))
}

fn without_edge<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    (secret, at): (&str, Origin),
    (owner, (nouns, name, table)): (&Service, (&'static str, &str, Origin)),
) -> Finding<'c> {
    let (path, declared) = (path_of(service, workload), noun(owner, nouns, name));
    let finding = cx
        .find(&CHECK, format!("`{path}` reads the Secret of `{declared}` by its name"))
        .at(at, format!("`{secret}` is made for `{declared}`"))
        .also_key(table, "declared here")
        .note("without an edge nobody sees who can read a credential: not the network policies, not the report, not who rotates it");
    if owner.stem == service.stem {
        finding.help(format!(
            "delete the reference and add `\"{nouns}.{name}\"` to the `uses` of `[workloads.{}]`; `{{ from = \"{nouns}.{name}.<key>\" }}` \
             gives a key under a name of your own",
            workload.name.get()
        ))
    } else {
        finding.help(format!(
            "declare a credential of its own for `{}`, so that each can be taken away alone",
            service.stem
        ))
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        for (secret, at) in named(workload) {
            let mut owners =
                cx.system.services.iter().filter(|owner| owner.namespace.get() == service.namespace.get());
            let owner = owners.find_map(|owner| Some((owner, made(owner, &secret)?)));
            if let Some(owner) = owner {
                found.push(without_edge(cx, (service, workload), (&secret, at), owner));
            }
        }
    }
}
