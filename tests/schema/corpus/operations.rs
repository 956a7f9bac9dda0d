//! Tables of what keeps a database well: migrations.

use super::Table;
use super::values::{CPU, DURATION, ENV, IMAGE, MEMORY, NO_DURATION, NO_WORDS, WORDS};
use crate::schema::File::{Overlay, Service};

pub(super) const TABLES: &[Table] = &[Table {
    of: &[Service, Overlay],
    name: "Migrate",
    at: "databases.main.migrate",
    needs: &["command"],
    keys: &[
        ("command", WORDS, NO_WORDS),
        IMAGE,
        ("style", &["\"expand-contract\"", "\"stop\""], &["\"online\"", "true"]),
        ("timeout", DURATION, NO_DURATION),
        ("lock_timeout", DURATION, NO_DURATION),
        ("statement_timeout", DURATION, NO_DURATION),
        ("uses", &["[]", "[\"caches.hot\"]"], &["\"caches.hot\"", "[\"caches\"]"]),
        ENV,
        ("secrets", &["\"files\"", "\"env\""], &["\"file\"", "[\"a\"]"]),
        CPU,
        MEMORY,
    ],
}];
