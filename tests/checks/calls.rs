//! What checks say about tries along chains of calls, and about paths that are asked from outside.

use super::{shop, shows};

/// Every environment but `dev` without the part.
fn dev_only(body: &str, dev: &str, expected: &[(&str, &[&str])]) {
    let removed = if body.contains("[externals") { ", \"externals\"" } else { "" };
    let prod = format!("remove = [\"workloads\"{removed}]\n");
    shows(
        &[("services/shop.toml", &shop(body)), ("dev/environment.toml", dev), ("prod/shop.toml", &prod)],
        expected,
    );
}

/// A workload that calls others, each `(name, tries)`.
fn calls(name: &str, timeout: &str, called: &[(&str, u32)]) -> String {
    let uses: Vec<String> = called.iter().map(|(to, _)| format!("\"workloads.{to}\"")).collect();
    let table = |(to, tries): &(&str, u32)| {
        format!(
            "[workloads.{name}.calls.\"workloads.{to}\"]\ntimeout = \"100ms\"\nretry = {{ attempts = {tries}, idempotent = true }}\n"
        )
    };
    format!(
        "[workloads.{name}]\ntimeout = \"{timeout}\"\nuses = [{}]\n{}",
        uses.join(", "),
        called.iter().map(table).collect::<String>()
    )
}

#[test]
fn of_several_chains_the_worst_is_shown_once() {
    let body = calls("a", "9s", &[("b", 3), ("c", 2)])
        + &calls("b", "8s", &[("d", 3)])
        + &calls("c", "8s", &[("d", 2)])
        + &calls("d", "7s", &[("e", 2)])
        + "[workloads.e]\ntimeout = \"50ms\"\n";
    shows(
        &[("services/shop.toml", &shop(&body))],
        &[
            (
                "retry-amplification",
                &[
                    "`shop.workloads.d` is slow, it gets up to 9 times the calls: 3 x 3",
                    "`shop.workloads.a` -> `shop.workloads.b` -> `shop.workloads.d`",
                    "write `attempts = 2` in `[workloads.a.calls.\"workloads.b\".retry]` of `shop`: then it is 6 times",
                ],
            ),
            ("many-retries", &["`shop.workloads.d` is slow, it gets up to 4 times the calls: 2 x 2"]),
        ],
    );
}

#[test]
fn a_circle_of_calls_ends() {
    let body = calls("a", "9s", &[("b", 3)]) + &calls("b", "9s", &[("a", 2)]);
    shows(&[("services/shop.toml", &shop(&body))], &[]);
}

#[test]
fn a_call_with_its_tries_fits_into_the_time_of_its_caller() {
    let body =
        calls("a", "1s", &[("b", 3)]).replace("100ms", "400ms") + "[workloads.b]\ntimeout = \"400ms\"\n";
    shows(
        &[("services/shop.toml", &shop(&body))],
        &[(
            "deadline-overrun",
            &[
                "a call of `workloads.b` may take 1s500ms, and `shop.workloads.a` has 1s",
                "3 x 400ms + 100ms + 200ms",
            ],
        )],
    );
}

#[test]
fn calls_are_for_workloads() {
    let body = "[workloads.api]\nuses = [\"caches.hot\"]\ncalls = { \"caches.hot\" = { timeout = \"1s\" } }\n[caches.hot]\n";
    shows(
        &[("services/shop.toml", &shop(body))],
        &[("call-without-edge", &["how it uses `caches.hot`, which is no workload"])],
    );
}

const ASKED: &str = "tier = \"dev\"\n[platform]\ngateway = \"ingress/public\"\nadd_ons = [\"prometheus-operator\"]\n\
                     blackbox = { address = \"blackbox.monitoring:9115\" }\n";

#[test]
fn what_the_gateway_refuses_is_not_asked() {
    let of = |route: &str| format!("[workloads.api]\nroute = {{ host = \"shop.example.com\", {route} }}\n");
    let one = |route: &str, part: &str| dev_only(&of(route), ASKED, &[("probe-not-routed", &[part])]);
    one("headers = { X-A = \"1\" }, probe = \"/a\"", "lets nothing through without the header `X-A`");
    one("exact = [\"/a\"], probe = \"/a/b\"", "does not let it through");
    one("paths = [\"/a\"], probe = \"/ab\"", "does not let it through");
    dev_only(&of("paths = [\"/a\"], probe = \"/a/b?c=1\""), ASKED, &[]);
    dev_only(&of("methods = [\"GET\", \"POST\"], probe = \"/a\""), ASKED, &[]);
    let wild = "[workloads.api]\nroute = { host = \"*.example.com\", probe = \"/a\" }\n";
    dev_only(wild, ASKED, &[("probe-not-routed", &["the route has no host that can be asked"])]);
}

#[test]
fn a_check_names_a_route_that_is_there() {
    let routes = "[workloads.api.routes.open]\nhost = \"a.example.com\"\n[workloads.api.routes.shut]\nhost = \"b.example.com\"\n";
    let check = |keys: &str| format!("{routes}[workloads.api.health.checks.one]\npath = \"/\"\n{keys}");
    dev_only(
        &check(""),
        ASKED,
        &[("probe-not-routed", &["through which route", "one of `open` and `shut`"])],
    );
    dev_only(&check("route = \"opem\"\n"), ASKED, &[("probe-not-routed", &["did you mean `\"open\"`?"])]);
    dev_only(&check("route = \"open\"\n"), ASKED, &[]);
    let sidecar = "[workloads.api.sidecars.proxy]\ncommand = [\"p\"]\nhealth = { probe = \"none\", checks = { one = { path = \"/\" } } }\n";
    dev_only(sidecar, ASKED, &[("probe-not-routed", &["no route leads to a container"])]);
}

#[test]
fn an_alias_is_refused_where_names_are_held_to() {
    let body = "[workloads.api]\nuses = [\"externals.mail\"]\n[externals.mail]\nurl = \"http://mail.example.com\"\nalias = \"mail\"\n";
    let dev = "tier = \"dev\"\n[platform]\negress = \"cilium\"\n";
    dev_only(body, dev, &[("alias-unusable", &["goes around what `egress = \"cilium\"` lets through"])]);
}
