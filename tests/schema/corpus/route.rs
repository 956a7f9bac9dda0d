//! Tables of routes.

use super::Table;
use super::values::{BOOL, DURATION, NO_BOOL, NO_DURATION, NO_SUBDOMAIN, NO_TEXTS, SUBDOMAIN, TEXTS};
use crate::schema::File::{Overlay, Service};

const HOSTS: &[&str] = &["[]", "[\"a.example.com\", \"*.b.dev\"]"];
const NO_HOSTS: &[&str] = &["[\"A.example.com\"]", "\"a.example.com\"", "[\"*\"]"];
const PATHS: &[&str] = &["[]", "[\"/\", \"/v1\"]"];
const NO_PATHS: &[&str] = &["[\"v1\"]", "\"/\""];
const METHODS: &[&str] = &["[]", "[\"GET\", \"DELETE\"]"];
const NO_METHODS: &[&str] = &["[\"get\"]", "\"GET\"", "[\"TRACE\"]"];
const NAMES: &[&str] = &["[]", "[\"X-A\"]"];
const NO_NAMES: &[&str] = &["[\"X A\"]", "\"X-A\""];
const HEADERS: &[&str] = &["{}", "{ X-A = \"1\" }"];
const NO_HEADERS: &[&str] = &["{ \"X A\" = \"1\" }", "{ X-A = 1 }", "[]"];

const fn table(
    name: &'static str,
    at: &'static str,
    needs: &'static [&'static str],
    keys: &'static [super::Key],
) -> Table {
    Table { of: &[Service, Overlay], name, at, needs, keys }
}

pub(super) const TABLES: &[Table] = &[
    table(
        "OutsideCheck",
        "workloads.api.health.checks.orders",
        &["path"],
        &[
            ("path", &["\"/healthz\"", "\"/a?b=1\""], &["\"healthz\"", "\"https://a.example.com/\""]),
            ("route", &["\"open\""], &["\"Open\"", "\"a.b\""]),
            ("status", &["100", "401", "599"], &["99", "600", "\"401\""]),
            ("alert", &["\"critical\"", "\"warning\"", "\"none\""], &["\"page\"", "true"]),
            ("interval", DURATION, NO_DURATION),
            ("after", DURATION, NO_DURATION),
        ],
    ),
    table(
        "Route",
        "workloads.api.route",
        &["host"],
        &[
            ("host", &["\"a.example.com\""], &["\"A.example.com\"", "\"https://a.example.com\"", "\"a..b\""]),
            ("hosts", HOSTS, NO_HOSTS),
            ("redirect_from", HOSTS, NO_HOSTS),
            ("paths", PATHS, NO_PATHS),
            ("exact", PATHS, NO_PATHS),
            ("methods", METHODS, NO_METHODS),
            ("headers", HEADERS, NO_HEADERS),
            ("rewrite", &["\"/\"", "\"/v2\""], &["\"v2\"", "\"/v2/\""]),
            ("probe", &["\"/healthz\"", "\"/a?b=1\""], &["\"healthz\"", "\"https://a.example.com/\""]),
            ("request_headers", &["{}"], &["{ delete = [] }", "[]"]),
            ("response_headers", &["{}"], &["{ delete = [] }", "[]"]),
            ("cors", &["{}"], &["{ origin = \"*\" }", "true"]),
            ("timeout", &["\"30s\"", "\"none\""], &["\"30\"", "30", "\"None\""]),
            ("port", &["\"http\""], &["8000", "\"HTTP\""]),
            ("tls", &["\"terminate\"", "\"passthrough\""], &["\"edge\"", "true"]),
            ("certificate", SUBDOMAIN, NO_SUBDOMAIN),
            ("annotations", TEXTS, NO_TEXTS),
        ],
    ),
    table(
        "HeaderChanges",
        "workloads.api.route.request_headers",
        &[],
        &[("set", HEADERS, NO_HEADERS), ("add", HEADERS, NO_HEADERS), ("remove", NAMES, NO_NAMES)],
    ),
    table(
        "Cors",
        "workloads.api.route.cors",
        &[],
        &[
            (
                "origins",
                &["[\"*\"]", "[\"https://*.a.dev\", \"http://localhost:3000\"]"],
                &["[\"a.dev\"]", "[\"https://a.dev/\"]", "\"*\""],
            ),
            ("methods", METHODS, NO_METHODS),
            ("headers", NAMES, NO_NAMES),
            ("expose", NAMES, NO_NAMES),
            ("credentials", BOOL, NO_BOOL),
            ("max_age", DURATION, NO_DURATION),
        ],
    ),
    table(
        "PortTls",
        "workloads.api.ports.admin.tls",
        &["host"],
        &[
            ("host", &["\"a.example.com\""], &["\"A.example.com\"", "\"a\""]),
            ("ca", &["\"my-ca\""], &["\"My CA\"", "{}"]),
        ],
    ),
];
