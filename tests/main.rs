//! The integration tests, in one binary.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::format_collect,
    clippy::needless_continue,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails; what helps tests counts as one"
)]

mod api;
mod bless;
mod calendar;
mod checks;
mod cli;
mod compared;
mod disk;
mod docs;
mod emit;
mod errors;
mod golden;
mod invariants;
mod levels;
mod link;
mod load;
mod merge;
mod pages;
mod project;
mod provenance;
mod referee;
mod runbook;
mod schema;
mod specc;
mod tidy;
mod write;
