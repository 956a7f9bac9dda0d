//! The integration tests, in one binary.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails; what helps tests counts as one"
)]

mod bless;
mod checks;
mod cli;
mod disk;
mod docs;
mod emit;
mod errors;
mod golden;
mod invariants;
mod levels;
mod load;
mod merge;
mod pages;
mod project;
mod provenance;
mod referee;
mod schema;
mod specc;
mod tidy;
mod write;
