//! A path to be asked from outside that no route lets through.

use super::context::{Finding, listed, path_of, written};
use super::routed::{Routed, text};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::decode::Choice;
use crate::spec::workload::HttpMethod;
use crate::system::workload::{Carrier, Outside};
use crate::system::{Service, Workload};

pub(super) const CHECK: Check = check!("probe-not-routed", Error, One(run));

/// One path that is asked.
#[derive(Clone, Copy)]
struct Asked<'a> {
    service: &'a Service,
    workload: &'a Workload,
    outside: &'a Outside,
}

impl Asked<'_> {
    fn path(&self) -> String {
        format!("{}.{}", path_of(self.service, self.workload), self.outside.key)
    }
}

/// It names a route that there is not, or none where it must name one.
fn no_route<'c>(cx: &'c Context<'c>, of: Asked<'_>) -> Finding<'c> {
    let names: Vec<&str> = of.workload.routes.iter().filter_map(|r| r.name.as_deref()).collect();
    let path = path_of(of.service, of.workload);
    let note = "it is asked as callers ask: on the hosts of a route";
    match &of.outside.named {
        Some(named) => cx
            .find(&CHECK, format!("`{}` goes through `{path}.routes.{}`, which is not there", of.path(), named.get()))
            .at(named.origin(), "no such route")
            .note(note)
            .help(match crate::diagnostic::suggest::nearest(named.get(), names.iter().copied()) {
                Some(name) => format!("did you mean `\"{name}\"`?"),
                None if names.is_empty() => format!("`{path}` has no `routes`; without the key it goes through `route`"),
                None => format!("`routes` has {}", listed(&names)),
            }),
        None if names.is_empty() => cx
            .find(&CHECK, format!("`{}` is asked from outside, and `{path}` has no route", of.path()))
            .at_key(of.outside.because, "on no host")
            .note(note)
            .help(format!(
                "write `route = {{ host = \"…\" }}` below `[workloads.{}]`; health of pods that nobody reaches from outside is `live` and `ready`",
                of.workload.name.get()
            )),
        None => cx
            .find(&CHECK, format!("`{}` does not say through which route it is asked", of.path()))
            .at_key(of.outside.because, "one of several")
            .note(note)
            .help(format!("write `route = \"…\"` into it: one of {}", listed(&names))),
    }
}

fn refused<'c>(cx: &'c Context<'c>, of: Asked<'_>, routed: Routed<'_>) -> Vec<Finding<'c>> {
    let (route, path) = (routed.route, &of.outside.path);
    let finding = |what: String, at: Origin, label: String, help: String| {
        cx.find(&CHECK, format!("`{}` asks `{}`, and {what}", of.path(), path.get()))
            .at(path.origin(), "would fail for ever")
            .also_key(at, label)
            .help(help)
    };
    let mut all = Vec::new();
    if routed.carrier() == Carrier::Grpc {
        let help = "route a port of HTTP beside it and ask that, or leave it to `health`, which asks gRPC's health service".to_owned();
        all.push(finding(
            format!("`{}` lets calls of gRPC through alone", routed.path()),
            workload_kind(of),
            "leads to gRPC".to_owned(),
            help,
        ));
        return all;
    }
    if of.outside.urls.is_empty() {
        let help = format!("write a host without `*` into `{}`", routed.path());
        let at = route.hosts.first().map_or(route.because, |host| host.name.origin());
        all.push(finding(
            "the route has no host that can be asked".into(),
            at,
            "stands for many".into(),
            help,
        ));
    }
    // what passes a Gateway unread has no paths, methods or headers
    if route.is_passed_through() {
        return all;
    }
    let asked = path.get().split('?').next().unwrap_or_default();
    if !route.paths.iter().any(|p| covers(p.text.get(), p.is_exact, asked)) {
        let paths: Vec<&str> = route.paths.iter().map(|path| path.text.get().as_str()).collect();
        let help = format!(
            "ask a path below {}, or add `\"{asked}\"` to `exact` of `{}`",
            listed(&paths),
            routed.path()
        );
        let at = route.written.paths.at.or(route.written.exact.at).map_or(route.because, Origin::spec);
        all.push(finding(
            format!("`{}` does not let it through", routed.path()),
            at,
            format!("takes {}", listed(&paths)),
            help,
        ));
    }
    let methods = &route.written.methods;
    if !methods.is_empty() && !methods.iter().any(|method| *method.get() == HttpMethod::Get) {
        let words: Vec<&str> = methods.iter().map(|method| method.get().word()).collect();
        all.push(finding(
            format!("`{}` lets no `GET` through", routed.path()),
            methods.at.map_or(route.because, Origin::spec),
            format!("takes {}", listed(&words)),
            "add `\"GET\"` to `methods`, or route the path by itself: `[workloads.<name>.routes.<name>]`"
                .to_owned(),
        ));
    }
    if let Some((name, entry)) = route.written.headers.iter().next() {
        all.push(finding(
            format!("`{}` lets nothing through without the header `{name}`", routed.path()),
            entry.key.origin(),
            "a probe sends no headers".to_owned(),
            "route the path by itself, without `headers`: `[workloads.<name>.routes.<name>]`".to_owned(),
        ));
    }
    all
}

/// Why it is gRPC.
fn workload_kind(of: Asked<'_>) -> Origin {
    of.workload.kind.origin()
}

/// Whether a route's path takes a request for `asked` (Gateway API, `PathMatchPathPrefix`: by path elements).
fn covers(path: &str, is_exact: bool, asked: &str) -> bool {
    if is_exact {
        return path == asked;
    }
    path == "/" || asked.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Checks of a container that nobody routes to.
fn of_containers(cx: &Context<'_>, service: &Service, workload: &Workload, found: &mut Found) {
    let Some(table) = written(service, workload) else { return };
    for (nouns, containers) in [("sidecars", &table.sidecars), ("init", &table.init)] {
        for (name, entry) in containers.iter() {
            let checks = entry.value.health.iter().flat_map(|health| health.checks.iter());
            for (check, entry) in checks {
                let path = format!("{}.{nouns}.{name}.health.checks.{check}", path_of(service, workload));
                found.push(
                    cx.find(
                        &CHECK,
                        format!("`{path}` is asked from outside, and no route leads to a container"),
                    )
                    .at_key(entry.key.origin(), "on no host")
                    .note("a route leads to a port of the workload, whichever container opens it")
                    .help(format!(
                        "move it to `[workloads.{}.health.checks.{}]`",
                        workload.name.get(),
                        text(&entry.key)
                    )),
                );
            }
        }
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        of_containers(cx, service, workload, found);
        for outside in &workload.outside_checks {
            let of = Asked { service, workload, outside };
            match outside.route.and_then(|index| workload.routes.get(index)) {
                Some(route) => {
                    let routed = Routed { service, workload, route };
                    for finding in refused(cx, of, routed) {
                        found.push(finding);
                    }
                }
                None => found.push(no_route(cx, of)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_takes_what_is_below_it_by_path_elements() {
        assert!(covers("/", false, "/a"));
        assert!(covers("/v1", false, "/v1"));
        assert!(covers("/v1", false, "/v1/health"));
        assert!(!covers("/v1", false, "/v10"));
        assert!(covers("/v1", true, "/v1"));
        assert!(!covers("/v1", true, "/v1/health"));
    }
}
